"""Granting: which of a team's breathers are granted, by standing policy or by a supervisor, within the day's budget."""

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from baton.capabilities.wellbeing.events import Asked, BreatherGranted, Kind, Spent, Wellbeing
from baton.kernel.conversation import To
from baton.kernel.stream import Stream

DAY_MS = 86_400_000
POLICY = "policy"
Said = Iterator[Asked | Spent | To]


def waiting(asked: Sequence[Asked]) -> list[Asked]:
    """Those that are priced and wait, the oldest first."""
    found = [each for each in asked if each.state == "waiting" and each.late_permille >= 0]
    return sorted(found, key=lambda each: (each.asked_ms, each.ref))


def spent_on(stream: Stream) -> Spent:
    """What is granted of the day's budget."""
    day, spent = stream.now_ms // DAY_MS, stream.facts.get(Spent)
    return spent if spent is not None and spent.day == day else Spent(day)


def kind_of(asked: Asked, spent: Spent, rules: Wellbeing) -> Kind | None:
    """A break while the budget lasts, then an easy conversation next; None where policy has neither."""
    if "break" in rules.kinds and spent.granted_s + asked.rest_s <= 60 * rules.budget_min:
        return "break"
    return "easy" if "easy" in rules.kinds else None


def is_standing(asked: Asked, spent: Spent, rules: Wellbeing) -> bool:
    """Whether policy alone grants it: a break that costs little enough, or an easy one next, which takes nobody away."""
    kind = kind_of(asked, spent, rules)
    return kind == "easy" or (kind == "break" and 0 <= asked.late_permille <= rules.approve_permille)


def granted(chosen: Sequence[Asked], by: str, stream: Stream) -> Said:
    """Grant these while the budget lasts; each rep is told on their own stream."""
    rules, spent = stream.policy(Wellbeing), spent_on(stream)
    for asked in chosen:
        kind = kind_of(asked, spent, rules)
        if kind is None:
            continue
        if kind == "break":
            spent = Spent(spent.day, spent.granted_s + asked.rest_s)
        yield replace(asked, state="granted", kind=kind, by=by)
        late = asked.late_permille if kind == "break" else 0
        yield To(f"rep/{asked.rep}", BreatherGranted(asked.ref, kind, asked.rest_s, late, by))
    yield spent


def given_back(asked: Asked, stream: Stream) -> Said:
    """A granted break that was not used leaves the budget."""
    spent = spent_on(stream)
    if asked.state == "granted" and asked.kind == "break" and spent.granted_s:
        yield Spent(spent.day, max(0, spent.granted_s - asked.rest_s))
