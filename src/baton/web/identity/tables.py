"""The tables of accounts: a file of their own, apart from the log, which older homes grow into."""

from pathlib import Path
from typing import Final

from sqlalchemy import (
    BigInteger,
    Column,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    inspect,
    text,
)

METADATA: Final = MetaData()


def _text(name: str) -> Column[str]:
    return Column(name, String, nullable=False, server_default="")


def _number(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default="0")


STAFF: Final = Table(
    "web_staff", METADATA,
    Column("id", String, primary_key=True), Column("email", String, unique=True, nullable=False), Column("name", String, nullable=False),
    Column("role", String, nullable=False), Column("password", String, nullable=False), Column("disabled", Integer, nullable=False),
    Column("skills", String, nullable=False), Column("languages", String, nullable=False), Column("capacity", Integer, nullable=False),
    _text("made_role"), _text("attributes"), _text("resource"), _number("by_group"), _number("made_ms"), _number("changed_ms"),
)  # fmt: skip
"""`made_role` is the organisation's own role, empty for one that ships; `resource` what a directory said, as JSON."""

SESSIONS: Final = Table(
    "web_sessions", METADATA,
    Column("id", String, primary_key=True), Column("staff", String, nullable=False, index=True),
    Column("began_ms", BigInteger, nullable=False), Column("seen_ms", BigInteger, nullable=False),
    _text("device"), _text("address"), _text("how"), _text("subject"), _text("sid"),
)  # fmt: skip
"""`subject` and `sid` are the provider's names for the person and the session, where a provider signed them in."""

TOKENS: Final = Table(
    "web_tokens", METADATA,
    Column("id", String, primary_key=True), Column("staff", String, nullable=False, index=True), Column("name", String, nullable=False),
    Column("made_ms", BigInteger, nullable=False),
    _text("scopes"), _text("begins"), _text("made_by"), _number("expires_ms"), _number("used_ms"),
)  # fmt: skip
"""`begins` are the first characters of a key, to tell it by; empty `scopes` are a token from before there were any."""

PASSKEYS: Final = Table(
    "web_passkeys", METADATA,
    Column("id", String, primary_key=True), Column("staff", String, nullable=False, index=True), _text("name"), _text("public_key"),
    _number("counter"), _number("made_ms"), _number("used_ms"),
)  # fmt: skip

ONCE: Final = Table(
    "web_once", METADATA,
    Column("id", String, primary_key=True), Column("purpose", String, nullable=False), _text("value"), _number("expires_ms"),
)  # fmt: skip
"""What opens something one time: the hash of a secret, what for, and until when."""

GROUPS: Final = Table(
    "web_groups", METADATA,
    Column("id", String, primary_key=True), Column("name", String, nullable=False), _text("resource"), _text("members"),
    _number("made_ms"), _number("changed_ms"),
)  # fmt: skip
"""Groups of a directory; `members` are staff ids, separated by commas."""


def opened(path: Path) -> Engine:
    """The file of accounts, with every table and column there is now."""
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(f"sqlite:///{path}", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def durable(connection: object, _: object) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "busy_timeout = 10000"):
            connection.execute(f"PRAGMA {pragma}")  # type: ignore[attr-defined]

    METADATA.create_all(engine)
    _grow(engine)
    return engine


def _grow(engine: Engine) -> None:
    known = inspect(engine)
    for table in METADATA.sorted_tables:
        there = {column["name"] for column in known.get_columns(table.name)}
        for column in table.columns:
            if column.name not in there:
                kind = column.type.compile(engine.dialect)
                default = "''" if isinstance(column.type, String) else "0"
                with engine.begin() as db:
                    db.execute(
                        text(f"ALTER TABLE {table.name} ADD COLUMN {column.name} {kind} NOT NULL DEFAULT {default}")
                    )
