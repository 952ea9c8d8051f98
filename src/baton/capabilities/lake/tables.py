"""What the lake remembers: one row per conversation, per stretch with a queue or rep, and per stated label."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

CONVERSATIONS = Table(
    "lake_conversations",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("source", String),
    Column("origin", String),
    Column("simulated", Integer),
    Column("channel", String),
    Column("language", String),
    Column("customer", String),
    Column("queue", String),
    Column("brand", String),
    Column("site", String),
    Column("started_ms", BigInteger),
    Column("last_ms", BigInteger),
    Column("ended_ms", BigInteger),
    Column("why", String),
    Column("turns_customer", Integer),
    Column("turns_machine", Integer),
    Column("turns_agent", Integer),
    Column("turns_rep", Integer),
    Column("turns_system", Integer),
    Column("path", String),
    Column("contained", Integer),
    Column("handed_over", Integer),
    Column("reached", Integer),
    Column("reason", String),
    Column("rep", String),
    Column("agent", String),
    Column("intent", String),
    Column("stated_intent", String),
    Column("complexity", String),
    Column("first_mood", Integer),
    Column("last_mood", Integer),
    Column("lowest_mood", Integer),
    Column("tools", Integer),
    Column("writes", Integer),
    Index("lake_conversations_by_start", "started_ms"),
    Index("lake_conversations_by_customer", "customer"),
)
"""`conversation` is the stream's key. Moods are the customer's. `path` and `contained` are null until it ended."""

SEGMENTS = Table(
    "lake_segments",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("source", String),
    Column("channel", String),
    Column("customer", String),
    Column("queue", String),
    Column("rep", String),
    Column("need", String),
    Column("offered_ms", BigInteger),
    Column("answered_ms", BigInteger),
    Column("ended_ms", BigInteger),
    Column("hold_ms", BigInteger),
    Column("wrap_ms", BigInteger),
    Column("transferred_to", String),
    Column("abandoned", Integer),
    Column("callback", Integer),
    Index("lake_segments_by_offer", "offered_ms"),
)
"""A stretch from being offered to people until it ended there: live, or one row of an ACD's contact records."""

LABELS = Table(
    "lake_labels",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("what", String, primary_key=True),
    Column("label", String, primary_key=True),
    Column("value", Integer),
    Column("cluster", String),
)
"""What a source states of a conversation: outcome, reward, what the customer said of it."""
