"""What is remembered of AI use: drafts per rep, day, conversation and tool; people, training, and pay bands as counts per team."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

DRAFTS = Table(
    "ai_use_drafts", METADATA,
    Column("rep", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("conversation", String, primary_key=True),
    Column("tool", String, primary_key=True),
    Column("asked", Integer),
    Column("shown", Integer),
    Column("inserted", Integer),
    Column("sent", Integer),
    Column("edited", Integer),
    Column("reworked", Integer),
    Column("own_words", Integer),
    Column("changed", Integer),
    Column("light", Integer),
    Column("medium", Integer),
    Column("heavy", Integer),
    Index("ai_use_drafts_by_day", "day"),
)  # fmt: skip
"""Sums; `day` is the UTC day since 1970, `tool` `baton` for its own desk, `conversation` empty where another tool does not know it.

`shown` counts times drafts were shown, `inserted` drafts put into a reply, `sent` those of them that were sent, `edited` those
sent with a change, `reworked` those of which 200 permille or more was changed. Edited ones by how much: `light` under 50 permille,
`medium` under 200, `heavy` from there on; `changed` adds the permille. `own_words` counts replies written without a draft, or
in which hardly any of it was left."""

PEOPLE = Table(
    "ai_use_people", METADATA,
    Column("rep", String, primary_key=True),
    Column("team", String),
    Column("hired_ms", BigInteger),
    Column("left_ms", BigInteger),
    Column("source", String),
)  # fmt: skip
"""Reps as an HR system tells. What a person earns is in no table."""

TRAINING = Table(
    "ai_use_training", METADATA,
    Column("rep", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("minutes", Integer),
    Column("courses", Integer),
)  # fmt: skip
"""Completed training by UTC day since 1970."""

BANDS = Table(
    "ai_use_bands", METADATA,
    Column("team", String, primary_key=True),
    Column("pay_band", String, primary_key=True),
    Column("people", Integer),
)  # fmt: skip
"""How many of a team are in each pay band: never who."""
