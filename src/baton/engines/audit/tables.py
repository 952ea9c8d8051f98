"""What sealing keeps beside the log: the order it gave, hashes of full nodes, heads, and what is known of their keeping.

None of it is a read model: a rebuild leaves it alone.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

LEAVES = Table(
    "audit_leaves",
    METADATA,
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("position", BigInteger),
    Column("hash", String),
    sqlite_with_rowid=False,
)
"""The sequence: which input is which leaf (from 0), and its hash in hex."""
Index("audit_leaves_position", LEAVES.c.position)

NODES = Table(
    "audit_nodes",
    METADATA,
    Column("level", Integer, primary_key=True, autoincrement=False),
    Column("n", BigInteger, primary_key=True, autoincrement=False),
    Column("hash", String),
)
"""Roots of full subtrees of 256, 65,536, … leaves."""

REACHED = Table(
    "audit_reached",
    METADATA,
    Column("lane", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger),
)
"""How far each lane was sealed."""

HEADS = Table(
    "audit_heads",
    METADATA,
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("log", String),
    Column("root", String),
    Column("at_ms", BigInteger),
    Column("previous", String),
    Column("signer", String),
    Column("signature", String),
)
"""The log's own heads."""

KEEPING = Table(
    "audit_keeping",
    METADATA,
    Column("what", String, primary_key=True),
    Column("at_ms", BigInteger),
    Column("size", BigInteger),
    Column("ok", Integer),
    Column("told", String),
)
"""Where heads went and what the newest part was found to be, latest word each: `verified`, or an address."""

WITNESSED = Table(
    "audit_witnessed",
    METADATA,
    Column("log", String, primary_key=True),
    Column("size", BigInteger, primary_key=True, autoincrement=False),
    Column("root", String, primary_key=True),
    Column("at_ms", BigInteger),
    Column("previous", String),
    Column("signer", String),
    Column("signature", String),
    Column("public", String),
    Column("seen_ms", BigInteger),
    Column("receipt", String),
    Column("brought_by", String),
)
"""Heads of other organisations' logs that this one keeps for them."""
