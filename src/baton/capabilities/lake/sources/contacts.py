"""Contact records of any ACD: one row per segment, several segments per contact, no text.

`contact, customer, channel, queue, offered_at`, and optional `answered_at, ended_at, hold_s, wrap_s, rep, need, brand, site,
employer, transferred_to, abandoned, callback`. Headers of common exports are understood. A contact with a row that cannot
be read is left out whole. The need, or else the queue, is what later contacts of the customer are matched by.
"""

from collections.abc import Iterator
from pathlib import Path

from baton.capabilities.lake.events import Labelled, Segment
from baton.capabilities.lake.sources.csv import channel_of
from baton.capabilities.lake.sources.grouped import grouped
from baton.capabilities.lake.sources.history import Conversation, Moment, Names, Skipped, conversation, label_of, where
from baton.capabilities.lake.sources.lenient import Row, Times, is_true, seconds_ms
from baton.kernel.conversation import Ended, Started
from baton.kernel.events import Event

SOURCE = "contacts"
SUFFIXES = (".csv", ".tsv", ".txt")
COLUMNS: dict[str, tuple[str, ...]] = {
    "contact": (
        "contact_id", "call_id", "interaction_id", "conversation_id", "session_id", "ucid", "call_guid", "segment_id",
        "communication_id", "master_contact_id",
    ),
    "customer": (
        "customer_id", "caller", "caller_id", "ani", "phone", "phone_number", "customer_phone", "from", "calling_number",
        "customer_endpoint", "customer_endpoint_address", "account", "account_id", "email", "contact_name",
    ),
    "channel": ("media", "media_type", "interaction_type", "contact_type", "medium"),
    "queue": ("queue_name", "skill", "skill_name", "split", "split_skill", "contact_queue", "service", "vq", "acd_queue"),
    "offered_at": (
        "offered", "start", "start_time", "started_at", "arrived_at", "initiation_timestamp", "enqueue_timestamp", "queued_at",
        "call_start_time", "contact_start", "contact_start_time", "date_time", "datetime", "timestamp",
    ),
    "answered_at": (
        "answered", "answer_time", "answered_time", "connected_to_agent_timestamp", "connected_to_agent", "agent_start",
        "agent_connected_at", "connect_time",
    ),
    "ended_at": ("ended", "end", "end_time", "disconnect_timestamp", "hangup_time", "contact_end", "finished_at", "closed_at"),
    "hold_s": ("hold", "hold_time", "customer_hold_duration", "hold_duration", "total_hold"),
    "wrap_s": ("wrap", "acw", "acw_time", "after_contact_work_duration", "wrap_up_time", "wrapup", "after_call_work"),
    "rep": ("agent", "agent_name", "agent_id", "agent_username", "user", "employee", "agent_login", "handled_by", "rep_id"),
    "need": (
        "intent", "reason", "contact_reason", "call_reason", "topic", "category", "disposition", "disposition_code",
        "wrap_up_code", "call_type",
    ),
    "brand": ("brand_name",),
    "site": ("location",),
    "employer": ("bpo", "vendor", "partner", "outsourcer"),
    "transferred_to": ("transfer", "transfer_to", "transferred_queue", "transfer_target", "transferred_out_to"),
    "abandoned": ("abandon", "is_abandoned", "abandoned_in_queue"),
    "callback": ("is_callback", "callback_requested"),
}  # fmt: skip
NEEDED = ("contact", "offered_at")


def read(path: Path, names: Names) -> Iterator[Conversation | Skipped]:
    """The contacts of one table."""
    found = grouped(path, COLUMNS, NEEDED, "contact")
    yield from found.skipped
    told = ("offered_at", "answered_at", "ended_at")
    times = Times(row.cells.get(name, "") for rows in found.rows.values() for row in rows for name in told)
    for external, each in found.rows.items():
        yield _contact(external, each, times, names, path)


def _contact(external: str, rows: list[Row], times: Times, names: Names, path: Path) -> Conversation | Skipped:
    segments: list[tuple[Segment, Row]] = []
    for row in rows:
        wrong, segment = _segment(external, row, times, names)
        if segment is None:
            return Skipped(f"{wrong}; its contact was left out", where(path, row.number))
        segments.append((segment, row))
    segments.sort(key=lambda s: s[0].offered_ms)
    return _built(external, segments, names)


def _segment(external: str, row: Row, times: Times, names: Names) -> tuple[str, Segment | None]:
    cells = row.cells
    offered = times.ms(cells.get("offered_at", ""))
    answered, ended = (_optional(times, cells.get(name, "")) for name in ("answered_at", "ended_at"))
    if offered is None:
        return "no offered time that can be read", None
    if answered is None or ended is None:
        return "a time that cannot be read", None
    if (answered and answered < offered) or (ended and ended < max(offered, answered)):
        return "answered before offered, or ended before answered", None
    rep, told = names.rep(cells.get("rep", "")), cells.get("abandoned", "")
    abandoned = is_true(told) or (not told and not answered and not rep and not is_true(cells.get("callback", "")))
    return "", Segment(
        contact=names.stream(SOURCE, external).partition("/")[2], queue=label_of(cells.get("queue", "")), offered_ms=offered,
        answered_ms=answered, ended_ms=ended or answered or offered, hold_ms=seconds_ms(cells.get("hold_s", "")),
        wrap_ms=seconds_ms(cells.get("wrap_s", "")), rep=rep, need=label_of(cells.get("need", "")),
        transferred_to=label_of(cells.get("transferred_to", "")), abandoned=abandoned,
        callback=is_true(cells.get("callback", "")),
    )  # fmt: skip


def _built(external: str, told: list[tuple[Segment, Row]], names: Names) -> Conversation:
    cells = {name: value for _, row in reversed(told) for name, value in row.cells.items() if value}
    segments = [segment for segment, _ in told]
    begun = Started(
        channel=channel_of(cells.get("channel", "voice")), customer=names.customer(cells.get("customer", "")),
        origin="imported", source=SOURCE, queue=segments[0].queue, brand=cells.get("brand", ""), site=cells.get("site", ""),
    )  # fmt: skip
    first, last = segments[0].offered_ms, max(s.ended_ms for s in segments)
    numbered = [Moment(s.offered_ms, (_renumbered(s, n),)) for n, s in enumerate(segments, 1)]
    need = next((s.need for s in segments if s.need), "")
    end: tuple[Event, ...] = (Ended("abandoned" if segments[-1].abandoned else "imported", segments[-1].rep),)
    if cells.get("employer"):
        end = (Labelled("employer", text_label=label_of(cells["employer"])), *end)
    if need:
        end = (Labelled("intent", text_label=need), *end)
    moments = [Moment(first, (begun,)), *numbered, Moment(last, end)]
    return conversation(SOURCE, names.stream(SOURCE, external), begun.customer, moments, 0)


def _renumbered(segment: Segment, number: int) -> Segment:
    return Segment(**{f: getattr(segment, f) for f in Segment.__struct_fields__ if f != "number"}, number=number)


def _optional(times: Times, told: str) -> int | None:
    return times.ms(told) if told.strip() else 0
