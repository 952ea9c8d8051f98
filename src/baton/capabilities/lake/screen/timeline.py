"""One conversation as it went: turns, changes of hands, what was understood at each, and what was decided."""

from collections.abc import Sequence

import msgspec

from baton.capabilities.lake.screen.words import BATON, QUIET, Names, cited, fact, line, titled
from baton.capabilities.sentiment.events import Mood
from baton.channels.desk.events import Noted
from baton.kernel.conversation import Decided, Entry, Holder, TurnSaid
from baton.kernel.events import Event, Fact
from baton.web.asked import in_words
from baton.web.reader import Told

ROLES = {"customer": "customer", "machine": "machine", "rep": "rep", "agent": "agent", "system": "agent"}


class Choice(msgspec.Struct, frozen=True):
    """What was decided on an input, in a line; the rest is in the drawer."""

    position: int
    action: str
    why: str
    over: int
    vetoed: int


class Item(msgspec.Struct, frozen=True):
    """A turn (`role` set), or a line between turns (`baton` where it changed hands, `quiet` for what goes on beside)."""

    position: int
    at_ms: int
    text: str
    role: str = ""
    name: str = ""
    says: str = ""
    mood: int | None = None
    understood: tuple[str, ...] = ()
    choice: Choice | None = None
    baton: bool = False
    quiet: bool = False
    explains: int = 0


def items(told: Sequence[Told], names: Names) -> list[Item]:
    """Everything of a conversation in order."""
    found: list[Item] = []
    last: dict[type[Event], str] = {}
    for entry, caused in told:
        own = _own(entry, caused, names, last)
        found += [own] if own else []
        for n, event in enumerate(caused, 1):
            made = _item(event, entry.position + n, entry.happened_at_ms, entry.position, names)
            found += [made] if made else []
    return found


def moods(told: Sequence[Told]) -> list[int]:
    """The customer's mood after each turn that changed it."""
    return [event.score for _, caused in told for event in caused if isinstance(event, Mood)]


def decisions(told: Sequence[Told]) -> list[int]:
    """The positions of the inputs on which something was decided, in order."""
    return [entry.position for entry, caused in told if any(isinstance(event, Decided) for event in caused)]


def _own(entry: Entry, caused: Sequence[Event], names: Names, last: dict[type[Event], str]) -> Item | None:
    """The input itself, with what was newly understood of it and decided on it."""
    made = _item(entry.event, entry.position, entry.happened_at_ms, entry.position, names)
    chosen = next((e for e in caused if isinstance(e, Decided)), None)
    choice = _choice(entry.position, chosen) if chosen else None
    rests_on = [f"rests on {cited(e.cites)}" for e in caused if isinstance(e, TurnSaid) and e.cites]
    understood = (*_news(caused, last), *rests_on)
    if made is None:
        if choice is None and not understood:
            return None
        made = Item(entry.position, entry.happened_at_ms, titled(entry.event), quiet=True)
    felt = next((e.score for e in caused if isinstance(e, Mood)), None)
    return msgspec.structs.replace(made, mood=felt, understood=understood, choice=choice, explains=entry.position)


def _news(caused: Sequence[Event], last: dict[type[Event], str]) -> list[str]:
    """What is understood differently from before."""
    news: list[str] = []
    for event in caused:
        if not isinstance(event, Fact) or isinstance(event, Holder):
            continue
        said = fact(event)
        if said and last.get(type(event)) != said:
            last[type(event)] = said
            news += [said] if not isinstance(event, Mood) else []
    return news


def _choice(position: int, chosen: Decided) -> Choice:
    return Choice(position, in_words(chosen.action), chosen.why, len(chosen.over), len(chosen.vetoed))


def _item(event: Event, position: int, at_ms: int, explains: int, names: Names) -> Item | None:
    if isinstance(event, TurnSaid):
        return Item(
            position,
            at_ms,
            event.text,
            ROLES[event.role],
            _speaker(event, names),
            _says(event),
            explains=explains,
        )
    if isinstance(event, Noted):
        return Item(position, at_ms, f"Note by {names.rep(event.rep)}: {event.text}", explains=explains)
    said = line(event, names)
    return (
        Item(position, at_ms, said, baton=isinstance(event, BATON), quiet=isinstance(event, QUIET), explains=explains)
        if said
        else None
    )


def _speaker(event: TurnSaid, names: Names) -> str:
    if event.role == "rep":
        return names.rep(event.who)
    if event.role == "agent":
        return names.agent(event.who)
    return {"customer": "Customer", "machine": "Machine customer", "system": "Baton"}[event.role]


def _says(event: TurnSaid) -> str:
    return "notice" if event.role == "system" else ""
