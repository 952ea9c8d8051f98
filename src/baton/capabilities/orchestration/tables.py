"""What orchestration remembers: intents that somebody corrected, as labels to learn from. Never the words."""

from sqlalchemy import BigInteger, Column, MetaData, String, Table

METADATA = MetaData()

LABELS = Table(
    "orchestration_labels",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("label", String),
    Column("was", String),
    Column("staff", String),
    Column("at_ms", BigInteger),
)
"""One row for each turn that was labelled, the last label counting; `position` 0 where no turn was named."""
