"""Read models of routing: who has each conversation, how queues did minute by minute, what became of offers."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

CONVERSATIONS = Table(
    "routing_conversations", METADATA,
    Column("conversation", String, primary_key=True),
    Column("holder", String),
    Column("who", String),
    Column("since_ms", BigInteger),
    Column("queue", String),
    Column("reason", String),
    Column("asked_ms", BigInteger),
    Column("answered_ms", BigInteger),
    Column("waited_ms", BigInteger),
    Column("left", String),
    Column("told_ms", BigInteger),
    Column("within_ms", BigInteger),
    Column("handovers", Integer),
    Column("transfers", Integer),
    Column("ended_ms", BigInteger),
    Index("routing_conversations_by_holder", "holder", "who"),
)  # fmt: skip
"""`conversation` is the stream's key; times are milliseconds since the epoch. `waited_ms` is of the latest wait that was
answered, `told_ms` and `within_ms` what the customer was told when it began; `left` why a wait ended without a person."""

QUEUE_MINUTES = Table(
    "routing_queue_minutes", METADATA,
    Column("queue", String, primary_key=True),
    Column("minute", BigInteger, primary_key=True),
    Column("offered", Integer),
    Column("answered", Integer),
    Column("answered_in_target", Integer),
    Column("abandoned", Integer),
    Column("to_agent", Integer),
    Column("waited_ms", BigInteger),
)  # fmt: skip
"""By the minute (since the epoch) in which the wait began, so that each wait counts in one row, however it ended.

Service level = answered_in_target / (offered - to_agent); ASA = waited_ms / answered; abandonment = abandoned / offered.
"""

OFFERS = Table(
    "routing_offers", METADATA,
    Column("rep", String, primary_key=True),
    Column("level", String, primary_key=True),
    Column("offered", Integer),
    Column("taken", Integer),
    Column("passed", Integer),
    Column("unanswered", Integer),
)  # fmt: skip
"""By the complexity of what was offered: passes are counted by class, never held against one conversation."""

MATCHES = Table(
    "routing_matches", METADATA,
    Column("conversation", String, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("rep", String, primary_key=True),
    Column("queue", String),
    Column("level", String),
    Column("team", String),
    Column("chance_permille", Integer),
    Column("offered_ms", BigInteger),
    Column("waited_ms", BigInteger),
    Column("taken_ms", BigInteger),
    Index("routing_matches_by_time", "offered_ms"),
)  # fmt: skip
"""Who was offered which conversation, how likely that was, and whether they took it (`taken_ms`): what other policies are judged by.

`conversation` is the stream's key. Weighted by 1000 / chance_permille it estimates what another choice among near-ties would have given
(Horvitz and Thompson 1952)."""

PROMISES = Table(
    "routing_promises", METADATA,
    Column("conversation", String, primary_key=True),
    Column("queue", String),
    Column("rep", String),
    Column("made_ms", BigInteger),
    Column("due_ms", BigInteger),
    Index("routing_promises_by_due", "due_ms"),
)  # fmt: skip
"""What a rep promised at wrap-up, by when it is due. Whether it was kept is told by the need's state, not here."""

TAKEOVERS = Table(
    "routing_takeovers", METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("conversation", String),
    Column("rep", String),
    Column("name", String),
    Column("at_ms", BigInteger),
    Index("routing_takeovers_by_time", "at_ms"),
)  # fmt: skip
"""Every conversation a supervisor took at once: which, who, when. The reason is read from the log."""

LOANS = Table(
    "routing_loans", METADATA,
    Column("rep", String, primary_key=True),
    Column("skills", String),
    Column("until_ms", BigInteger),
    Column("by", String),
    Column("at_ms", BigInteger),
    Column("position", BigInteger),
)  # fmt: skip
"""The last time each rep was lent to other queues: by skill, commas between; `until_ms` 0 where they are back."""
