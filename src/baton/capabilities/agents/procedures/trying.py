"""Trying: a procedure played through without a conversation, as its scenes say: what the customer says, and what each tool gives."""

from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from baton.capabilities.agents.events import Procedure, Scene, Underway
from baton.capabilities.agents.procedures import engine, wording
from baton.capabilities.agents.procedures.replies import reply
from baton.capabilities.agents.procedures.slots import CARRIED, find
from baton.capabilities.agents.procedures.values import Value, values_of
from baton.kernel.conversation import Turn

MOMENTS: Final = 100
FAILS: Final = "fails"
UNKNOWN: Final = "unknown"
AT_MS: Final = 1_767_225_600_000
"""When a scene takes place: 1 January 2026."""


class Line(msgspec.Struct, frozen=True):
    """A line of a scene as it went: who (`customer`, `agent`, `tool`), and what."""

    who: str
    text: str


class Played(msgspec.Struct, frozen=True):
    """A scene as it went, how it ended, and what is not as it should be; empty where all is."""

    scene: Scene
    lines: tuple[Line, ...]
    ended: str
    wrong: str = ""


class _Play:
    """A scene while it is played."""

    def __init__(self, procedure: Procedure, scene: Scene) -> None:
        self.procedure, self.scene = procedure, scene
        self.lines: list[Line] = []
        self.turns: list[Turn] = []
        self.gave: dict[str, Value] = {}
        self.waiting = list(scene.says)

    def known(self, at: Underway) -> dict[str, Value]:
        """What is known by now."""
        return {**self.gave, **values_of(self.procedure, at, self.turns, (), AT_MS)}

    def heard(self) -> str:
        """The customer's next words."""
        text = self.waiting.pop(0)
        self.turns.append(Turn("customer", text, len(self.turns) + 1))
        self.lines.append(Line("customer", text))
        return text

    def said(self, at: Underway, first: str = "") -> None:
        """What the agent says where the procedure stands."""
        text = f"{first} {wording.spoken(self.procedure, at, self.known(at))}".strip()
        if text:
            self.lines.append(Line("agent", text))


def played(procedure: Procedure, scene: Scene) -> Played:
    """Play a scene."""
    play = _Play(procedure, scene)
    at = _begun(play)
    play.said(at, procedure.summary or wording.STARTED)
    for _ in range(MOMENTS):
        if at.done or at.step in {engine.GIVE_UP, engine.ASK_APPROVAL}:
            break
        now = _next(play, replace(at, notes=()))
        if now is None:
            break
        at = now
        play.said(at)
    ended = at.result if at.done else at.step
    return Played(scene, tuple(play.lines), ended, next(_wrong(play, ended), ""))


def _begun(play: _Play) -> Underway:
    text = play.heard() if play.waiting else ""
    slots: dict[str, tuple[int, int, int]] = {}
    for slot in play.procedure.slots:
        span = find(slot, text) if slot.kind in CARRIED else None
        if span:
            slots[slot.id] = (1, *span)
    return engine.begin(play.procedure, slots, {})


def _next(play: _Play, at: Underway) -> Underway | None:
    """One moment further; None where the scene has no more words."""
    step = play.procedure.step(at.step)
    if step is None:
        return None
    if step.kind in {"tool", "verify"}:
        return _given(play, at, play.scene.gives.get(step.id, {}))
    if not play.waiting:
        return None
    text = play.heard()
    confirmed = step.kind == "confirm" and reply(text, step.say) == "yes"
    return engine.heard(play.procedure, at, text, len(play.turns), play.known(at), confirmed)


def _given(play: _Play, at: Underway, gives: Mapping[str, Value]) -> Underway:
    step = play.procedure.step(at.step)
    fails = str(gives.get(FAILS, ""))
    ok = None if fails == UNKNOWN else not fails
    if step is not None:
        play.lines.append(Line("tool", f"{step.tool}: {fails or 'done'}"))
        play.gave |= {f"{step.save}.{name}": value for name, value in gives.items()} if step.save and ok else {}
    return engine.returned(play.procedure, at, ok, fails, play.known(at))


def _wrong(play: _Play, ended: str) -> Iterator[str]:
    if ended != play.scene.ends:
        yield f"it ends with {ended!r} and should end with {play.scene.ends!r}"
    said = " ".join(line.text for line in play.lines if line.who == "agent").casefold()
    for words in play.scene.hears:
        if words.casefold() not in said:
            yield f"nobody says {words!r}"
    if play.waiting:
        yield f"it is over before the customer says {play.waiting[0]!r}"
