"""Read models of knowledge: how often a section was found and used, and what was asked in vain. Days are UTC days since 1970."""

from sqlalchemy import Column, Integer, MetaData, String, Table

METADATA = MetaData()

USE = Table(
    "knowledge_use",
    METADATA,
    Column("article", String, primary_key=True),
    Column("section", Integer, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("found", Integer),
    Column("answered", Integer),
)
"""How often a section was among the found ones, and how often a turn cited it."""

GAPS = Table(
    "knowledge_gaps",
    METADATA,
    Column("intent", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("asked", Integer),
    Column("nothing_found", Integer),
)
"""How often something was asked about an intent, and how often no section was good enough. Intent `` is: not understood."""
