"""Read model of moods: one row per conversation with a customer who said something."""

from sqlalchemy import Column, Integer, MetaData, String, Table

METADATA = MetaData()

CONVERSATIONS = Table(
    "sentiment_conversations", METADATA,
    Column("conversation", String, primary_key=True),
    Column("first", Integer),
    Column("last", Integer),
    Column("lowest", Integer),
    Column("frustration", Integer),
    Column("turns", Integer),
)  # fmt: skip
"""Moods -1000 to 1000 after the first turn, after the last, and the lowest; frustration 0 to 1000 after the last."""
