"""Read models of planning: contracts, weeks and what they need, shifts, leave, swaps, presence, and fingerprints of calendar addresses."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

CONTRACTS = Table(
    "workforce_contracts", METADATA,
    Column("rep", String, primary_key=True),
    Column("week_min", Integer),
    Column("days_on", Integer),
    Column("off", String),
    Column("earliest_min", Integer),
    Column("latest_min", Integer),
    Column("source", String),
)  # fmt: skip
"""`off` holds weekdays, 0 Monday, divided by commas."""

WEEKS = Table(
    "workforce_weeks", METADATA,
    Column("week", String, primary_key=True),
    Column("state", String),
    Column("step", String),
    Column("asked_by", String),
    Column("asked_ms", BigInteger),
    Column("over_ms", BigInteger),
    Column("people", Integer),
    Column("missing", Integer),
    Column("gap_permille", Integer),
    Column("short_rests", Integer),
    Column("away_permille", Integer),
    Column("why", String),
)  # fmt: skip
"""`week` is its Monday; `state` is asked, made or failed; the figures are those of the week as it was made."""

NEEDS = Table(
    "workforce_needs", METADATA,
    Column("day", String, primary_key=True),
    Column("queue", String, primary_key=True),
    Column("reps", String),
)  # fmt: skip
"""Reps needed by half hour of the day: 48 numbers divided by commas."""

SHIFTS = Table(
    "workforce_shifts", METADATA,
    Column("day", String, primary_key=True),
    Column("rep", String, primary_key=True),
    Column("start_ms", BigInteger),
    Column("end_ms", BigInteger),
    Column("meal_ms", BigInteger),
    Column("changed_ms", BigInteger),
    Index("workforce_shifts_by_rep", "rep", "day"),
)  # fmt: skip
"""A shift that was taken away has no end."""

LEAVES = Table(
    "workforce_leaves", METADATA,
    Column("leave", String, primary_key=True),
    Column("rep", String),
    Column("first", String),
    Column("last", String),
    Column("state", String),
    Column("by", String),
    Column("why", String),
    Column("asked_ms", BigInteger),
    Index("workforce_leaves_by_rep", "rep"),
)  # fmt: skip

SWAPS = Table(
    "workforce_swaps", METADATA,
    Column("swap", String, primary_key=True),
    Column("rep", String),
    Column("day", String),
    Column("other", String),
    Column("other_day", String),
    Column("state", String),
    Column("by", String),
    Column("why", String),
    Column("changed_ms", BigInteger),
)  # fmt: skip

PRESENCE = Table(
    "workforce_presence", METADATA,
    Column("rep", String, primary_key=True),
    Column("since_ms", BigInteger, primary_key=True),
    Column("presence", String),
    Column("reason", String),
    Index("workforce_presence_by_time", "since_ms"),
)  # fmt: skip
"""Each lasts until the rep's next one."""

FEEDS = Table(
    "workforce_feeds", METADATA,
    Column("rep", String, primary_key=True),
    Column("fingerprint", String),
    Index("workforce_feeds_by_fingerprint", "fingerprint"),
)  # fmt: skip
