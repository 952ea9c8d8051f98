"""What the ledger remembers: needs, the contacts they span, every change of a state, promises, and who was asked."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()

NEEDS = Table(
    "resolution_needs",
    METADATA,
    Column("need", String, primary_key=True),
    Column("state", String),
    Column("intent", String),
    Column("channel", String),
    Column("first_path", String),
    Column("contained", Integer),
    Column("customer", String),
    Column("conversations", Integer),
    Column("evidence", Text),
    Column("since_ms", BigInteger),
    Column("source", String),
    Column("first_ms", BigInteger),
    Column("last_ms", BigInteger),
    Column("merged_into", String),
    Index("resolution_needs_by_first", "first_ms"),
)
"""One row per need. Rows with `merged_into` turned out to be part of an earlier need: leave them out of every count."""

CONTACTS = Table(
    "resolution_needs_conversations",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("need", String),
    Column("customer", String),
    Column("intent", String),
    Column("channel", String),
    Column("source", String),
    Column("queue", String),
    Column("stated_need", String),
    Column("path", String),
    Column("contained", Integer),
    Column("simulated", Integer),
    Column("verdict", String),
    Column("judged", String),
    Column("estimate", Integer),
    Column("estimate_model", String),
    Column("evidence", Text),
    Column("started_ms", BigInteger),
    Column("ended_ms", BigInteger),
    Column("next", String),
    Column("gap_ms", BigInteger),
    Column("origin", String),
    Index("resolution_needs_conversations_by_need", "need"),
    Index("resolution_needs_conversations_by_start", "started_ms"),
)
"""One row per ended conversation: its need, its own verdict, and the next contact about the same issue, if any came.

`estimate` is the chance in permille that the need was met, without any stated outcome; -1 where no model says anything.
"""

CHANGES = Table(
    "resolution_changes",
    METADATA,
    Column("need", String, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("state", String),
    Column("was", String),
    Column("evidence", Text),
    Column("at_ms", BigInteger),
    Index("resolution_changes_by_time", "at_ms"),
)
"""Every change of a need's state, with the evidence it rests on."""

PROMISES = Table(
    "resolution_promises",
    METADATA,
    Column("promise", String, primary_key=True),
    Column("conversation", String),
    Column("customer", String),
    Column("deed", String),
    Column("made_by", String),
    Column("who", String),
    Column("channel", String),
    Column("queue", String),
    Column("intent", String),
    Column("source", String),
    Column("live", Integer),
    Column("said_ms", BigInteger),
    Column("due_ms", BigInteger),
    Column("state", String),
    Column("evidence", String),
    Column("since_ms", BigInteger),
    Column("chased", Integer),
    Index("resolution_promises_by_due", "due_ms"),
    Index("resolution_promises_by_said", "said_ms"),
    Index("resolution_promises_by_conversation", "conversation"),
)
"""One row per dated obligation. `made_by` is rep or agent, `who` its id; `state` is open, due (time has come, nothing shows that it was kept),
kept, broken or withdrawn, since `since_ms`, by `evidence` (a label); `chased` counts how often the owner was told. Kept rate = kept / (kept + broken)."""

TOLD = Table(
    "resolution_promises_told",
    METADATA,
    Column("promise", String, primary_key=True),
    Column("state", String),
    Column("who", String),
    Column("at_ms", BigInteger),
)
"""What somebody (`who`, a staff id) says came of a promise, and when that was. Most promises are settled by what happened instead."""

PROBES = Table(
    "resolution_probes",
    METADATA,
    Column("need", String, primary_key=True),
    Column("permille", Integer),
    Column("drawn_ms", BigInteger),
    Column("met", String),
    Column("answered_by", String),
    Column("who", String),
    Column("answered_ms", BigInteger),
)
"""One row per need that was drawn at random (with `permille` of chance), and its answer: yes, no, cannot_tell, or null while there is none.
Join with needs whose `merged_into` is empty and take only rows with a `permille`."""

KNOWN = Table(
    "resolution_known",
    METADATA,
    Column("customer", String, primary_key=True),
    Column("until_ms", BigInteger),
)
"""How far the contacts of a customer are known: windows that close before it are closed."""

JOINED = Table(
    "resolution_joined",
    METADATA,
    Column("customer", String, primary_key=True),
    Column("into", String),
    Column("who", String),
    Column("at_ms", BigInteger),
    Index("resolution_joined_by_into", "into"),
)
"""Identities of one person: whose contacts and needs are told as those of `into` (which may be joined itself); empty where that was taken back, by `who`."""
