"""Corrections as rows to learn from: the turn that somebody labelled, read from its conversation when it is needed."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import select

from baton.capabilities.governance.events import Purposes
from baton.capabilities.orchestration.events import text_at
from baton.capabilities.orchestration.tables import LABELS
from baton.engines.models.own.rows import Row
from baton.kernel.codec import ERASED
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.purposes import Counted, may_use

MOST: Final = 5000
"""The newest so many are taken."""


async def kept(app: App) -> Counted:
    """The conversations of all corrections, and how many are left out."""
    keys = [str(row["conversation"]) for row in await app.store.rows(select(LABELS.c.conversation))]
    return await may_use(app.store, app.policy(Purposes), keys, "training", app.clock.now_ms())


async def correction_rows(app: App) -> tuple[list[Row], int]:
    """The newest corrections with the words they are about; and how many are left out as their customer refused, or did not agree.

    Words that were erased, or never said here, are left out too.
    """
    found = await app.store.rows(select(*LABELS.c).order_by(LABELS.c.at_ms.desc()).limit(MOST))
    keys = [str(each["conversation"]) for each in found]
    counted = await may_use(app.store, app.policy(Purposes), keys, "training", app.clock.now_ms())
    rows = [await _row(app, each) for each in found if each["conversation"] in counted.may]
    return [row for row in rows if row is not None], counted.left_out


async def _row(app: App, label: Mapping[str, object]) -> Row | None:
    key = str(label["conversation"])
    stream = await app.reader.stream(f"conversation/{key}")
    text = _words(stream, int(str(label["position"]))) if stream else ""
    return Row(0, text, str(label["label"]), key) if text.strip() and text != ERASED else None


def _words(stream: Stream, position: int) -> str:
    if position:
        return text_at(stream, position)
    return next((turn.text for turn in stream.said("customer", "machine")), "")
