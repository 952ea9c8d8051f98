"""Agreed: what the customer's words may be used for, as it is shown beside the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from baton.capabilities.governance.events import Purposes
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.uses import WORDINGS, Use, standing

SAID: Final = {
    "widget": "in the chat window",
    "desk": "to a rep",
    "paper": "on paper",
    "api": "elsewhere",
    "import": "elsewhere",
}


@dataclass(frozen=True)
class Line:
    """A use: what it is called at the desk, how it stands, where it was said, and the words to read out, in `language`."""

    use: Use
    title: str
    said: str
    language: str


@dataclass(frozen=True)
class Agreed:
    """How every use but service stands. `known` by a name: else nothing can be kept; `proved`: else only a no."""

    known: bool
    proved: bool
    lines: tuple[Line, ...] = ()


async def agreed(app: App, stream: Stream) -> Agreed | None:
    """How uses stand with the customer of a conversation; None where nobody keeps them."""
    started = stream.started
    if "governance" not in app.crafts.names or started is None:
        return None
    language = language_of(stream)
    known = (started.customer,) if started.customer else ()
    found = await standing(app.store, app.policy(Purposes), known, language, app.clock.now_ms())
    return Agreed(bool(known), started.verified == "verified", tuple(_lines(found, language)))


def _lines(uses: Sequence[Use], language: str) -> list[Line]:
    titles = WORDINGS["en"]
    return [
        Line(use, titles[use.purpose].title, SAID.get(use.source, "elsewhere"), language)
        for use in uses
        if not use.always
    ]


def language_of(stream: Stream) -> str:
    """The language that the words are read out in: the conversation's, where there are words in it."""
    language = stream.started.language[:2] if stream.started else ""
    return language if language in WORDINGS else "en"
