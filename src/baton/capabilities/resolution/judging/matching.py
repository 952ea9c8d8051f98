"""Same need or not: contacts of one customer, on any channel, joined where they are about the same issue. Pure, whatever the order of arrival.

A need that the source names decides alone. Contact records without words are matched by issue, else by queue. Conversations are matched by what speaks for it:
the same issue, a shared reference, like words, that the customer says they came before, that it was not met; time, and references that differ, speak
against. Whoever says that they came before about the same issue is believed, unless the references differ. The weights (permille of log-odds) are a logistic regression on invented customers of Halcyon Air, seeds 1 and 2, rounded; `baton eval
recontact` scores them on another seed.
"""

from collections.abc import Iterable, Sequence
from math import isqrt, log

from baton.capabilities.resolution.events import Contact

DAY_MS = 86_400_000
SAME_NEED_MS = 30 * DAY_MS
BEGINS, SAME_ISSUE, SHARED_MARK, OTHER_MARK, LIKE_WORDS = -1200, 720, 830, -1830, 5790
RETURNING, WAS_MET, WAS_UNMET, LATER = 620, -1290, 600, -1620
MOST_EARLIER = 200
ENOUGH = -405
"""The log-odds of .4, in permille."""
_LN = tuple(round(1000 * log(1 + day)) for day in range(32))


def issue_of(contact: Contact) -> str:
    """What contacts without words are matched by: the need as its source names it, else the issue, else the queue; nothing else."""
    if contact.need:
        return f"need:{contact.need}"
    return f"issue:{contact.intent}" if contact.intent else f"queue:{contact.queue}" if contact.queue else ""


def same_issue(contacts: Iterable[Contact], of: Contact) -> list[Contact]:
    """The contacts about the same issue as `of`, by time; one that says nothing of its issue stands alone."""
    return next(group for group in issues(contacts) if any(c.conversation == of.conversation for c in group))


def issues(contacts: Iterable[Contact]) -> list[list[Contact]]:
    """Contacts of one customer in groups about the same issue, each by time."""
    ordered = sorted(contacts, key=lambda c: (c.started_ms, c.conversation))
    group_of: dict[str, list[Contact]] = {}
    groups: list[list[Contact]] = []
    for n, contact in enumerate(ordered):
        before = _before(ordered[max(0, n - MOST_EARLIER) : n], contact)
        if before is None:
            groups.append([])
        group = group_of[contact.conversation] = groups[-1] if before is None else group_of[before.conversation]
        group.append(contact)
    return groups


def _before(earlier: Sequence[Contact], contact: Contact) -> Contact | None:
    """The earlier contact that this one goes with best, the latest of equals; None where it goes with none."""
    scored = [(likeness(each, contact), n) for n, each in enumerate(earlier)]
    best = max(scored, default=(ENOUGH - 1, 0))
    return earlier[best[1]] if best[0] >= ENOUGH else None


def likeness(earlier: Contact, later: Contact) -> int:
    """How well a later contact goes with an earlier one, in permille of log-odds."""
    gap_ms = max(0, later.started_ms - earlier.ended_ms)
    if earlier.need or later.need or not (earlier.words and later.words):
        alike = issue_of(earlier) == issue_of(later) != ""
        return -ENOUGH if alike else ENOUGH - 1
    if gap_ms > SAME_NEED_MS:
        return ENOUGH - 1
    found = BEGINS + LATER * _ln(gap_ms) // 1000 + LIKE_WORDS * _words(earlier, later) // 1000
    same = earlier.intent == later.intent != ""
    found += SAME_ISSUE if same else 0
    found += RETURNING if later.returning else 0
    shown = earlier.apart or earlier.verdict
    found += WAS_MET if shown == "met" else WAS_UNMET if shown in {"given_up", "failed"} else 0
    references = _references(earlier, later)
    said_so = same and later.returning and references >= 0
    return max(found + references, ENOUGH) if said_so else found + references


def _references(earlier: Contact, later: Contact) -> int:
    shared = set(earlier.marks) & set(later.marks)
    if shared:
        return SHARED_MARK
    kinds = {mark >> 32 for mark in earlier.marks} & {mark >> 32 for mark in later.marks}
    return OTHER_MARK if kinds else 0


def _words(earlier: Contact, later: Contact) -> int:
    """The cosine of both sets of words, in permille."""
    shared = len(set(earlier.words) & set(later.words))
    return 1000 * shared // max(1, isqrt(len(earlier.words) * len(later.words)))


def _ln(gap_ms: int) -> int:
    """1000 ln(1 + days), between the whole days by a straight line: the same on every machine."""
    day, rest = divmod(min(gap_ms, SAME_NEED_MS), DAY_MS)
    return _LN[day] + (_LN[day + 1] - _LN[day]) * rest // DAY_MS
