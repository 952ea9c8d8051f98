"""Read models of governance: conversations an agent holds now, who looked at what, what was vetoed, and what passed the gate. Days are UTC days since 1970."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

METADATA = MetaData()

OPEN = Table(
    "governance_open",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("state", String),
    Column("holder", String),
    Column("halted", String),
    Column("started_ms", BigInteger),
)
"""Live conversations: `state` open or ended, `holder` agent, rep, queue or nobody, `halted` the agents stopped there."""

ACCESS = Table(
    "governance_access",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("staff", String),
    Column("act", String),
    Column("conversation", String),
    Column("role", String),
    Column("at_ms", BigInteger),
)
"""Every access to personal data and every sign-in: who, when, what."""

VETOES = Table(
    "governance_vetoes",
    METADATA,
    Column("action", String, primary_key=True),
    Column("why", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("vetoed", Integer),
)
"""How often governance refused what was proposed, and why."""

SWITCHES = Table(
    "governance_switches",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("agents", String),
    Column("staff", String),
    Column("why", String),
    Column("at_ms", BigInteger),
)
"""Every turn of the kill switch: the agents stopped from then on (ids, or `*`; empty for none), by whom and why."""

CONFIRMED = Table(
    "governance_confirmed",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("bound", String, primary_key=True),
    Column("customer", String),
    Column("until_ms", BigInteger),
    Column("state", String),
    Column("channel", String),
    Column("act", String),
)
"""Every yes an act was asked for: `bound` is the act's hash, `state` asked, given, spent or used, `act` the key of the act it was spent on."""

APPROVED = Table(
    "governance_approved",
    METADATA,
    Column("approval", String, primary_key=True),
    Column("conversation", String),
    Column("bound", String),
    Column("until_ms", BigInteger),
)
"""Approvals that were asked of a person; `until_ms` is 0 or empty until one was given."""

CALLS = Table(
    "governance_calls",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("conversation", String),
    Column("tool", String),
    Column("risk", String),
    Column("kind", String),
    Column("allowed", Integer),
    Column("rules", String),
    Column("grounds", String),
    Column("at_ms", BigInteger),
)
"""Every call the gate judged: `rules` decided, by commas; `grounds` are what it knew, as JSON of labels and numbers."""

GATES = Table(
    "governance_gates",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("author", String),
    Column("why", String),
    Column("replay", String),
    Column("emergency", Integer),
    Column("at_ms", BigInteger),
)
"""Every version of the gate's policies that was put in force; `replay` is what it changed of past calls, or empty."""
