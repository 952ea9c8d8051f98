"""Searching: by the id of a conversation or customer, else by words in the newest conversations that the filters let through.

Text is sealed on disk; it is opened here one conversation at a time and never kept.
"""

import re

import msgspec

from baton.capabilities.lake.screen.selection import Chosen, listed
from baton.kernel.conversation import TurnSaid
from baton.web.app import App
from baton.web.asked import Asked

MOST = 400
_ID = re.compile(r"[0-9a-f]{6,}|[A-Za-z0-9_-]{16,}")
_WORD = re.compile(r"[^\W_]+")


class Search(msgspec.Struct, frozen=True):
    """What was found: the list it narrows to, how many conversations were read, and the ids whose text was matched."""

    chosen: Chosen
    read: int = 0
    matched: tuple[str, ...] = ()


async def search(app: App, chosen: Chosen) -> Search:
    """The list narrowed to what `q` names."""
    asked = chosen.more.get("q", "").strip()
    rest = msgspec.structs.replace(chosen, more={k: v for k, v in chosen.more.items() if k != "q"})
    if not asked:
        return Search(rest)
    if _ID.fullmatch(asked):
        by_id = await _by_id(app, rest, asked)
        if by_id:
            return Search(msgspec.structs.replace(chosen, asked=Asked(range="all"), ids=by_id, more=rest.more))
    words = [w.lower() for w in _WORD.findall(asked)]
    keys = [str(row["conversation"]) for row in await listed(app.store, rest, MOST)] if words else []
    found = tuple([key for key in keys if await _says(app, key, words)])
    return Search(msgspec.structs.replace(rest, ids=found), len(keys), found)


async def _by_id(app: App, chosen: Chosen, asked: str) -> tuple[str, ...]:
    everywhere = msgspec.structs.replace(chosen, asked=Asked(range="all"), more={"begins": asked})
    return tuple([str(row["conversation"]) for row in await listed(app.store, everywhere, MOST)])


async def _says(app: App, key: str, words: list[str]) -> bool:
    told = await app.reader.told(f"conversation/{key}")
    texts = [e.text.lower() for entry, caused in told for e in (entry.event, *caused) if isinstance(e, TurnSaid)]
    whole = "\n".join(texts)
    return all(word in whole for word in words)
