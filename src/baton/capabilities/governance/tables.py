"""Read models of governance: conversations an agent holds now, who looked at what, and what was vetoed. Days are UTC days since 1970."""

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
