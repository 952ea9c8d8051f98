"""Tracing in a running Baton: the trace of a conversation is exported once it has ended, to a file or to an OpenTelemetry collector.

A conversation that ends twice is exported twice, with the same ids. An exporter that cannot be reached costs spans, never a turn.
"""

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import httpx

from baton import __version__
from baton.capabilities.agents.events import Agents
from baton.engines.personal.hiding import Cloak
from baton.engines.tracing import Span, as_jsonl, as_otlp, spans_of
from baton.kernel.committer import Committer, Done
from baton.kernel.conversation import Ended
from baton.kernel.errors import BatonError
from baton.kernel.explain import explained
from baton.settings import Settings

JSONL: Final = "jsonl:"
LIMIT_S: Final = 10.0
WAITING: Final = 10_000
"""Conversations that wait to be exported; more than that are left out, and it is logged."""
log = logging.getLogger(__name__)


class Exporter(Protocol):
    """Where spans go."""

    async def export(self, spans: Sequence[Span]) -> None:
        """Take the spans of one conversation."""
        ...


class FileExporter:
    """A file of JSON lines that only grows."""

    def __init__(self, path: Path) -> None:
        self._path = path

    async def export(self, spans: Sequence[Span]) -> None:
        """Add the lines."""
        await asyncio.to_thread(self._append, as_jsonl(spans))

    def _append(self, lines: bytes) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab") as file:
            file.write(lines)


class CollectorExporter:
    """An OpenTelemetry collector: OTLP over HTTP, in JSON. `url` is its base address; nowhere else is anything sent."""

    def __init__(self, url: str) -> None:
        self._url = f"{url.rstrip('/')}/v1/traces"

    async def export(self, spans: Sequence[Span]) -> None:
        """Send them. Raises `httpx.HTTPError` where it is not taken."""
        headers = {"content-type": "application/json"}
        async with httpx.AsyncClient(timeout=LIMIT_S, trust_env=False, follow_redirects=False) as client:
            answer = await client.post(self._url, content=as_otlp(spans, version=__version__), headers=headers)
            answer.raise_for_status()


def exporter_of(settings: Settings) -> Exporter | None:
    """What the settings name, or None. Raises `BatonError` where it is neither a file nor an address."""
    told = settings.otel_export
    if not told:
        return None
    if told.startswith(JSONL) and told != JSONL:
        return FileExporter(Path(told.removeprefix(JSONL)))
    if told.startswith(("http://", "https://")):
        return CollectorExporter(told)
    raise BatonError("bad_otel_export", 500, f"BATON_OTEL_EXPORT is {told!r}. Give jsonl:FILE, or the http address of a collector.")  # fmt: skip


class Exporting:
    """Exports conversations as they end."""

    def __init__(self, committer: Committer, settings: Settings) -> None:
        self._committer, self._content = committer, settings.otel_content == "hidden"
        self._to = exporter_of(settings)
        self._over: asyncio.Queue[str] = asyncio.Queue(WAITING)

    def heard(self, done: Sequence[Done]) -> None:
        """A listener of the committer: a conversation is over. Imported and invented history is not exported."""
        if self._to is None:
            return
        for each in done:
            ended = isinstance(each.entry.event, Ended) or any(isinstance(c.event, Ended) for c in each.rest.caused)
            if ended and each.stream.live:
                self._wait(each.stream.id)

    async def run(self) -> None:
        """Export what has ended, until cancelled."""
        while self._to is not None:
            stream = await self._over.get()
            try:
                await self._to.export(await self._spans(stream))
            except (httpx.HTTPError, OSError, BatonError) as error:
                log.warning("a trace was not exported: error=%s", type(error).__name__)

    def _wait(self, stream: str) -> None:
        try:
            self._over.put_nowait(stream)
        except asyncio.QueueFull:
            log.warning("a trace was not exported: too many wait")

    async def _spans(self, stream: str) -> list[Span]:
        told = await explained(self._committer.store, self._committer.codec, stream)
        names = {each.id: each.name for each in self._committer.memory.policies.newest_of(Agents).agents}
        return await asyncio.to_thread(spans_of, told, names, Cloak().hide if self._content else None)
