"""Shown: what the templates of the Escalations page are given."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from baton.capabilities.escalations.noticing.tasks import AFTER, WITHIN_DAYS
from baton.capabilities.escalations.reading.parts import Read, read
from baton.capabilities.escalations.reading.people import fates, needs
from baton.capabilities.escalations.reading.slices import (
    DIMENSIONS,
    MOST,
    Group,
    Series,
    groups,
    matching,
    overall,
    series,
    within,
)
from baton.capabilities.escalations.reading.tasks import Task, tasks
from baton.capabilities.escalations.screen.asking import HERE, Asking, choices
from baton.capabilities.escalations.screen.drawn import drawn, labelled, latest_signal, named, spread, unit
from baton.capabilities.routing.events import Routing
from baton.web.app import App
from baton.web.asked import bar, in_words, says
from baton.web.staff import Staff

Context = dict[str, Any]


class Line(msgspec.Struct, frozen=True):
    """A row of the breakdown: the group, its name, its shape over time and its latest signal in words."""

    group: Group
    name: str
    spark: tuple[float, ...]
    signal: str
    is_high: bool


async def page(app: App, staff: Staff, asking: Asking) -> Context:
    """Everything the page shows."""
    found = await read(app.store, asking.asked, app.organisation.zone)
    cut = groups(found, asking.by, asking.weekly, asking.kind)
    value = asking.value if any(g.value == asking.value for g in cut) else ""
    over = series(found, asking.by if value else "", value, asking.weekly, asking.kind)
    wanted = await needs(app.store, found)
    opened = [task for task in await tasks(app) if task.state == "open"]
    return {
        **common(app, staff, asking), "known": bool(found.parts), "n": len(found.parts), "overall": overall(found),
        "escalated": sum(bool(p.escalations) for p in found.parts), "value": value, "over": over,
        "drawing": drawn(over, asking.weekly) if over.starts else None, "spread": spread(over.chart),
        "lines": lines(cut, over, asking), "most": min(MOST, max(1, sum(g.conversations > 0 for g in cut))) if asking.by in {"step", "field"} else MOST, "needs": len(wanted), "fates": fates(wanted),
        "tasks": opened, "false_signals": sum(g.chart.false_signals for g in cut),
        "filters": [f for f in bar(asking.asked, choices(found, titles(app)), []) if f["name"] != "took"],
    }  # fmt: skip


async def rows(app: App, staff: Staff, asking: Asking) -> Context:
    """The conversations behind a number: escalations, or needs for a person of one fate."""
    found = await read(app.store, asking.asked, app.organisation.zone)
    part = within(found, asking.at, asking.weekly) if asking.at else found
    wanted = [n for n in await needs(app.store, part) if n.fate == asking.fate] if asking.fate else []
    return {
        **common(app, staff, asking), "found": matching(part, asking.by if asking.value else "", asking.value),
        "wanted": wanted, "heading": heading(asking), "filters": bar(asking.asked, {}, [])[:1],
    }  # fmt: skip


def common(app: App, staff: Staff, asking: Asking) -> Context:
    """What every template may use."""
    zone = app.organisation.zone
    return {
        "asking": asking, "here": HERE, "dimensions": DIMENSIONS, "named": named, "in_words": in_words, "zone": zone,
        "period": says(asking.asked, app.clock.now_ms(), zone), "unit": unit, "labelled": labelled, "titles": titles(app),
        "may_export": app.may(staff, "export", "performance"), "may_open": app.may(staff, "open", "conversations"),
        "after": AFTER, "within_days": WITHIN_DAYS, "invented": app.organisation.invented,
    }  # fmt: skip


def lines(cut: Sequence[Group], over: Series, asking: Asking) -> list[Line]:
    """The groups as rows."""
    return [
        Line(
            group, named(asking.by, group.value), tuple(100 * p.value for p in group.chart.points if p.value is not None),
            latest_signal(group.chart, over.starts, asking.weekly), any("above" in (p.beyond, p.run) for p in group.chart.signals[-1:]),
        )
        for group in cut
    ]  # fmt: skip


def heading(asking: Asking) -> str:
    """What the rows are, in words."""
    if asking.fate:
        return "Needs for a person"
    what = f"Escalations: {named(asking.by, asking.value)}" if asking.value else "Escalations"
    return f"{what}, {labelled(asking.at, asking.weekly)}" if asking.at else what


def titles(app: App) -> Mapping[str, str]:
    """The queues by the name they are shown under."""
    return {queue.id: queue.title for queue in app.policy(Routing).queues if queue.title}


def table_of(found: Read, asking: Asking) -> tuple[list[dict[str, object]], list[str]]:
    """The breakdown as rows to keep."""
    told = [
        {asking.by: g.value, "conversations": g.conversations, "escalations": g.escalations, "of": g.of,
         "share": round(g.share.value, 4), "low": round(g.share.low, 4), "high": round(g.share.high, 4),
         "sigma_z": round(g.chart.sigma_z, 3), "signals": len(g.chart.signals)}
        for g in groups(found, asking.by, asking.weekly, asking.kind)
    ]  # fmt: skip
    return told, [asking.by, "conversations", "escalations", "of", "share", "low", "high", "sigma_z", "signals"]


def chart_of(found: Read, asking: Asking) -> tuple[list[dict[str, object]], list[str]]:
    """The chart as rows to keep."""
    over = series(found, asking.by if asking.value else "", asking.value, asking.weekly, asking.kind)
    told: list[dict[str, object]] = [
        {"start": start.isoformat(), "escalated": p.x, "of": p.n, "value": _kept(p.value), "low": _kept(p.low), "high": _kept(p.high),
         "beyond": p.beyond, "run": p.run}
        for start, p in zip(over.starts, over.chart.points, strict=True)
    ]  # fmt: skip
    return told, ["start", "escalated", "of", "value", "low", "high", "beyond", "run"]


def rows_of(found: Read, asking: Asking) -> tuple[list[dict[str, object]], list[str]]:
    """The escalations as rows to keep."""
    part = within(found, asking.at, asking.weekly) if asking.at else found
    told: list[dict[str, object]] = [
        {"conversation": p.conversation, "at_ms": e.at_ms, "reason": e.reason, "intent": p.intent, "version": p.version,
         "turn": e.turn, "procedure": e.procedure, "step": e.step, "missing_field": e.field, "queue": e.queue}
        for p, e in matching(part, asking.by if asking.value else "", asking.value)
    ]  # fmt: skip
    return told, [
        "conversation", "at_ms", "reason", "intent", "version", "turn", "procedure", "step", "missing_field", "queue",
    ]  # fmt: skip


def may_close(staff: Staff, task: Task) -> bool:
    """Whether someone may close a task: its owner, and whoever administers."""
    return staff.role == "admin" or task.owner in {staff.id, staff.email}


def _kept(value: float | None) -> object:
    return None if value is None else round(value, 4)
