"""Corrections as rows to learn from: the turn that somebody labelled, read from its conversation when it is needed."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from baton.capabilities.orchestration.events import text_at
from baton.capabilities.orchestration.tables import LABELS
from baton.engines.models.own.rows import Row
from baton.kernel.codec import ERASED
from baton.kernel.stream import Stream
from baton.web.app import App

MOST: Final = 5000
"""The newest so many are taken."""


async def kept(app: App) -> int:
    """How many corrections there are."""
    return len(await app.store.rows(select(LABELS.c.position)))


async def correction_rows(app: App) -> list[Row]:
    """The newest corrections with the words they are about. Words that were erased, or never said here, are left out."""
    found = await app.store.rows(select(*LABELS.c).order_by(LABELS.c.at_ms.desc()).limit(MOST))
    rows = [await _row(app, each) for each in found]
    return [row for row in rows if row is not None]


async def _row(app: App, label: Mapping[str, object]) -> Row | None:
    key = str(label["conversation"])
    stream = await app.reader.stream(f"conversation/{key}")
    text = _words(stream, int(str(label["position"]))) if stream else ""
    return Row(0, text, str(label["label"]), key) if text.strip() and text != ERASED else None


def _words(stream: Stream, position: int) -> str:
    if position:
        return text_at(stream, position)
    return next((turn.text for turn in stream.said("customer", "machine")), "")
