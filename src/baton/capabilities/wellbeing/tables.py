"""Read models of wellbeing: breathers by team and their price, easy conversations withheld from the AI. No row holds or names a rep."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

BREATHERS = Table(
    "wellbeing_breathers", METADATA,
    Column("ref", String, primary_key=True),
    Column("team", String),
    Column("state", String),
    Column("kind", String),
    Column("rest_s", Integer),
    Column("skills", String),
    Column("asked_ms", BigInteger),
    Column("late_permille", Integer),
    Column("milli_contacts", Integer),
    Column("priced_ms", BigInteger),
    Column("by", String),
    Index("wellbeing_breathers_by_state", "state"),
)  # fmt: skip
"""`state` is waiting, granted, taken or unused; `late_permille` what it cost when last priced, -1 before; `skills` are those of
whoever it is for, divided by commas, for the price; `by` is `policy` or the supervisor who approved it."""

RESERVED = Table(
    "wellbeing_reserved", METADATA,
    Column("conversation", String, primary_key=True),
    Column("why", String),
    Column("at_ms", BigInteger),
    Column("waited_ms", BigInteger),
    Column("handled_ms", BigInteger),
    Index("wellbeing_reserved_by_time", "at_ms"),
)  # fmt: skip
"""Easy conversations that people had before the AI: why, how long the customer waited for a person and how long a rep had it."""
