"""The ledger: contacts of one customer about one issue, grouped into needs, and the state of each. Pure, and independent of arrival order.

Contacts about the same issue (see `matching`) belong to one need while it is not met, for 30 days; after a need was met and its window of W
days closed, the next contact about that issue is a need of its own. One that comes back inside the window reverses it.
"""

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from baton.capabilities.resolution.events import Contact, NeedState, Returned, State
from baton.capabilities.resolution.judging.matching import DAY_MS, SAME_NEED_MS

WINDOW_DAYS = 7
WINDOW_MS = WINDOW_DAYS * DAY_MS
WINDOWS_DAYS = (1, 3, 7, 14, 30)
_FINAL: dict[str, State] = {
    "refused": "correctly_refused", "handed_over": "correctly_handed_over", "given_up": "given_up", "failed": "failed",
    "silent": "unaccounted", "open": "open",
}  # fmt: skip


def needs(contacts: Sequence[Contact], known_ms: int, customer: str, window_days: int = WINDOW_DAYS) -> list[NeedState]:
    """The needs among contacts about one issue (by time), as far as they are known to `known_ms`, with W = `window_days`."""
    groups: list[list[Contact]] = []
    for contact in contacts:
        if groups and _continues(groups[-1], contact, window_days):
            groups[-1].append(contact)
        else:
            groups.append([contact])
    return [_need(group, known_ms, customer, window_days) for group in groups]


def returns(contacts: Sequence[Contact]) -> list[Returned]:
    """For each contact about one issue (by time), when the customer next came back about it; 30 days at most."""
    pairs = pairwise(contacts)
    found = [Returned(a.conversation, b.conversation, max(0, b.started_ms - a.ended_ms)) for a, b in pairs]
    return [each for each in found if each.gap_ms <= SAME_NEED_MS]


def _continues(group: list[Contact], contact: Contact, days: int) -> bool:
    gap = contact.started_ms - group[-1].ended_ms
    if gap > SAME_NEED_MS:
        return False
    return gap <= days * DAY_MS or _state_at(group, contact.started_ms, days)[0] != "confirmed"


def _need(group: list[Contact], known_ms: int, customer: str, days: int) -> NeedState:
    first, last = group[0], group[-1]
    state, evidence, since = _state_at(group, known_ms, days)
    return NeedState(
        need=first.conversation, state=state, conversations=tuple(c.conversation for c in group), evidence=evidence,
        since_ms=since, intent=last.intent, contained=first.contained, first_path=first.path, source=first.source,
        channel=first.channel, customer=customer, first_ms=first.started_ms, last_ms=last.ended_ms,
    )  # fmt: skip


def _state_at(group: list[Contact], known_ms: int, days: int) -> tuple[State, tuple[str, ...], int]:
    last = group[-1]
    claimed = [c for c in group[:-1] if c.verdict == "met" and _came_back(group, c, days)]
    if last.verdict == "met":
        shown_ms = max(last.ended_ms, last.settled_ms)
        if last.simulated:
            return _simulated(last)
        if any(c.verdict == "open" and "promise_open" in c.evidence for c in group[:-1]):
            return "open", (*last.evidence, "promise_open"), shown_ms
        if known_ms >= shown_ms + days * DAY_MS:
            return "confirmed", (*last.evidence, f"no_return_in_{days}_days"), shown_ms + days * DAY_MS
        if not claimed:
            return "provisional", last.evidence, shown_ms
    if claimed:
        return "reversed", ("returned", *last.evidence), group[group.index(claimed[-1]) + 1].started_ms
    return _FINAL.get(last.verdict, "provisional"), last.evidence, max(last.ended_ms, last.settled_ms)


def _simulated(last: Contact) -> tuple[State, tuple[str, ...], int]:
    """A simulated customer cannot return, so no window proves anything: only what its source states confirms."""
    stated = any(label.startswith("stated_by_") for label in last.evidence)
    return "confirmed" if stated else "provisional", (*last.evidence, "nobody_can_return"), last.ended_ms


def _came_back(group: list[Contact], contact: Contact, days: int) -> bool:
    following = group[group.index(contact) + 1]
    return following.started_ms - contact.ended_ms <= days * DAY_MS


def changed(now: NeedState, before: NeedState | None) -> NeedState | None:
    """The need with the state it was in, or None where nothing of it changed."""
    if before is not None and msgspec.structs.replace(before, was="") == now:
        return None
    return msgspec.structs.replace(now, was=before.state if before else "")
