"""Shown: what the templates of the AI use page are given."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from baton.capabilities.ai_use.people.bands import SMALLEST_BAND, SMALLEST_TEAM
from baton.capabilities.ai_use.reading.drafts import OWN, REWORKED_PERMILLE
from baton.capabilities.ai_use.reading.effect import effect
from baton.capabilities.ai_use.reading.proficiency import FEWEST_CASES, NEW_DAYS, TENURED_DAYS
from baton.capabilities.ai_use.reading.teams import OTHERS, SMALLEST, band_counts, cases, people, teams
from baton.capabilities.ai_use.reading.uses import Step, Use, change, funnel, read, share, sizes, sums
from baton.capabilities.ai_use.screen.asking import HERE, Asking, allowed, level_of
from baton.capabilities.governance.events import Level
from baton.kernel.stats import Estimate
from baton.web.app import App
from baton.web.asked import bar, in_words, says
from baton.web.staff import Staff

Context = dict[str, Any]
MOST = 24
STEPS: Mapping[str, tuple[str, str]] = {
    "shown": ("Shown", "times the rep was shown drafts, however many at once"),
    "inserted": ("Inserted", "drafts put into a reply, of the times drafts were shown"),
    "sent": ("Sent", "drafts that were sent, as they were or changed, of those put into a reply; the others were replaced by own words"),
    "edited": ("Sent with a change", "drafts of which anything was changed before sending, of those sent"),
    "reworked": ("Silently reworked", f"drafts of which {REWORKED_PERMILLE // 10} % or more was changed before sending, of those sent"),
    "resolved": ("Need met", "conversations in which a draft was sent and whose need was confirmed, is provisional or was correctly refused, of those whose need is no longer open"),
}  # fmt: skip


class Line(msgspec.Struct, frozen=True):
    """A row: a rep, a team or a tool, its counts, and its shares with their intervals."""

    key: str
    name: str
    reps: int
    counts: Mapping[str, int]
    used: Estimate | None
    rework: Estimate | None
    met: Step
    change: Estimate | None
    sizes: Mapping[str, int]


async def page(app: App, staff: Staff, asking: Asking) -> Context:
    """Everything the page shows to whoever may open it."""
    uses = await read(app.store, asking.asked, asking.tool)
    level, now_ms = level_of(app, staff), app.clock.now_ms()
    earned = await band_counts(app.store) if app.may(staff, "see_pay", "performance") else {}
    everyone = await people(app.store, now_ms)
    return {
        **common(app, staff, asking, uses), "lines": by_rep(app, as_agreed(uses, level)) if level.agreed else by_team(uses, level), "per_rep": level.agreed, "why_not": level.why,
        "tools": lines(uses, lambda u: u.tool, tool_name), "effect": effect(uses), "total": line("", "All", uses),
        "teams": teams(everyone, await cases(app.store, asking.asked), earned, now_ms), "sees_pay": app.may(staff, "see_pay", "performance"),
    }  # fmt: skip


async def mine(app: App, staff: Staff, asking: Asking) -> Context:
    """A rep's own row, and nobody else's."""
    uses = allowed(staff, await read(app.store, asking.asked, asking.tool))
    return {
        **common(app, staff, asking, uses),
        "total": line(staff.id, "You", uses),
        "tools": lines(uses, lambda u: u.tool, tool_name),
    }


async def rows(app: App, staff: Staff, asking: Asking) -> Context:
    """The conversations behind a number. Whoever may not see single reps gets no rep's rows by name."""
    uses = allowed(staff, await read(app.store, asking.asked, asking.tool))
    level = level_of(app, staff)
    rep = asking.rep if level.agreed or asking.rep == staff.id else ""
    uses = as_agreed(uses, level) if rep and rep != staff.id else uses
    small = _small(uses, level)
    found = [
        u for u in uses
        if (not rep or u.rep == rep) and (not asking.team or _row_of(u.team, small) == asking.team) and _at(u, asking.step)
    ]  # fmt: skip
    return {
        **common(app, staff, asking, uses),
        "found": found,
        "heading": _heading(app, asking, rep),
        "per_rep": level.agreed,
    }


def common(app: App, staff: Staff, asking: Asking, uses: Sequence[Use]) -> Context:
    """What every template may use."""
    zone = app.organisation.zone
    tools = [
        ("", "All tools"),
        *((t, tool_name(t)) for t in sorted({u.tool for u in uses} | ({asking.tool} if asking.tool else set()))),
    ]
    period = [f for f in bar(asking.asked, {}, []) if f["name"] == "range"]
    return {
        "asking": asking, "here": HERE, "steps": STEPS, "funnel": funnel(uses), "sizes": sizes(uses), "change": change(uses), "most": MOST,
        "filters": [*period, {"name": "tool", "label": "Tool", "options": tools, "value": asking.tool}], "zone": zone, "in_words": in_words,
        "period": says(asking.asked, app.clock.now_ms(), zone), "may_export": app.may(staff, "export", "performance"),
        "may_open": app.may(staff, "open", "conversations"), "names": _names(app), "known": bool(uses), "reps": len({u.rep for u in uses}),
        "tool_name": tool_name, "smallest_team": SMALLEST_TEAM, "smallest_band": SMALLEST_BAND, "smallest": SMALLEST, "others": OTHERS,
        "tenured_days": TENURED_DAYS, "new_days": NEW_DAYS, "fewest_cases": FEWEST_CASES, "rework_percent": REWORKED_PERMILLE // 10,
    }  # fmt: skip


def as_agreed(uses: Sequence[Use], level: Level) -> list[Use]:
    """Those that may be told of single reps."""
    return [use for use in uses if use.at_ms >= level.since_ms]


def by_rep(app: App, uses: Sequence[Use]) -> list[Line]:
    """A row per rep."""
    names = _names(app)
    return lines(uses, lambda u: u.rep, lambda rep: names.get(rep, rep))


def by_team(uses: Sequence[Use], level: Level) -> list[Line]:
    """A row per team; those in which few reps used AI are joined."""
    small = _small(uses, level)
    return lines(uses, lambda u: _row_of(u.team, small), lambda team: team)


def lines(uses: Sequence[Use], key: Callable[[Use], str], name: Callable[[str], str]) -> list[Line]:
    """Rows by a key, most drafts shown first."""
    told: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        told[key(use)].append(use)
    return sorted(
        (line(k, name(k), found) for k, found in told.items()),
        key=lambda r: (-r.counts["shown"], -r.counts["sent"], r.name),
    )


def line(key: str, name: str, uses: Sequence[Use]) -> Line:
    """One row."""
    return Line(
        key, name, len({u.rep for u in uses}), sums(uses), share(uses, "sent", "shown"), share(uses, "reworked", "sent"), funnel(uses)[-1],
        change(uses), sizes(uses),
    )  # fmt: skip


def tool_name(tool: str) -> str:
    """What a tool is called on a screen."""
    return "Baton's desk" if tool == OWN else in_words(tool.replace("-", " "))


def table_of(found: Sequence[Line], what: str) -> tuple[list[dict[str, object]], list[str]]:
    """Rows to keep."""
    told: list[dict[str, object]] = [
        {what: r.key or r.name, "name": r.name, **r.counts, **_ends("edited_mean", r.change), **_ends("used", r.used), **_ends("rework", r.rework),
         "resolved": r.met.n, "resolved_of": r.met.of, **_ends("resolved_share", r.met.share)}
        for r in found
    ]  # fmt: skip
    columns = list(dict.fromkeys(name for row in told for name in row)) or [what]
    return told, columns


def _ends(name: str, estimate: Estimate | None) -> dict[str, object]:
    ends = (
        (None, None, None)
        if estimate is None
        else tuple(round(e, 4) for e in (estimate.value, estimate.low, estimate.high))
    )
    return dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))


def _at(use: Use, step: str) -> bool:
    if step == "resolved":
        return bool(use["sent"] and use.met)
    return use[step] > 0 if step in STEPS else True


def _small(uses: Sequence[Use], level: Level) -> frozenset[str]:
    reps: dict[str, set[str]] = defaultdict(set)
    for use in uses:
        reps[use.team].add(use.rep)
    return frozenset(team for team, told in reps.items() if len(told) < max(SMALLEST, level.smallest))


def _row_of(team: str, small: frozenset[str]) -> str:
    return OTHERS if team in small else team or "No team told"


def _names(app: App) -> dict[str, str]:
    return {rep.id: rep.name for rep in app.accounts.everyone()}


def _heading(app: App, asking: Asking, rep: str) -> str:
    who = _names(app).get(rep, rep) or asking.team
    what = STEPS[asking.step][0] if asking.step in STEPS else "Drafts"
    return f"{what}: {who}" if who else what
