"""Read model of individual: every quote that was told and what came of it, and who is to be remembered from when on."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

QUOTES = Table(
    "individual_quotes", METADATA,
    Column("conversation", String, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("whom", String, primary_key=True),
    Column("queue", String),
    Column("rep", String),
    Column("hour", Integer),
    Column("at_ms", BigInteger),
    Column("wait_ms", BigInteger),
    Column("within_ms", BigInteger),
    Column("took_ms", BigInteger),
    Column("answered", Integer),
    Column("kept", Integer),
    Column("found", String),
    Index("individual_quotes_by_time", "at_ms"),
)  # fmt: skip
"""`whom` is `anyone` or `rep`; `hour` of the day in UTC. `took_ms`, `answered` and `kept` are null while the customer waits; `kept` stays null where
they left before the promised time was over. `found` is what the quote rests on, commas between: a line's fields, or quantiles of the rep's wait."""

FORGOTTEN = Table(
    "individual_forgotten", METADATA,
    Column("customer", String, primary_key=True),
    Column("until_ms", BigInteger),
)  # fmt: skip
"""Nothing from before `until_ms` is remembered of a customer."""
