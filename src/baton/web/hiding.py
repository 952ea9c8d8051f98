"""Hiding: who reads personal values in the text of conversations, and what everybody else reads instead."""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec

from baton.kernel.cover import Hides
from baton.kernel.events import Event
from baton.kernel.explain import Explained
from baton.web.permissions import Permissions
from baton.web.reader import Told
from baton.web.staff import Staff

NOTHING: Final = "[hidden]"
TEXT: Final = "text"
"""The field of an event that people's words are in."""


def whole(texts: Sequence[str]) -> list[str]:
    """Every text hidden as a whole: what is shown where nothing was chosen that finds personal values."""
    return [NOTHING if text else "" for text in texts]


class Hiding:
    """Texts as someone may read them: plain with the right `see_personal`, else with personal values hidden.

    The assembly sets `hide`. It takes about 0.2 ms a turn, so it runs beside the loop.
    """

    def __init__(self, permissions: Permissions) -> None:
        self._permissions = permissions
        self.hide: Hides = whole

    def plain(self, staff: Staff) -> bool:
        """Whether someone reads personal values."""
        return self._permissions.lets(staff, "see_personal", "conversations")

    async def texts(self, staff: Staff, texts: Sequence[str]) -> list[str]:
        """The texts for someone."""
        return list(texts) if self.plain(staff) else await asyncio.to_thread(self.hide, texts)

    async def events(self, staff: Staff, events: Sequence[Event]) -> list[Event]:
        """The same events with their texts for someone."""
        if self.plain(staff):
            return list(events)
        said = {n: str(getattr(event, TEXT)) for n, event in enumerate(events) if TEXT in type(event).personal_fields}
        texts = await self.texts(staff, list(said.values()))
        shown = dict(zip(said, texts, strict=True))
        return [msgspec.structs.replace(e, text=shown[n]) if n in shown else e for n, e in enumerate(events)]

    async def explained(self, staff: Staff, each: Explained) -> Explained:
        """What was understood and decided on one input, for someone."""
        event, *caused = await self.events(staff, [each.event, *(event for _, event in each.caused)])
        by = (who for who, _ in each.caused)
        return msgspec.structs.replace(each, event=event, caused=tuple(zip(by, caused, strict=True)))

    async def told(self, staff: Staff, told: Sequence[Told]) -> list[Told]:
        """What was told of a stream, for someone."""
        flat = await self.events(staff, [event for entry, caused in told for event in (entry.event, *caused)])
        shown: list[Told] = []
        for entry, caused in told:
            own, *rest = flat[: 1 + len(caused)]
            shown.append((msgspec.structs.replace(entry, event=own), rest))
            del flat[: 1 + len(caused)]
        return shown
