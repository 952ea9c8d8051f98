"""What is remembered of escalations: the AI's part of each conversation, each escalation, steps reached, tasks."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

PARTS = Table(
    "escalations_parts", METADATA,
    Column("conversation", String, primary_key=True),
    Column("agent", String),
    Column("version", String),
    Column("turns", Integer),
    Column("over_ms", BigInteger),
)  # fmt: skip
"""The AI's part of a conversation, once it is over: `turns` of the customer that it heard, until the first escalation."""

ESCALATIONS = Table(
    "escalations_escalations", METADATA,
    Column("conversation", String, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("position", BigInteger),
    Column("at_ms", BigInteger),
    Column("reason", String),
    Column("queue", String),
    Column("agent", String),
    Column("intent", String),
    Column("turn", Integer),
    Column("procedure", String),
    Column("step", String),
    Column("field", String),
    Index("escalations_by_time", "at_ms"),
)  # fmt: skip
"""From AI to a person, one row each; `epoch` counts changes of hands. `turn` is the customer's turn it followed, 1 first; `field`
is what the AI lacked, empty where that was not the cause."""

STEPS = Table(
    "escalations_steps", METADATA,
    Column("conversation", String, primary_key=True),
    Column("procedure", String, primary_key=True),
    Column("step", String, primary_key=True),
    Column("field", String),
)  # fmt: skip
"""Which steps of which procedures a conversation reached, and the field each wants."""

TASKS = Table(
    "escalations_tasks", METADATA,
    Column("task", String, primary_key=True),
    Column("procedure", String),
    Column("title", String),
    Column("field", String),
    Column("owner", String),
    Column("state", String),
    Column("lacked", Integer),
    Column("last_ms", BigInteger),
    Column("opened", Integer),
    Column("opened_ms", BigInteger),
    Column("closed_ms", BigInteger),
    Column("closed_by", String),
    Column("how", String),
)  # fmt: skip
"""`task` is the key of its `case/…` stream. State: watched (not often enough yet), open, closed."""
