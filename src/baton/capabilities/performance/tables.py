"""What performance remembers beside the lake: AI suggestions in reps' hands, and offers taken and passed."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

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
    Column("unanswered", Integer),
)
"""Offers of conversations to reps: taken, passed, or left unanswered until they went on. How hard a conversation was is not shown before it is taken; it is counted here after."""

REPLIES = Table(
    "performance_replies",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("asked_ms", BigInteger),
    Column("replied_ms", BigInteger),
    Column("role", String),
    Column("person_ms", BigInteger),
    Column("version", String),
)
"""When the customer first wrote, when the first reply came and from whom (agent or rep), when the first one of a person
came, and which AI version spoke first (`assistant 1`)."""

RATINGS = Table(
    "performance_ratings",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("scale", String, primary_key=True),
    Column("score", Integer),
    Column("at_ms", BigInteger),
)
"""What the customer gave a conversation: csat 1 to 5, nps 0 to 10, ces 1 to 7; the last one counts."""

COSTS = Table(
    "performance_costs",
    METADATA,
    Column("id", String, primary_key=True),
    Column("rep_hour", BigInteger),
    Column("ai_turn", BigInteger),
    Column("conversation", BigInteger),
    Column("voice_minute", BigInteger),
    Column("author", String),
    Column("at_ms", BigInteger),
)
"""The costs in force, as the policy `performance.Costs` sets them: one row, `now`; none before anybody set them. Thousandths of a cent."""
