"""Read model of complexity: one row per conversation."""

from sqlalchemy import Column, Integer, MetaData, String, Table

METADATA = MetaData()

CONVERSATIONS = Table(
    "complexity_conversations", METADATA,
    Column("conversation", String, primary_key=True),
    Column("level", String),
    Column("graded", String),
    Column("score", Integer),
    Column("reasons", String),
    Column("overridden", Integer),
    Column("contacts", Integer),
    Column("transfers", Integer),
    Column("after", String),
    Column("after_score", Integer),
    Column("after_reasons", String),
    Column("beyond", Integer),
    Column("before", String),
    Column("before_score", Integer),
    Column("before_signs", String),
)  # fmt: skip
"""`level` is what counts (a rep's, where one overruled it), `graded` what the score says; reasons with commas between.
`after` is how hard it turned out to be, `beyond` the time over its usual in permille of the spread; null before that is known.
`before` is how hard it looked when a rep set to it, `before_signs` the signs then, each with its points: `sign:points`, commas between."""
