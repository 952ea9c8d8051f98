"""Read models of the floor: who has which alert, who asked for help, what cover was bought, which outages there were."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

ALERTS = Table(
    "floor_alerts", METADATA,
    Column("alert", String, primary_key=True),
    Column("state", String),
    Column("staff", String),
    Column("name", String),
    Column("at_ms", BigInteger),
    Column("until_ms", BigInteger),
)  # fmt: skip
"""The last that was said of each alert; `until_ms` is up to which wait it was meant."""

HELP = Table(
    "floor_help", METADATA,
    Column("conversation", String, primary_key=True),
    Column("rep", String),
    Column("state", String),
    Column("asked_ms", BigInteger),
    Column("answered_by", String),
    Index("floor_help_by_state", "state"),
)  # fmt: skip

COVERS = Table(
    "floor_covers", METADATA,
    Column("cover", String, primary_key=True),
    Column("queue", String),
    Column("kind", String),
    Column("minutes", Integer),
    Column("position", BigInteger),
    Column("staff", String),
    Column("name", String),
    Column("at_ms", BigInteger),
    Column("until_ms", BigInteger),
    Index("floor_covers_by_time", "at_ms"),
)  # fmt: skip
"""Cover that was bought; the reason is read from the log at `position`."""

OUTAGES = Table(
    "floor_outages", METADATA,
    Column("outage", String, primary_key=True),
    Column("queues", String),
    Column("began_ms", BigInteger),
    Column("ended_ms", BigInteger),
    Column("began_by", String),
    Column("ended_by", String),
    Column("told", Integer),
    Index("floor_outages_by_time", "began_ms"),
)  # fmt: skip
"""`queues` with commas between, empty for all; `told` counts the conversations that were told. Title and text are read from the policy."""

JOINS = Table(
    "floor_joins", METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("conversation", String),
    Column("staff", String),
    Column("name", String),
    Column("at_ms", BigInteger),
    Index("floor_joins_by_time", "at_ms"),
)  # fmt: skip
"""Every time somebody joined a conversation as a third."""
