"""Training rows: the sealed rows of taught heads, without those of a person who is forgotten or did not agree."""

from collections.abc import Collection, Iterable
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import select

from baton.capabilities.orchestration.tables import HEADS
from baton.engines.blobs import SealedBlobs
from baton.engines.models.own.lessons import Lesson
from baton.engines.models.own.rows import Row
from baton.web.app import App

SHORT: Final = 12
"""Characters up to which a text is anybody's ("yes please")."""


async def without(app: App, conversations: Collection[str]) -> list[str]:
    """Take what was said in these conversations out of every lesson that is kept; the heads that were taught it, to be taught anew."""
    if app.blobs is None or not conversations:
        return []
    blobs, changed = SealedBlobs(app.blobs, app.keys), list[str]()
    away = Away(frozenset(conversations), await _said(app, conversations))
    for head in await _heads(app):
        raw = await blobs.get(head, f"{head}/examples")
        if raw is None:
            continue
        lesson = msgspec.msgpack.decode(raw, type=Lesson)
        kept = Lesson(_left(lesson.learned, away), _left(lesson.held, away), lesson.out_of_scope)
        if kept != lesson:
            await blobs.put(head, f"{head}/examples", msgspec.msgpack.encode(kept))
            changed.append(head.removeprefix("head/"))
    return changed


class Away(NamedTuple):
    """What is to go: rows from these conversations, and rows with these texts, wherever they came from."""

    conversations: frozenset[str]
    texts: frozenset[str]


def _left(rows: Iterable[Row], away: Away) -> list[Row]:
    return [row for row in rows if row.conversation not in away.conversations and row.text.strip() not in away.texts]


async def _said(app: App, conversations: Collection[str]) -> frozenset[str]:
    streams = [await app.reader.stream(f"conversation/{each}") for each in conversations]
    return frozenset(t.text.strip() for s in streams if s for t in s.said("customer", "machine") if len(t.text) > SHORT)


async def _heads(app: App) -> list[str]:
    return [f"head/{row['head']}" for row in await app.store.rows(select(HEADS.c.head).order_by(HEADS.c.head))]
