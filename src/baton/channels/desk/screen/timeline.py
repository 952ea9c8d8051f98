"""Timeline: what was said and who had the baton, as lines that can be fetched from any position on."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven
from baton.capabilities.floor.events import HelpAsked, Joined
from baton.capabilities.routing.events import (
    Assigned,
    CallbackAsked,
    Consult,
    ConsultTaken,
    GivenTo,
    HandedBack,
    HandedOver,
    Moved,
    TakenOver,
    Transferred,
    WrappedUp,
)
from baton.capabilities.sentiment.events import Mood
from baton.channels.desk.events import Noted
from baton.channels.desk.screen import words
from baton.kernel.conversation import ActionDone, Ended, Entry, TurnSaid
from baton.kernel.events import Event
from baton.web.reader import Told

LOW: Final = -300
"""From this mood of a single turn down, the turn is marked."""
Kind = Literal["turn", "handover", "event", "note"]


@dataclass(frozen=True)
class Line:
    """One line. `position` is the input's and `n` what it caused; `nth` numbers the turns; `mood` is a mark such as −0.6."""

    kind: Kind
    position: int
    n: int
    at_ms: int
    text: str
    role: str = ""
    name: str = ""
    nth: int = 0
    mine: bool = False
    cites: tuple[str, ...] = ()
    mood: str = ""

    @property
    def id(self) -> str:
        """The element's id: what a summary cites."""
        return f"t-{self.position + self.n}"


@dataclass(frozen=True)
class Names:
    """Who is who on this desk: the customer, reps by id, agents by id, queues by id."""

    customer: str
    me: str
    reps: dict[str, str]
    agents: dict[str, str]
    queues: dict[str, str]
    assistant: str = "Assistant"

    def rep(self, id: str) -> str:
        """A rep's name."""
        return self.reps.get(id) or id.replace(".", " ").title() or "A rep"

    def queue(self, id: str) -> str:
        """A queue's title."""
        return self.queues.get(id) or words.sentence(id)


def lines(told: Iterable[Told], names: Names, after: int = 0) -> list[Line]:
    """The lines past `after` (position plus n), oldest first. Turns are numbered from the first of all."""
    made: list[Line] = []
    nth = 0
    for entry, caused in told:
        mood = next((e for e in caused if isinstance(e, Mood)), None)
        for n, event in enumerate((entry.event, *caused)):
            line: Line | None
            if isinstance(event, TurnSaid):
                nth += event.role != "system"
                line = _turn(event, entry, n, nth, names, mood if n == 0 else None)
            else:
                line = _other(event, entry, n, names)
            if line is not None and entry.position + n > after:
                made.append(line)
    return made


def _turn(said: TurnSaid, entry: Entry, n: int, nth: int, names: Names, mood: Mood | None) -> Line:
    at = (entry.position, n, entry.happened_at_ms)
    if said.role == "system":
        return Line(
            "event",
            *at,
            f"The customer was told: \N{LEFT DOUBLE QUOTATION MARK}{said.text}\N{RIGHT DOUBLE QUOTATION MARK}",
        )
    mark = words.signed(mood.turn) if mood is not None and said.role == "customer" and mood.turn <= LOW else ""
    return Line(
        "turn", *at, said.text, said.role, _speaker(said, names), nth, said.role == "rep" and said.who == names.me, said.cites, mark
    )  # fmt: skip


def _speaker(said: TurnSaid, names: Names) -> str:
    if said.role == "rep":
        return names.rep(said.who)
    if said.role == "agent":
        return names.agents.get(said.who) or names.assistant
    return names.customer


def _other(event: Event, entry: Entry, n: int, names: Names) -> Line | None:
    at = (entry.position, n, entry.happened_at_ms)
    if isinstance(event, Noted):
        return Line("note", *at, event.text, "rep", names.rep(event.rep), mine=event.rep == names.me)
    changed = "".join(_changed_hands(event, names))
    if changed:
        return Line("handover", *at, changed)
    happened = "".join(_happened(event, names))
    return Line("event", *at, happened) if happened else None


def _changed_hands(event: Event, names: Names) -> Iterator[str]:
    if isinstance(event, HandedOver):
        yield f"Handed over to {names.queue(event.queue)}: {words.reason_of(event.reason)}. Every turn was passed on."
    elif isinstance(event, Assigned):
        yield f"{names.rep(event.rep)} took the baton."
    elif isinstance(event, TakenOver):
        yield f"{names.rep(event.rep)} took over" + (f": {event.reason}." if event.reason else ".")
    elif isinstance(event, Transferred):
        yield f"{names.rep(event.rep)} handed over to {names.queue(event.queue)}"
        yield f", with a note: {event.note}" if event.note else "."
    elif isinstance(event, GivenTo):
        yield f"{names.rep(event.rep)} gave the baton to {event.name}"
        yield f", with a note: {event.note}" if event.note else ", who had read along."
    elif isinstance(event, Moved):
        yield f"{names.rep(event.by)} moved it to {names.queue(event.queue)}" + (
            f": {event.reason}." if event.reason else "."
        )
    elif isinstance(event, HandedBack):
        yield f"{names.rep(event.by) if event.by != 'customer' else 'The customer'} gave the baton back to the AI."


def _happened(event: Event, names: Names) -> Iterator[str]:
    if isinstance(event, Consult | ConsultTaken):
        yield from _consulted(event, names)
    elif isinstance(event, HelpAsked):
        yield from _helped(event, names)
    elif isinstance(event, Joined):
        yield f"{event.name} speaks in this conversation as well. The customer was told."
    elif isinstance(event, CallbackAsked):
        reached = f"The customer would rather be reached at {event.contact}."
        yield reached if event.contact else "A callback is booked for the opening; no number was left."
    elif isinstance(event, ApprovalAsked):
        yield f"The AI asked for an approval to {words.plain(event.action)}: {words.reason_of(event.why)}."
    elif isinstance(event, ApprovalGiven):
        yield f"{names.rep(event.rep)} {'approved it' if event.ok else 'did not approve it'}."
    elif isinstance(event, ActionDone):
        yield from () if event.action in {"look_again", "think"} else (_acted(event),)
    elif isinstance(event, WrappedUp):
        yield f"{names.rep(event.rep)} wrapped up: {words.plain(event.disposition)}, {words.MET[event.need_met]}."
    elif isinstance(event, Ended):
        yield f"The conversation ended: {words.ENDED.get(event.why, words.plain(event.why))}."


def _consulted(event: Consult | ConsultTaken, names: Names) -> Iterator[str]:
    """What became of a consult; that it was taken is told by its own event."""
    if isinstance(event, ConsultTaken):
        yield f"{names.rep(event.rep)} reads along. The customer does not see that."
    elif event.state == "asked":
        yield f"{names.rep(event.rep)} asked a colleague of {names.queue(event.queue)}. The customer does not see that."
    elif event.state == "ended":
        yield (
            f"{names.rep(event.colleague)} is done reading along."
            if event.colleague
            else "Nobody needs to be asked any more."
        )


def _helped(event: HelpAsked, names: Names) -> Iterator[str]:
    if event.state == "asked":
        yield f"{names.rep(event.rep)} asked a supervisor for help. The customer does not see that."
    elif event.state == "answered":
        yield f"{names.rep(event.by)} answered."


def _acted(done: ActionDone) -> str:
    tool = words.plain(str(done.args.get("tool", done.action)))
    if done.args.get("risk", "read") == "read":
        return f"The AI looked up {tool}" + {True: ".", False: ": nothing fits.", None: ": no answer came."}[done.ok]
    came = {True: "done, the record changed.", False: "it was not done.", None: "the outcome is not known."}[done.ok]
    return f"The AI did {tool}: {came}"
