"""Asked: which queue and channel the screen was asked for, kept in the address."""

from collections.abc import Mapping, Sequence
from typing import Final

import msgspec

from baton.capabilities.routing.events import Queue
from baton.web.asked import address, in_words

CHANNELS: Final = ("chat", "voice", "email", "messaging", "callback", "a2a")


class Asked(msgspec.Struct, frozen=True):
    """A queue's id and a channel; empty for all."""

    queue: str = ""
    channel: str = ""

    def href(self, path: str, **more: str) -> str:
        """An address that asks the same, with changes."""
        return address(path, {"queue": self.queue, "channel": self.channel, **more})

    def takes(self, queue: str, channel: str) -> bool:
        """Whether something of this queue and channel is asked for."""
        return self.queue in ("", queue) and self.channel in ("", channel)


def asked_of(query: Mapping[str, str], queues: Sequence[Queue]) -> Asked:
    """What an address asks; a queue or channel nobody knows is as if it were not said."""
    queue, channel = query.get("queue", ""), query.get("channel", "")
    known = {q.id for q in queues}
    return Asked(queue if queue in known else "", channel if channel in CHANNELS else "")


def bar(asked: Asked, queues: Sequence[Queue]) -> list[dict[str, object]]:
    """The filters of the bar."""
    titles = [("", "All queues"), *((q.id, q.title) for q in queues)]
    channels = [("", "All channels"), *((c, in_words(c)) for c in CHANNELS)]
    return [
        {"name": "queue", "label": "Queue", "options": titles, "value": asked.queue},
        {"name": "channel", "label": "Channel", "options": channels, "value": asked.channel},
    ]
