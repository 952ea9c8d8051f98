"""The read models of the craft."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

METADATA = MetaData()
STREAMS = Table(
    "craft_streams", METADATA,
    Column("stream", String, primary_key=True), Column("count", Integer), Column("last_what", String),
    Column("last_position", BigInteger), Column("asked", Integer),
)  # fmt: skip
KINDS = Table("craft_kinds", METADATA, Column("kind", String, primary_key=True), Column("n", Integer))
