"""Where an invented procedure stood when the AI passed a conversation on, and which version of which agent served. Invented.

Planted for whoever looks: since version 7 the bag tracer asks for file numbers that a partner airline writes in another way.
"""

from collections.abc import Iterator
from hashlib import blake2b
from typing import NamedTuple

from baton.demo.halcyon.company import company
from baton.demo.halcyon.procedure import Procedure, procedures
from baton.demo.halcyon.story import Story

DAY_MS = 86_400_000
SINCE_DAYS = {"assistant": 15, "refund-agent": 20, "bag-tracer": 8}
"""How many days before the end of the history the version of today began to serve; the one before served until then."""
CANARIES = {"assistant": ((7, 300), (12, 100))}
"""By days before the end of the history, the share (permille) of new conversations that the next version gets since then. In truth it is no better and no worse."""
STUCK = {"two_failed_attempts": 150, "failed_check": 500}
"""By the reason of a handover, how often (permille) it is a field that was lacking."""
PLANTED = "bag-tracer"
PLANTED_STUCK = {
    "two_failed_attempts": 950,
    "failed_check": 950,
    "out_of_scope": 900,
    "anger": 600,
    "asked_for_person": 550,
}


class Stood(NamedTuple):
    """A step that was reached, the field it wants, and whether the AI gave up there for want of it."""

    procedure: str
    step: str
    field: str
    lacks: bool


class Served(NamedTuple):
    """The version that served, by which chance (permille; 1000 where it had no rival), and against which."""

    version: str
    permille: int = 1000
    against: str = ""


def served(story: Story, end_ms: int) -> Served | None:
    """The version of its agent that served a story; None for an agent nobody knows."""
    today = next((found.version for found in company().agent if found.id == story.agent), 0)
    if not today:
        return None
    ago_ms = end_ms - story.started_ms
    share = next((permille for days, permille in CANARIES.get(story.agent, ()) if ago_ms <= days * DAY_MS), 0)
    if share and _drawn(story, "canary") < share:
        return Served(str(today + 1), share, str(today))
    if share:
        return Served(str(today), 1000 - share, str(today + 1))
    return Served(str(today if ago_ms <= SINCE_DAYS.get(story.agent, 0) * DAY_MS else today - 1))


def steps(story: Story, end_ms: int) -> Iterator[Stood]:
    """The steps a told conversation came to, with what was lacking at the last one, if anything was."""
    found = next((p for p in procedures() if story.intent in p.intents), None)
    if found is None or story.handled_by == "rep_only":
        return
    wanted = list(_wanting(found))
    reason = story.handover.reason if story.handover else ""
    lacks = bool(reason) and _drawn(story, "lacks") < _stuck(story, end_ms).get(reason, 0)
    last = (
        len(wanted)
        if not reason
        else 1
        if lacks and story.agent == PLANTED
        else 1 + _drawn(story, "step") % len(wanted)
    )
    for n, (step, field) in enumerate(wanted[:last], 1):
        yield Stood(found.id, step, field, lacks and n == last)


def _stuck(story: Story, end_ms: int) -> dict[str, int]:
    is_planted = story.agent == PLANTED and end_ms - story.started_ms <= SINCE_DAYS[PLANTED] * DAY_MS
    return PLANTED_STUCK if is_planted else STUCK


def _wanting(found: Procedure) -> Iterator[tuple[str, str]]:
    for step in found.step:
        if step.do == "ask":
            yield step.id, step.slot
        elif step.do == "tool":
            yield step.id, f"{step.tool}_record"
            return


def _drawn(story: Story, label: str) -> int:
    return int.from_bytes(blake2b(f"{label}/{story.id}".encode(), digest_size=4).digest(), "big") % 1000
