"""The ledger over HTTP: the nine states for any window, the corrected share, promises and what came of them, the draw, and who is the same person."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from baton.capabilities.resolution.events import STATES, Settled
from baton.capabilities.resolution.joining.pairs import Pair, pairs
from baton.capabilities.resolution.judging.needs import WINDOWS_DAYS
from baton.capabilities.resolution.reading.corrected import corrected, probes
from baton.capabilities.resolution.reading.promised import Obligation, Wanted, listed
from baton.capabilities.resolution.reading.windowed import Need, Window, told, windows
from baton.capabilities.resolution.screen import answers, promises, shown
from baton.capabilities.resolution.screen.answering import MOST_NOTE, Met, answer
from baton.capabilities.resolution.screen.identifying import import_pair
from baton.capabilities.resolution.screen.routes import router as screen
from baton.capabilities.resolution.screen.settling import sees_all, settle
from baton.kernel.errors import BatonError
from baton.kernel.stats import Estimate
from baton.web.app import App
from baton.web.asked import Asked
from baton.web.separated import csv_response

Days = Annotated[
    int, Query(description="The window W: 1, 3, 7, 14 or 30 days without a return after which a need is confirmed.")
]
Time = Annotated[int, Query(ge=0, le=4_102_444_800_000, description="Milliseconds since the epoch.")]
Label = Annotated[str, Query(max_length=160)]
Format = Annotated[Literal["json", "csv"] | None, Query(description="csv as `Accept: text/csv` would give")]
Size = Annotated[int, Query(ge=1, le=1000)]
Page = Annotated[int, Query(ge=1, le=1_000_000)]
CSV_OR_JSON: dict[int | str, dict[str, object]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
MOST_BYTES = 5_000_000


class EstimateOut(BaseModel):
    """A share with its 95 % interval: `n` rows of `clusters` customers or tasks."""

    value: float
    low: float
    high: float
    n: int
    clusters: int


class StateOut(EstimateOut):
    """A state of the ledger; `permille` of all nine sum to 1000."""

    state: str
    needs: int
    permille: int


class WindowOut(BaseModel):
    """The ledger for one W."""

    days: int
    needs: int
    states: list[StateOut]


class WindowsOut(BaseModel):
    """The ledger for the W that is asked for, and for the others beside it."""

    chosen: WindowOut
    windows: list[WindowOut]


class NeedOut(BaseModel):
    """A need as a window leaves it."""

    need: str
    state: str
    conversations: list[str]
    evidence: list[str]
    intent: str
    channel: str
    first_ms: int
    since_ms: int


class NeedsOut(BaseModel):
    """A page of needs."""

    needs: list[NeedOut]
    total: int


class CorrectedOut(BaseModel):
    """The share of needs met: automatic over all that are over, and corrected by answers; null where too few are there."""

    automatic: EstimateOut
    corrected: EstimateOut | None
    why: str
    drawn: int
    answered: int
    usable: int
    cannot_tell: int
    agree: int


class PromiseOut(BaseModel):
    """A promise. `stands`: overdue, soon, open, kept, broken or withdrawn; `told_by` says so, where somebody does."""

    promise: str
    conversation: str
    deed: str
    owner: str
    made_by: str
    said_ms: int
    due_ms: int
    stands: str
    evidence: str
    since_ms: int
    chased: int
    told_by: str


class PromisesOut(BaseModel):
    """Promises, what is overdue first."""

    promises: list[PromiseOut]


class SettleIn(BaseModel):
    """What came of it."""

    state: Settled


class DrawnOut(BaseModel):
    """A drawn need, the chance it had in permille, and its answer; empty while there is none."""

    need: str
    permille: int
    met: str
    answered_by: str
    answered_ms: int


class DrawOut(BaseModel):
    """The draw, of needs that are over."""

    drawn: list[DrawnOut]


class AnswerIn(BaseModel):
    """Whether the need was met, judged by what was said alone; a note is sealed under the conversation's key."""

    met: Met
    note: str = Field("", max_length=MOST_NOTE, pattern=r"^[^\x00]*$")


class JoinedOut(BaseModel):
    """What came of an import of pairs; `skipped` names rows with the reason."""

    joined: int
    already: int
    skipped: list[str]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["resolution"])
    _ledger(routes, app)
    _promises(routes, app)
    _draw(routes, app)
    _people(routes, app)
    routes.include_router(screen(app))
    return routes


def _ledger(routes: APIRouter, app: App) -> None:
    @routes.get("/api/resolution/ledger", response_model=WindowsOut, responses=CSV_OR_JSON)
    async def ledger(
        request: Request, days: Days = 7, since: Annotated[Time, Query(alias="from")] = 0, until: Annotated[Time, Query(alias="to")] = 0,
        source: Label = "", queue: Label = "", channel: Label = "", intent: Label = "", took: Label = "", format: Format = None,
    ) -> Response | WindowsOut:  # fmt: skip
        """The nine states for each window W; they sum to 1000 permille of needs for every W."""
        app.allow(request, "open", "performance")
        asked = Asked("all", "", "", since, until, source, queue, channel, intent, took)
        found, _ = await windows(app.store, asked, app.clock.now_ms())
        if _csv(request, format):
            app.allow(request, "export", "performance")
            return csv_response(*shown.states_table(found), "baton-ledger-states")
        return WindowsOut(chosen=_window(found[_w(days)]), windows=[_window(each) for each in found.values()])

    @routes.get("/api/resolution/needs", response_model=NeedsOut, responses=CSV_OR_JSON)
    async def needs(
        request: Request, days: Days = 7, state: Label = "", since: Annotated[Time, Query(alias="from")] = 0,
        until: Annotated[Time, Query(alias="to")] = 0, source: Label = "", queue: Label = "", channel: Label = "", intent: Label = "",
        took: Label = "", page: Page = 1, size: Size = 100, format: Format = None,
    ) -> Response | NeedsOut:  # fmt: skip
        """The needs behind a share, with their conversations."""
        app.allow(request, "open", "performance")
        asked = Asked("all", "", "", since, until, source, queue, channel, intent, took)
        found = [n for n in await told(app.store, asked, _w(days), app.clock.now_ms()) if not state or n.state == state]
        found.sort(key=lambda n: (-n.first_ms, n.need))
        if _csv(request, format):
            app.allow(request, "export", "performance")
            return csv_response(*shown.needs_table(found, days), f"baton-ledger-needs-{days}d")
        return NeedsOut(needs=[_need(n) for n in found[(page - 1) * size : page * size]], total=len(found))

    @routes.get("/api/resolution/corrected", response_model=CorrectedOut)
    async def checked(
        request: Request, days: Days = 7, since: Annotated[Time, Query(alias="from")] = 0, until: Annotated[Time, Query(alias="to")] = 0,
        source: Label = "", queue: Label = "", channel: Label = "", intent: Label = "", took: Label = "",
    ) -> CorrectedOut:  # fmt: skip
        """The share of needs met as Baton judges all of them, and as the answers about a random part correct it."""
        app.allow(request, "open", "performance")
        asked = Asked("all", "", "", since, until, source, queue, channel, intent, took)
        c = corrected(await told(app.store, asked, _w(days), app.clock.now_ms()), await probes(app.store))
        return CorrectedOut(
            automatic=_estimate(c.automatic), corrected=_estimate(c.corrected) if c.corrected else None, why=c.why, drawn=c.drawn,
            answered=c.answered, usable=c.usable, cannot_tell=c.cannot, agree=c.agree,
        )  # fmt: skip


def _promises(routes: APIRouter, app: App) -> None:
    @routes.get("/api/resolution/promises", response_model=PromisesOut)
    async def every(
        request: Request, stands: Label = "", owner: Label = "", page: Page = 1, size: Size = 100
    ) -> PromisesOut:
        """Promises, what is overdue first; a rep gets their own."""
        staff = promises.reader(app, request)
        wanted = Wanted(Asked("all"), stands, owner, "" if sees_all(app, staff) else staff.id)
        found = await listed(app.store, wanted, app.clock.now_ms(), size, (page - 1) * size)
        return PromisesOut(promises=[_promise(each) for each in found])

    @routes.post(
        "/api/resolution/promises/{promise}/settle", response_model=PromiseOut, responses={409: {"description": "Somebody has said so before."}}
    )  # fmt: skip
    async def settled(request: Request, promise: str, body: SettleIn) -> PromiseOut:
        """Say what came of a promise: for its owner, for supervisors and for analysts."""
        return _promise(await settle(app, promises.reader(app, request), promise, body.state))


def _draw(routes: APIRouter, app: App) -> None:
    @routes.get("/api/resolution/draw", response_model=DrawOut)
    async def drawn(request: Request) -> DrawOut:
        """The needs that were drawn and are over, and their answers."""
        app.allow(request, "open", "performance")
        rows = [
            DrawnOut(need=d.need, permille=d.permille, met=d.met, answered_by=d.by, answered_ms=d.answered_ms)
            for d in await answers.over(app)
        ]
        return DrawOut(drawn=rows)

    @routes.post("/api/resolution/draw/{need}", status_code=204)
    async def answered(request: Request, need: str, body: AnswerIn) -> Response:
        """Answer whether a drawn need was met; the newest answer counts."""
        staff = app.allow(request, "change", "quality")
        found = next((each for each in await answers.over(app) if each.need == need), None)
        await answer(app, staff, found, body.met, body.note)
        return Response(status_code=204)


def _people(routes: APIRouter, app: App) -> None:
    @routes.post("/api/resolution/same-person", response_model=JoinedOut)
    async def joined(request: Request) -> JoinedOut:
        """Join identities from a CSV file with the columns `customer` and `same_as`, as they were given: hashed, and kept nowhere."""
        staff = app.allow(request, "import", "conversations")
        body = await request.body()
        if len(body) > MOST_BYTES:
            raise BatonError(
                "file_too_large", 413, f"The file has {len(body)} bytes. Send at most {MOST_BYTES} at once."
            )
        out = JoinedOut(joined=0, already=0, skipped=[])
        for number, each in pairs(body):
            told = await import_pair(app, staff, each) if isinstance(each, Pair) else each
            out.joined += told == "joined"
            out.already += told == "already"
            if told not in {"joined", "already"}:
                out.skipped.append(f"row {number}: {told}")
        return out


def _window(w: Window) -> WindowOut:
    permille = w.permille
    states = [
        StateOut(state=s, needs=w.counts[s], permille=permille[s], **_estimate(w.shares[s]).model_dump())
        for s in STATES
    ]
    return WindowOut(days=w.days, needs=w.needs, states=states)


def _w(days: int) -> int:
    if days not in WINDOWS_DAYS:
        raise BatonError(
            "no_such_window",
            422,
            f"There is no window of {days!r} days. Ask for one of {', '.join(map(str, WINDOWS_DAYS))}.",
        )
    return days


def _need(n: Need) -> NeedOut:
    return NeedOut.model_validate({name: getattr(n, name) for name in NeedOut.model_fields}, from_attributes=True)


def _promise(p: Obligation) -> PromiseOut:
    return PromiseOut.model_validate({name: getattr(p, name) for name in PromiseOut.model_fields})


def _estimate(e: Estimate) -> EstimateOut:
    return EstimateOut(value=e.value, low=e.low, high=e.high, n=e.n, clusters=e.clusters)


def _csv(request: Request, format: str | None) -> bool:
    return format == "csv" or (format is None and "text/csv" in request.headers.get("accept", ""))
