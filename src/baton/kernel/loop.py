"""The loop: one input worked to rest. Understand, decide, act inside; what it caused comes back as one list.

Inputs are worked in position order, each to rest, seeing only facts caused by earlier inputs and by itself. Outputs are
understood but never decided upon. A handler that raises says `Failed` and blocks nothing.
"""

import logging
from collections.abc import Callable, Iterable
from typing import Any

import msgspec

from baton.kernel.capability import Crafts, Filed
from baton.kernel.choose import choose
from baton.kernel.conversation import (
    Decided,
    Entry,
    Failed,
    Pinned,
    PolicyRevised,
    Proposed,
    Started,
    To,
    Turn,
    TurnSaid,
    Vetoed,
)
from baton.kernel.events import Event, Fact
from baton.kernel.log import STEP
from baton.kernel.ports import Models
from baton.kernel.stream import Stream

DEPTH = 4
MOST = STEP - 2
"""How much one input may cause: the n-th thing stands at its position + n."""
log = logging.getLogger(__name__)


class Caused(msgspec.Struct, frozen=True, gc=False):
    """One thing an input caused, and which capability said it."""

    by: str
    event: Event


class Rest(msgspec.Struct, gc=False):
    """All that one input caused: events in order, what goes to other streams, and an outside act to start."""

    caused: list[Caused]
    sends: list[To]
    outside: Decided | None = None

    def add(self, by: str, event: Event) -> bool:
        """Take in what a capability said; what is too much is said to be so, once, and let fall."""
        if len(self.caused) > MOST:
            return False
        full = len(self.caused) == MOST
        self.caused.append(Caused("kernel", Failed("kernel", "loop", "TooMuch")) if full else Caused(by, event))
        return not full


def to_rest(entry: Entry, stream: Stream, crafts: Crafts, models: Models) -> Rest:
    """Work `entry` on `stream`: its facts, its decision and its inside acts. Changes `stream`, nothing else."""
    stream.entry = entry
    stream.ordinal += 1
    rest = Rest([], [])
    _take_in(entry.event, stream, rest)
    known = _understand(entry.event, stream, crafts, models, rest)
    if stream.live:
        _decide(known, stream, crafts, models, rest)
    return rest


def _take_in(event: Event, stream: Stream, rest: Rest) -> None:
    if stream.ordinal == 1 and isinstance(event, Started):
        stream.started = event
        stream.live = event.origin == "live"
        pinned = Pinned(stream.policies.as_of(stream.entry.position))
        rest.caused.append(Caused("kernel", pinned))
        stream.facts.put(pinned)
    if isinstance(event, PolicyRevised):
        stream.policies.add(event.policy, stream.entry.position, bytes(event.body))
    hold(event, stream, 0)


def hold(event: Event, stream: Stream, n: int) -> None:
    """Let what happened hold on the stream: a fact is true from now on, a turn was said."""
    if isinstance(event, Fact):
        stream.facts.put(event)
    elif isinstance(event, TurnSaid):
        at = stream.entry
        stream.turns.append(Turn(event.role, event.text, at.position, event.who, n, at.happened_at_ms))


def _understand(event: Event, stream: Stream, crafts: Crafts, models: Models, rest: Rest) -> list[Event]:
    known = [event]
    depth = [0]
    for at, each in enumerate(known):
        if depth[at] >= DEPTH:
            continue
        for filed in crafts.understand.get(type(each), ()):
            for fact in _ask(filed, "understand", rest, each, stream, stream.facts, models):
                if isinstance(fact, To):
                    rest.sends.append(fact)
                    continue
                if rest.add(filed.capability, fact):
                    stream.facts.put(fact)
                    known.append(fact)
                    depth.append(depth[at] + 1)
    return known


def _decide(known: list[Event], stream: Stream, crafts: Crafts, models: Models, rest: Rest) -> None:
    offers: list[tuple[str, Proposed]] = []
    for each in known:
        for filed in crafts.decide.get(type(each), ()):
            offers += [(filed.capability, p) for p in _ask(filed, "decide", rest, each, stream, stream.facts)]
    if not offers:
        return
    vetoed: list[Vetoed] = []
    for filed in crafts.vetoes:
        for _, proposal in offers:
            vetoed += _ask(filed, "decide", rest, proposal, stream, stream.facts)
    decided = choose(offers, vetoed, stream.id, stream.ordinal)
    if decided is not None and rest.add(decided.by, decided):
        _act(decided, stream, crafts, models, rest)


def _act(decided: Decided, stream: Stream, crafts: Crafts, models: Models, rest: Rest) -> None:
    filed = crafts.act.get(decided.action)
    if filed is None:
        rest.add(decided.by, Failed(decided.by, "act", f"no act named {decided.action}"))
        return
    if filed.outside:
        rest.outside = decided
        return
    for said in _ask(filed, "act", rest, decided, stream):
        if isinstance(said, To):
            rest.sends.append(said)
            continue
        if rest.add(filed.capability, said):
            hold(said, stream, len(rest.caused))
            _understand(said, stream, crafts, models, rest)


def _ask(filed: Filed, step: str, rest: Rest, *given: object) -> list[Any]:
    run: Callable[..., Iterable[Any]] = filed.run
    try:
        return list(run(*given) if filed.models or step != "understand" else run(*given[:3]))
    except Exception as error:
        log.exception("a capability failed: capability=%s step=%s", filed.capability, step)
        rest.add(filed.capability, Failed(filed.capability, step, type(error).__name__))
        return []
