"""Read model of needs for a person: one row per stay with the AI in which a trigger was met."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

METADATA = MetaData()

NEEDS = Table(
    "empathy_needs", METADATA,
    Column("conversation", String, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("reason", String),
    Column("position", BigInteger),
    Column("needed_ms", BigInteger),
    Column("queued_ms", BigInteger),
    Column("reached", Integer),
    Column("reached_ms", BigInteger),
    Column("declined", Integer),
    Column("triggers", Integer),
)  # fmt: skip
"""Times are milliseconds since the epoch, empty where it did not happen.

Time to a person = reached_ms - needed_ms. Missed escalation = never queued, reached or declined. Empathy debt = all
that were not reached and not declined.
"""
