"""Shown: what every template of the ledger may use, and its tables as rows to keep."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import Request
from starlette.responses import Response

from baton.capabilities.resolution.events import STATES
from baton.capabilities.resolution.judging.needs import WINDOWS_DAYS
from baton.capabilities.resolution.reading.promised import Obligation
from baton.capabilities.resolution.reading.windowed import Need, Window
from baton.capabilities.routing.events import Routing
from baton.kernel.stats import Estimate
from baton.web.app import App
from baton.web.asked import in_words
from baton.web.staff import Staff

Context = dict[str, Any]
Table = tuple[list[dict[str, object]], list[str]]
FOLDER = "capabilities/resolution"
DEEDS = {
    "call_back": "Call back", "write": "Write", "money": "Money comes", "deliver": "Delivery comes", "do": "See to it",
}  # fmt: skip
STAND_WORDS = {
    "overdue": "Overdue", "soon": "Due soon", "open": "Due later", "kept": "Kept", "broken": "Broken", "withdrawn": "No longer needed",
}  # fmt: skip


def page(app: App, request: Request, template: str, staff: Staff, told: Context, screen: str = "") -> Response:
    """A page of the ledger in the shell."""
    usual = "performance" if app.may(staff, "open", "performance") else "desk"
    return app.page(
        request, f"{FOLDER}/{template}", screen=screen or usual, csrf=app.csrf(request), **common(app, staff), **told
    )


def common(app: App, staff: Staff) -> Context:
    """What every template may use."""
    people = {each.id: each.name for each in app.accounts.everyone()}
    queues = titles(app)
    return {
        "zone": app.organisation.zone, "in_words": in_words, "now_ms": app.clock.now_ms(), "titles": queues, "deeds": DEEDS,
        "stand_words": STAND_WORDS, "may_open": app.may(staff, "open", "conversations"), "invented": app.organisation.invented,
        "may_export": app.may(staff, "export", "performance"), "may_answer": app.may(staff, "change", "quality"),
        "person": lambda who: people.get(who, who), "owner": lambda told: owner_name(told, people, queues),
    }  # fmt: skip


def titles(app: App) -> dict[str, str]:
    """The queues by the name they are shown under."""
    return {queue.id: queue.title for queue in app.policy(Routing).queues if queue.title}


def owner_name(told: str, people: Mapping[str, str], queues: Mapping[str, str]) -> str:
    """An owner in words: a rep's name, or a queue for what an AI promised."""
    kind, _, name = told.partition(":")
    if kind == "rep":
        return people.get(name, name)
    return f"Queue {queues.get(name) or in_words(name)}" if name else "Nobody"


def states_table(found: Mapping[int, Window]) -> Table:
    """The nine states for every window."""
    rows: list[dict[str, object]] = [
        {"days": days, "state": state, "needs": found[days].counts[state], **_ends(found[days].shares[state])}
        for days in WINDOWS_DAYS
        for state in STATES
    ]
    return rows, ["days", "state", "needs", "share", "share_low", "share_high", "clusters"]


def needs_table(found: Sequence[Need], days: int) -> Table:
    """The needs behind the shares."""
    rows: list[dict[str, object]] = [
        {"days": days, "need": n.need, "state": n.state, "conversations": " ".join(n.conversations), "evidence": " ".join(n.evidence),
         "intent": n.intent, "channel": n.channel, "first_ms": n.first_ms, "since_ms": n.since_ms}
        for n in found
    ]  # fmt: skip
    return rows, ["days", "need", "state", "conversations", "evidence", "intent", "channel", "first_ms", "since_ms"]


def promises_table(found: Sequence[Obligation]) -> Table:
    """Promises."""
    columns = [*Obligation.__struct_fields__]
    return [{name: getattr(each, name) for name in columns} | {"owner": each.owner} for each in found], [
        *columns,
        "owner",
    ]


def _ends(e: Estimate) -> dict[str, object]:
    return {
        "share": round(e.value, 4),
        "share_low": round(e.low, 4),
        "share_high": round(e.high, 4),
        "clusters": e.clusters,
    }
