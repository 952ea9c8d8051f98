"""The parts of the Performance page, each worked out by itself: what its template is given."""

from collections.abc import Awaitable, Callable, Mapping
from math import inf
from typing import Any

import msgspec

from baton.capabilities.governance.events import Agreement, Level
from baton.capabilities.performance.registry.definitions import METRICS, TOPICS
from baton.capabilities.performance.registry.ledger import equal_mix, recontact_pairs, stated_outcomes
from baton.capabilities.performance.screen.meanings import all_of, clock, estimate_of_stated, seconds
from baton.capabilities.performance.screen.outcomes import WINDOW_DAYS, outcomes
from baton.capabilities.performance.screen.paces import paces
from baton.capabilities.performance.screen.returns import gap_words, windows
from baton.capabilities.performance.screen.selected import Selected, filters_of, needs_href, reach, rows_href
from baton.capabilities.performance.screen.sides import comparison_rows, kinds
from baton.capabilities.performance.screen.suggestions import uses
from baton.capabilities.resolution.events import STATES
from baton.capabilities.routing.events import Routing
from baton.web.app import App
from baton.web.asked import Asked, in_words, says
from baton.web.staff import Staff

PATH_WORDS: Mapping[str, str] = {
    "agent": "AI to the end", "agent_rep": "AI, then a person", "rep": "A person", "machine": "A machine customer",
}  # fmt: skip
Context = dict[str, Any]
Part = Callable[["Ask"], Awaitable[Context]]
PAIRS = 12
MOST_REPS = 24
NOT_HERE = ("containment", "reward", *(f"ledger_{state}" for state in STATES))


class Ask(msgspec.Struct, frozen=True):
    """Who asks for what."""

    app: App
    staff: Staff
    asked: Asked

    @property
    def titles(self) -> dict[str, str]:
        """The queues by the name they are shown under."""
        return {queue.id: queue.title for queue in self.app.policy(Routing).queues if queue.title}

    @property
    def period(self) -> str:
        """The time range in words."""
        return says(self.asked, self.app.clock.now_ms(), self.app.organisation.zone)

    def level(self, measure: str) -> Level:
        """Whether a measure of single reps exists for who asks."""
        return self.app.policy(Agreement).level(measure, self.staff.role, self.app.clock.now_ms())

    def common(self) -> Context:
        """What every part's template may use."""
        return {
            "asked": self.asked, "period": self.period, "zone": self.app.organisation.zone, "in_words": in_words,
            "may_export": self.app.may(self.staff, "export", "performance"), "seconds": seconds, "clock": clock, "titles": self.titles,
            "may_open": self.app.may(self.staff, "open", "conversations"),
            "needs_href": lambda **more: needs_href(self.asked, **more), "rows_href": lambda **more: rows_href(self.asked, **more),
            "here": self.asked.href, "value_words": value_words(self),
        }  # fmt: skip


def value_words(ask: Ask) -> Callable[[str, str], str]:
    """What writes a dimension's value as people read it: a rep's name, a queue's title, the path a conversation took."""
    names = {rep.id: rep.name for rep in ask.app.accounts.everyone()}

    def written(dimension: str, value: str) -> str:
        if dimension == "rep":
            return names.get(value) or value.replace(".", " ").title()
        if dimension == "path":
            return PATH_WORDS.get(value) or in_words(value)
        return ask.titles.get(value) or in_words(value)

    return written


async def ledger(ask: Ask) -> Context:
    """Was the need met."""
    before = Selected(ask.app.store, ask.asked.before) if ask.asked.before else None
    found, (_, first, _) = await outcomes(Selected(ask.app.store, ask.asked), before), await reach(ask.app.store)
    short = ask.asked.before is not None and ask.asked.before.from_ms < first
    return {
        "ledger_of": found,
        "window_days": WINDOW_DAYS,
        "telling": telling(ask.app),
        "known_from_ms": first if short else 0,
    }


async def mix(ask: Ask) -> Context:
    """People and AI at equal mix, and why a raw handle time misleads."""
    both = msgspec.structs.replace(ask.asked, took="")
    found = await equal_mix(ask.app.store, filters_of(both))
    return {
        "mix": found, "rows": comparison_rows(found), "kinds": kinds(found), "paces": await paces(Selected(ask.app.store, both)), "inf": inf,
        "kind_href": lambda kind, took: needs_href(both, **{**kind.where, "took": took}),
    }  # fmt: skip


async def returns(ask: Ask) -> Context:
    """What contained customers did next."""
    anybody = msgspec.structs.replace(ask.asked, took="")
    pairs = await recontact_pairs(ask.app.store, filters_of(anybody), WINDOW_DAYS, limit=PAIRS)
    return {
        "pairs": pairs.shown, "pairs_in_all": pairs.total, "other_channel": pairs.other_channel, "gap_words": gap_words,
        "windows": await windows(Selected(ask.app.store, anybody)),
        "all_href": rows_href(anybody, contained="1", returned=str(WINDOW_DAYS)),
    }  # fmt: skip


async def stated(ask: Ask) -> Context:
    """What a simulation's own record says, and what Baton would have judged alone."""
    anybody = msgspec.structs.replace(ask.asked, took="")
    return {
        "stated": await stated_outcomes(ask.app.store, filters_of(anybody)),
        "estimate": await estimate_of_stated(Selected(ask.app.store, anybody)),
        "stated_href": lambda **more: rows_href(anybody, **more),
    }  # fmt: skip


async def suggestions(ask: Ask) -> Context:
    """AI suggestions in reps' hands."""
    anybody = msgspec.structs.replace(ask.asked, took="")
    names = {rep.id: rep.name for rep in ask.app.accounts.everyone()}
    found = await uses(Selected(ask.app.store, anybody), names, ask.level("ai_use"), ask.staff.id)
    return {
        "uses": found, "most": MOST_REPS, "per_rep": ask.level("ai_use").agreed, "why_not": ask.level("ai_use").why, "is_rep": ask.staff.role == "rep",
        "use_href": lambda rep, how: rows_href(anybody, rep=rep, suggestions=how),
    }  # fmt: skip


async def figures(ask: Ask) -> Context:
    """Every other figure of the registry."""
    found = await all_of(Selected(ask.app.store, ask.asked), NOT_HERE)
    topics = [(title, [f for f in found if f.metric in metrics]) for title, metrics in TOPICS]
    return {
        "topics": [(title, figures) for title, figures in topics if figures], "figures": found,
        "absent": [metric for metric in METRICS.values() if metric.no_data],
    }  # fmt: skip


PARTS: Mapping[str, Part] = {
    "ledger": ledger, "stated": stated, "mix": mix, "returns": returns, "suggestions": suggestions, "figures": figures,
}  # fmt: skip


def telling(app: App) -> Mapping[str, object] | None:
    """How far an invented history has filled in; None where there is none, or it is all there."""
    told = getattr(app, "telling", None)
    if told is None or told.done:
        return None
    return {"told": told.told, "expected": told.expected, "since_ms": told.since_ms}
