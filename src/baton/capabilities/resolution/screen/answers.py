"""The draw's pages: which needs were drawn and how many are answered, and one need to be judged by what was said alone."""

from collections.abc import Mapping
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from baton.capabilities.resolution.events import Probing
from baton.capabilities.resolution.reading.corrected import FEWEST, Drawn, probes
from baton.capabilities.resolution.screen import shown
from baton.capabilities.resolution.screen.answering import Met, answer, heard, in_turn
from baton.capabilities.resolution.tables import NEEDS, PROBES
from baton.web.app import App
from baton.web.refusals import not_found

HERE: Final = "/performance/draw"
MOST_ANSWERED: Final = 50
WORDS: Final = {"yes": "Yes, it was met", "no": "No, it was not met", "cannot_tell": "Cannot tell"}
OPEN: Final = "open"


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(HERE)
    async def page(request: Request) -> Response:
        """The draw."""
        staff = app.allow(request, "open", "performance")
        drawn = await over(app)
        waiting = [each for each in in_turn(drawn) if not each.met]
        answered = sorted((each for each in drawn if each.met), key=lambda each: -each.answered_ms)
        return shown.page(
            app, request, "screen/draw.html", staff,
            {"about": await _about(app), "drawn": drawn, "waiting": waiting, "answered": answered[:MOST_ANSWERED], "words": WORDS, "here": HERE, "fewest": FEWEST,
             "permille": app.policy(Probing).permille, "told": WORDS.get(request.query_params.get("answered", ""), "")},
        )  # fmt: skip

    @routes.get(f"{HERE}/{{need}}")
    async def one(request: Request, need: str) -> Response:
        """One drawn need, as it was said."""
        staff = app.allow(request, "change", "quality")
        drawn = await over(app)
        found = next((each for each in drawn if each.need == need), None)
        if found is None:
            raise not_found()
        told = {"each": found, "heard": await heard(app, staff, need), "words": WORDS, "here": HERE,
                "left": sum(not each.met for each in drawn), "of": len(drawn)}  # fmt: skip
        return shown.page(app, request, "screen/answer.html", staff, told)

    @routes.post(f"{HERE}/{{need}}")
    async def answered(
        request: Request, need: str, met: Annotated[Met, Form()], note: Annotated[str, Form()] = ""
    ) -> Response:
        """Keep the answer, and go on with the next."""
        staff = app.allow(request, "change", "quality")
        drawn = await over(app)
        await answer(app, staff, next((each for each in drawn if each.need == need), None), met, note)
        following = next((each.need for each in in_turn(drawn) if not each.met and each.need != need), "")
        return RedirectResponse(f"{HERE}/{following}?answered={met}" if following else f"{HERE}?answered={met}", 303)

    return routes


async def _about(app: App) -> dict[str, Mapping[str, object]]:
    """What answered needs are about and when they began, by need."""
    told = select(PROBES.c.need).where(PROBES.c.met.isnot(None))
    query = select(NEEDS.c.need, NEEDS.c.intent, NEEDS.c.channel, NEEDS.c.first_ms).where(NEEDS.c.need.in_(told))
    return {str(row["need"]): row for row in await app.store.survey(query)}


async def over(app: App) -> list[Drawn]:
    """The drawn needs that are over, and still needs of their own."""
    query = select(NEEDS.c.need).where(NEEDS.c.merged_into == "", NEEDS.c.state != OPEN)
    whole = {str(row["need"]) for row in await app.store.survey(query)}
    return [each for need, each in (await probes(app.store)).items() if need in whole]
