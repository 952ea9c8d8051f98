"""Settling: an act whose outcome nobody knew is asked of the record until it tells, at most every 45 seconds and for a day.

The record is asked, never the act repeated: what was done once is not done again. That it does not show the act counts only when
it was asked twice, for a slow system may still be at it. What the record cannot tell stays on the list for a person.
"""

from collections.abc import Iterator
from typing import Final

from msgspec.structs import replace

from baton.capabilities.agents.events import Unsettled
from baton.capabilities.agents.procedures.state import bound_of, state_of
from baton.kernel.conversation import ActionDone, Due, Proposed, To
from baton.kernel.stream import Stream

ASK_RECORD: Final = "agents.ask_record"
CHANGES: Final = frozenset({"write", "reversible", "costly", "irreversible"})
FIRST_MS: Final = 10_000
EARLY_MS: Final = 20_000
LATER_MS: Final = 45_000
EARLY_TIMES: Final = 30
LONGEST_MS: Final = 86_400_000
MISSED_TIMES: Final = 2
NOT_SHOWN: Final = "not_shown"
CANNOT_ASK: Final = "cannot_ask"
VALUE: Final = 100


def begun(event: ActionDone, stream: Stream) -> Iterator[Unsettled | To]:
    """An act came back without an outcome: it is noted, and the record will be asked."""
    state = state_of(stream)
    step = state.procedure.step(str(event.args.get("step", ""))) if state else None
    if (
        state is None
        or step is None
        or event.args.get("risk") not in CHANGES
        or stream.facts.slot(Unsettled, event.key)
    ):
        return
    bound = bound_of(state, step, stream)
    yield Unsettled(event.key, state.procedure.id, step.id, step.tool, bound, since_ms=stream.now_ms)
    yield To(stream.id, Due(ASK_RECORD, event.key), at_ms=stream.now_ms + FIRST_MS)


def told(event: ActionDone, stream: Stream) -> Iterator[Unsettled | To]:
    """The record was asked: it shows the act, or not, or did not answer."""
    before = stream.facts.slot(Unsettled, str(event.args.get("ref", "")))
    if before is None or before.settled:
        return
    missed = before.missed + 1 if event.detail == NOT_SHOWN else 0
    now = replace(before, asked=before.asked + 1, missed=missed)
    if event.ok or missed >= MISSED_TIMES:
        yield replace(now, settled="done" if event.ok else "not_done", by="record")
        return
    yield now
    if event.detail != CANNOT_ASK and stream.now_ms - now.since_ms < LONGEST_MS:
        wait_ms = EARLY_MS if now.asked < EARLY_TIMES else LATER_MS
        yield To(stream.id, Due(ASK_RECORD, now.key), at_ms=stream.now_ms + wait_ms)


def asking(event: Due, stream: Stream) -> Iterator[Proposed]:
    """The time to ask the record has come. Whoever holds the conversation: nothing is said and nothing changed by it."""
    open_ = stream.facts.slot(Unsettled, event.ref)
    if open_ is not None and not open_.settled:
        args = {"ref": open_.key, "procedure": open_.procedure, "step": open_.step, "tool": open_.tool}
        yield Proposed("ask_record", {**args, "bound": open_.bound}, VALUE, "an outcome that nobody knew")
