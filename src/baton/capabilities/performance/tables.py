"""What performance remembers beside the lake: AI suggestions in reps' hands, and offers taken and passed."""

from sqlalchemy import Column, Integer, MetaData, String, Table

METADATA = MetaData()

AI_USE = Table(
    "performance_ai_use",
    METADATA,
    Column("rep", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("conversation", String, primary_key=True),
    Column("requested", Integer),
    Column("shown", Integer),
    Column("picked", Integer),
    Column("edited", Integer),
    Column("own_words", Integer),
    Column("changed", Integer),
    Column("reworked", Integer),
)
"""Sums per rep, day (UTC) and conversation. `changed` adds permille of changed text; `reworked` counts 200 permille or more."""

OFFERS = Table(
    "performance_offers",
    METADATA,
    Column("rep", String, primary_key=True),
    Column("day", String, primary_key=True),
    Column("conversation", String, primary_key=True),
    Column("taken", Integer),
    Column("passed", Integer),
)
"""Offers of conversations to reps. How hard a conversation was is not shown before it is taken; it is counted here after."""
