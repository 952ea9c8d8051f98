"""What orchestration remembers: intents that somebody corrected, and heads that were taught. Never the words."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

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

HEADS = Table(
    "orchestration_heads",
    METADATA,
    Column("head", String, primary_key=True),
    Column("title", String),
    Column("staff", String),
    Column("given_ms", BigInteger),
    Column("rows", Integer),
    Column("held", Integer),
    Column("corrections", Integer),
    Column("labels", String),
    Column("out_of_scope", String),
    Column("tested", Integer),
    Column("left", String),
    Column("state", String),
    Column("step", String),
    Column("done", Integer),
    Column("total", Integer),
    Column("figures", String),
    Column("why", String),
    Column("over_ms", BigInteger),
)
"""One row for each set of rows that was given. `state` is `given`, `doubted` (rows have faults), `asked`, `taught` or `failed`; `labels` and
`left` are JSON, `figures` the `HeadTaught` as JSON: labels and numbers."""

PRESENCE = Table(
    "orchestration_presence",
    METADATA,
    Column("rep", String, primary_key=True),
    Column("since_ms", BigInteger, primary_key=True),
    Column("presence", String),
)
"""One row for each change of a rep's presence at the desk: who was at work when, for replays of the queue."""

REPLAYS = Table(
    "orchestration_replays",
    METADATA,
    Column("replay", String, primary_key=True),
    Column("title", String),
    Column("staff", String),
    Column("asked_ms", BigInteger),
    Column("since_ms", BigInteger),
    Column("until_ms", BigInteger),
    Column("state", String),
    Column("why", String),
    Column("over_ms", BigInteger),
    Column("contacts", Integer),
    Column("live_ms", BigInteger),
    Column("live_by", String),
)
"""One row for each replay that was asked for on the screen. `state` is `asked`, `done` or `failed`; `live_ms` is when its change went live."""
