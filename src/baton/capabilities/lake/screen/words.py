"""Words for what the log says: events, facts and evidence as a supervisor reads them."""

import re
from collections.abc import Callable, Mapping

import msgspec

from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven, Idea, Thought, Underway
from baton.capabilities.complexity.events import Complexity, ComplexityOverridden, Foresight, Hindsight, HistoryKnown
from baton.capabilities.empathy.events import PersonDeclined, PersonNeeded, PersonOffered
from baton.capabilities.floor.events import HelpAsked, Joined
from baton.capabilities.governance.events import AgentStarted, AgentStopped
from baton.capabilities.knowledge.events import Found
from baton.capabilities.lake.events import Labelled, Segment, ToolCalled
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.performance.events import SuggestionUsed
from baton.capabilities.resolution.events import Evidence
from baton.capabilities.routing.events import (
    Assigned,
    CallbackAsked,
    GivenTo,
    HandedBack,
    HandedOver,
    Moved,
    TakenOver,
    Transferred,
    WaitTold,
    WrappedUp,
)
from baton.capabilities.sentiment.events import Mood
from baton.kernel.conversation import ActionDone, Due, Ended, Failed, Holder, Started
from baton.kernel.events import Event
from baton.web.asked import in_words
from baton.web.formats import day_time, duration_words

QUIET = (Due, HistoryKnown, SuggestionUsed, ToolCalled, WaitTold)
BATON = (HandedOver, Assigned, GivenTo, HandedBack, Moved, TakenOver, Transferred)
YEAR_MS = 365 * 86_400_000
_JOINT = re.compile(r"(?<=[a-z])_(?=[a-z])")
_CAPITAL = re.compile(r"(?<!^)(?=[A-Z])")
_LABEL = re.compile(r"[a-z]+(_[a-z]+)+")
_NAMED = re.compile(r"[a-z]+\.[a-z]+")
HOW_USED = {"picked": "sent a suggestion as it was", "edited": "edited a suggestion", "own_words": "wrote own words"}


class Names(msgspec.Struct, frozen=True):
    """Who and what the ids stand for: staff by id, agents by id, queues by id."""

    staff: Mapping[str, str]
    agents: Mapping[str, str]
    queues: Mapping[str, str]

    def rep(self, id: str) -> str:
        """A rep's name; the id where the rep is not of this house."""
        return self.staff.get(id) or (_NAMED.fullmatch(id) and id.replace(".", " ").title()) or id or "a rep"

    def agent(self, id: str) -> str:
        """An agent's name."""
        return self.agents.get(id) or in_words(id) or "AI"

    def queue(self, id: str) -> str:
        """A queue's title."""
        return self.queues.get(id) or in_words(id) or "a queue"


def mood(score: int) -> str:
    """A mood from -1000 to 1000 in words with its figure."""
    word = "upset" if score <= -300 else "low" if score < -100 else "good" if score >= 300 else "even"
    sign = "" if abs(score) < 5 else "+" if score > 0 else "−"
    return f"{word} ({sign}{abs(score) / 1000:.2f})"


def evidence(labels: str) -> list[str]:
    """Labels of evidence with commas between, as words."""
    return [in_words(label) for label in labels.split(",") if label]


def has_it(holder: Holder | None, queue: str, names: Names) -> tuple[str, str]:
    """Who has a conversation now: the kind of badge, and the words."""
    kind = holder.kind if holder else "agent"
    if kind == "rep" and holder is not None:
        return "person", f"{holder.name or names.rep(holder.who)} has it"
    if kind == "queue":
        return "", f"waits in {names.queue(queue)}"
    return ("", "nobody has it") if kind == "nobody" else ("agent", "AI has it")


def plain(why: str) -> str:
    """A reason without the underscores of its labels."""
    return _JOINT.sub(" ", why)


def titled(event: Event) -> str:
    """The name of an event as words: `HistoryKnown` as "History known"."""
    return in_words(_CAPITAL.sub(" ", event.event_name.rpartition(".")[2]).lower())


def line(event: Event, names: Names) -> str:
    """What happened, in one line; empty where it is not for the reader."""
    said = _LINES.get(type(event))
    return said(event, names) if said else ""


def fact(event: Event) -> str:
    """What was understood, in a few words; empty where it is not for the reader."""
    said = _FACTS.get(type(event))
    return said(event) if said else ""


def fields(event: Event) -> list[tuple[str, str]]:
    """The open fields of an event with something in them; personal ones are left out."""
    names = (name for name in event.__struct_fields__ if name not in type(event).personal_fields)
    return pairs({name: getattr(event, name) for name in names})


def pairs(args: Mapping[str, object]) -> list[tuple[str, str]]:
    """The arguments of a decision with something in them; times and durations as people read them."""
    return [
        (in_words(name.removesuffix("_ms")), _moment(value) if name.endswith("_ms") else _value(value))
        for name, value in args.items() if value not in ("", 0, (), {}, None)
    ]  # fmt: skip


def cited(cites: tuple[str, ...]) -> str:
    """Citations as people read them: `art-31#1` as "art-31 §1"."""
    return ", ".join(cite.replace("#", " §") for cite in cites)


def stated(label: Mapping[str, object]) -> tuple[str, str]:
    """What a source states of a conversation."""
    what, value = str(label["what"]), label["value"]
    if what == "reward":
        return "Resolved", "yes, as its record shows" if value else "no, as its record shows"
    return in_words(what), in_words(str(label["label"])) or str(value or "")


def _moment(value: object) -> str:
    if not isinstance(value, int):
        return _value(value)
    return f"{day_time(value)} UTC" if value > YEAR_MS else duration_words(value)


def _value(value: object) -> str:
    if isinstance(value, tuple | list):
        return ", ".join(_value(each) for each in value)
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_value(v)}" for k, v in value.items())
    if isinstance(value, msgspec.Struct):
        return " ".join(str(v) for v in msgspec.structs.astuple(value))
    told = "yes" if value is True else str(value)
    return told.replace("_", " ") if _LABEL.fullmatch(told) else told


def _handed_over(e: HandedOver, names: Names) -> str:
    who = {"agent": "AI", "rep": "A rep", "nobody": "Nobody yet"}[e.from_kind]
    return f"{who} passed the baton to {names.queue(e.queue)}: {in_words(e.reason).lower() or 'no reason given'}"


def _wrapped_up(e: WrappedUp, names: Names) -> str:
    met = {"yes": "need met", "no": "need not met", "refused": "rightly refused", "unknown": "not known if met"}[
        e.need_met
    ]
    promise = ", with a promise" if e.promise_due_ms else ""
    return f"{names.rep(e.rep)} wrapped up: {in_words(e.disposition).lower() or 'no disposition'}, {met}{promise}"


def _stretch(e: Segment, names: Names) -> str:
    if e.abandoned:
        return f"Offered to {names.queue(e.queue)}; the customer left"
    waited = f" after {duration_words(max(0, e.answered_ms - e.offered_ms))}" if e.answered_ms else ""
    took = f", {duration_words(max(0, e.ended_ms - e.answered_ms))} long" if e.answered_ms and e.ended_ms else ""
    return f"{names.queue(e.queue)}: answered by {names.rep(e.rep)}{waited}{took}"


def _labelled(e: Labelled, _: Names) -> str:
    told = (
        "met"
        if e.what == "reward" and e.value
        else "not met"
        if e.what == "reward"
        else in_words(e.text_label) or str(e.value)
    )
    return f"The source states {in_words(e.what).lower()}: {told}"


def _done(e: ActionDone, _: Names) -> str:
    if e.action == "look_again":
        return _looked(e)
    if e.action == "think":
        return "The model answered" if e.ok else f"The model did not answer: {in_words(e.detail or 'unknown').lower()}"
    came = "done" if e.ok else "not done" if e.ok is False else "outcome unknown"
    return f"{in_words(str(e.args.get('tool', '')) or e.action)}: {came}{f' ({e.detail})' if e.detail else ''}"


def _looked(e: ActionDone) -> str:
    """What the slow tier made of a turn whose words left open what was wanted."""
    if not e.ok:
        return f"Looked again at what was wanted: no answer ({e.detail})"
    found = in_words(str(e.args.get("intent", ""))).lower()
    return f"Looked again at what was wanted: {found or 'still open'} ({int(e.args.get('confidence', 0)) / 10:.0f} %)"


def _tool(e: ToolCalled, _: Names) -> str:
    return f"Tool {e.tool}{' (changes the record)' if e.writes else ''}: {'done' if e.ok else 'failed'}"


def _told_wait(e: WaitTold, names: Names) -> str:
    if e.nobody:
        return f"Told: nobody is there now ({e.nobody})"
    wait = f", about {duration_words(e.wait_ms)}" if e.wait_ms else ""
    return f"Told: place {e.place} in {names.queue(e.queue)}{wait}"


_LINES: dict[type[Event], Callable[..., str]] = {
    Started: lambda e, n: f"Began by {e.channel}{f', in queue {n.queue(e.queue)}' if e.queue else ''}{_origin(e)}",
    HandedOver: _handed_over,
    Assigned: lambda e, n: f"{e.name or n.rep(e.rep)} took it{f' after {duration_words(e.waited_ms)}' if e.waited_ms else ''}",
    TakenOver: lambda e, n: f"{e.name or n.rep(e.rep)} took over{f': {in_words(e.reason).lower()}' if e.reason else ''}",
    HandedBack: lambda e, n: f"Handed back to AI by {n.rep(e.by)}",
    Transferred: lambda e, n: f"{n.rep(e.rep)} transferred it to {n.queue(e.queue)}",
    GivenTo: lambda e, n: f"{n.rep(e.rep)} gave it to {e.name or n.rep(e.to)}, who had read along",
    Moved: lambda e, n: f"{n.rep(e.by)} moved it to {n.queue(e.queue)}{f': {e.reason}' if e.reason else ''}",
    Joined: lambda e, n: f"{e.name} spoke in it as a third",
    HelpAsked: lambda e, n: f"{n.rep(e.rep)} asked a supervisor for help" if e.state == "asked" else "Help came" if e.state == "answered" else "No help is needed any more",
    WrappedUp: _wrapped_up,
    WaitTold: _told_wait,
    CallbackAsked: lambda e, n: "The customer asked to be called back" if e.contact else "A callback is booked for the opening",
    PersonDeclined: lambda e, n: "The customer would rather stay with the AI",
    SuggestionUsed: lambda e, n: f"{n.rep(e.rep)} {HOW_USED[e.how]}{f', {e.changed_permille / 10:.0f} % changed' if e.changed_permille else ''}",
    ApprovalAsked: lambda e, n: f"AI asked for approval: {in_words(e.action).lower()}",
    ApprovalGiven: lambda e, n: f"{n.rep(e.rep)} {'approved' if e.ok else 'did not approve'}",
    ComplexityOverridden: lambda e, n: f"{n.rep(e.rep)} says the complexity was {e.level}",
    AgentStopped: lambda e, n: f"AI was stopped here by {n.rep(e.staff)}",
    AgentStarted: lambda e, n: f"AI may speak here again, says {n.rep(e.staff)}",
    HistoryKnown: lambda e, n: f"{e.contacts} earlier contact{'' if e.contacts == 1 else 's'} in 30 days",
    Due: lambda e, n: f"The time came for: {in_words(e.what.rpartition('.')[2]).lower()}",
    ActionDone: _done,
    ToolCalled: _tool,
    Segment: _stretch,
    Labelled: _labelled,
    Failed: lambda e, n: f"{in_words(e.capability)} failed at this turn ({e.step}); the rest went on",
    Ended: lambda e, n: f"Ended: {in_words(e.why).lower()}",
}  # fmt: skip


def _origin(e: Started) -> str:
    told = {"imported": f", imported from {e.source}", "generated": ", invented"}.get(e.origin, "")
    return told + (", simulated customer" if e.simulated else "")


def _intent(e: Intent) -> str:
    if not e.label:
        return "intent not understood"
    second = f", next {in_words(e.runner_up).lower()}" if e.runner_up and e.margin < 300 else ""
    return f"intent {in_words(e.label).lower()} ({e.confidence / 10:.0f} %{second})"


def _evidence(e: Evidence) -> str:
    flags = ("record_changed", "record_failed", "confirmed", "denied", "refused", "promise_open")
    told = [in_words(f).lower() for f in flags if getattr(e, f)]
    return f"evidence so far: {', '.join(told)}" if told else ""


_IDEAS: dict[str, str] = {
    "answer": "answer", "passage": "answer", "start": "begin a procedure", "fill": "take over what the customer gave",
    "look_up": "look something up", "ask": "ask back", "hand_over": "hand over to a person",
}  # fmt: skip


def _idea(e: Idea) -> str:
    if e.kind in _IDEAS:
        dropped = f", {e.dropped} sentence{'' if e.dropped == 1 else 's'} left out" if e.dropped else ""
        return f"the model would {_IDEAS[e.kind]}{f' from {cited(e.cites)}' if e.cites else ''}{dropped}"
    return "" if e.kind == "again" else f"nothing of the model's is used: {in_words(e.why).lower()}"


def _thought(e: Thought) -> str:
    read = f"{e.input_tokens + e.output_tokens:,} tokens" if e.input_tokens else "no tokens"
    return f"model {e.model}: {in_words(e.outcome).lower()}, {read}, {e.ms / 1000:.1f} s"


_OFFERED: dict[str, str] = {
    "language": "distress was never measured in this language",
    "distress": "the words leave open whether one is needed",
}
_FACTS: dict[type[Event], Callable[..., str]] = {
    Intent: _intent,
    Mood: lambda e: f"mood {mood(e.score)}",
    Complexity: lambda e: f"complexity {e.level}{': ' + ', '.join(in_words(r).lower() for r in e.reasons) if e.reasons else ''}",
    Foresight: lambda e: f"looked {e.level} before the work began",
    Hindsight: lambda e: f"in hindsight {e.level}{': ' + ', '.join(in_words(r).lower() for r in e.reasons) if e.reasons else ''}",
    PersonNeeded: lambda e: f"a person is needed: {in_words(e.reason).lower()}",
    Idea: _idea,
    Thought: _thought,
    PersonOffered: lambda e: f"a person is offered: {_OFFERED[e.reason]}",
    Found: lambda e: f"found {', '.join(hit.cite for hit in e.hits[:3])}" if e.hits else "",
    Underway: lambda e: f"procedure {in_words(e.procedure).lower()}, {e.result or 'step ' + in_words(e.step).lower()}",
    Evidence: _evidence,
}  # fmt: skip
