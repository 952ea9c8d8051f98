"""Summing up: the labels of the Summary fact as sentences, each with the turns it comes from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from baton.capabilities.agents.events import Procedures, Underway
from baton.capabilities.routing.events import Summary
from baton.channels.desk.screen import words
from baton.channels.desk.screen.naming import given
from baton.channels.desk.screen.timeline import Line
from baton.kernel.stream import Stream


@dataclass(frozen=True)
class Source:
    """A turn that is cited: its number, and where it stands."""

    n: int
    href: str
    label: str


@dataclass(frozen=True)
class Point:
    """A sentence and its sources."""

    text: str
    citations: tuple[Source, ...]


def points(stream: Stream, lines: Iterable[Line]) -> tuple[Point, ...]:
    """The summary in words; empty where nobody handed anything over."""
    summary = stream.facts.get(Summary)
    if summary is None:
        return ()
    turns: dict[int, Line] = {}
    for line in lines:
        if line.kind == "turn":
            turns.setdefault(line.position, line)
    gave = [(label, at) for label, at in summary.points if label.startswith("given:")]
    told = [(_told(label, stream), at) for label, at in summary.points if not label.startswith("given:")]
    made = [Point(text, tuple(_sources([at], turns))) for text, at in told if text]
    if gave:
        where = 1 + next((i for i, (label, _) in enumerate(summary.points) if label.startswith("given:")), 0)
        made.insert(min(where, len(made)), _given(gave, stream, turns))
    return tuple(made)


def _given(gave: list[tuple[str, int]], stream: Stream, turns: dict[int, Line]) -> Point:
    values = given(stream)
    named = [label.partition(":")[2] for label, _ in gave]
    text = ", ".join(f"{words.plain(name)} {values[name]}" if name in values else words.plain(name) for name in named)
    return Point(f"Already given: {text}.", tuple(_sources([at for _, at in gave], turns)))


def _sources(positions: Iterable[int], turns: dict[int, Line]) -> Iterator[Source]:
    for at in dict.fromkeys(positions):
        line = turns.get(at)
        if line is not None:
            yield Source(line.nth, f"#{line.id}", f"Turn {line.nth}, {line.name}")


def _told(label: str, stream: Stream) -> str:
    kind, _, rest = label.partition(":")
    simple = {
        "intent": f"Wants: {words.plain(rest)}.",
        "issues": f"There are {rest} things to solve.",
        "language": f"Writes {words.language_of(rest)}." if rest != "en" else "",
        "answers": f"The AI answered {words.plural(int(rest), 'time')}." if rest.isdigit() else "",
        "failed_attempts": f"{words.plural(int(rest), 'answer')} did not help." if rest.isdigit() else "",
        "person": f"Handed over because {words.reason_of(rest)}.",
        "mood": "The mood is falling." if rest == "falling" else "",
        "procedure": _procedure(rest, stream) if kind == "procedure" else "",
    }
    return simple.get(kind, f"{words.sentence(label.replace(':', ': '))}.")


def _procedure(rest: str, stream: Stream) -> str:
    name, _, step = rest.partition(":")
    known = stream.policy(Procedures).of(name)
    title = known.title if known else words.sentence(name)
    underway = stream.facts.get(Underway)
    tries = f", tried {words.plural(underway.tries, 'time')}" if underway is not None and underway.tries > 1 else ""
    stopped = "gave up" if step in {"give_up", "end"} else f"stopped at: {words.plain(step)}"
    return f"The AI began \N{LEFT DOUBLE QUOTATION MARK}{title}\N{RIGHT DOUBLE QUOTATION MARK} and {stopped}{tries}."
