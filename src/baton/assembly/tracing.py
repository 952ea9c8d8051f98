"""Tracing in a running Baton: what is exported where the settings name a place. Nothing heavy is imported where they do not."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final, Protocol
from urllib.parse import unquote

from baton import __version__
from baton.assembly.trials.job import Tried
from baton.kernel.committer import Committer, Done
from baton.kernel.errors import BatonError
from baton.kernel.ports import Chance
from baton.settings import Settings

if TYPE_CHECKING:
    from baton.engines.tracing.sending import Target

JSONL: Final = "jsonl:"


class Exports(Protocol):
    """What is exported beside everything else."""

    def heard(self, done: Sequence[Done]) -> None:
        """A listener of the committer."""
        ...

    def tried(self, found: Tried) -> None:
        """A trial is over."""
        ...

    async def run(self) -> None:
        """Export what there is, until cancelled."""
        ...

    async def close(self) -> None:
        """Send what is left; called when nothing commits any more and the store is still open."""
        ...


class NoExports:
    """Nothing is exported."""

    def heard(self, done: Sequence[Done]) -> None:
        """Nobody asked."""

    def tried(self, found: Tried) -> None:
        """Nobody asked."""

    async def run(self) -> None:
        """Done at once."""

    async def close(self) -> None:
        """Nothing is left."""


def exports_of(committer: Committer, settings: Settings, chance: Chance) -> Exports:
    """What the settings ask for. Raises `BatonError` where they cannot be read."""
    if not settings.otel_export:
        return NoExports()
    from baton.assembly.exporting import Exporting
    from baton.assembly.signalling import Signalling

    return Exporting(Signalling(committer, settings.otel_content == "hidden"), target_of(settings, chance))


async def examined(settings: Settings, chance: Chance) -> str:
    """Whether what is exported would arrive, or what to do."""
    if not settings.otel_export:
        return "not exported: set BATON_OTEL_EXPORT to a file or a collector"
    from baton.engines.tracing.sending import Unreachable, Untaken

    try:
        await target_of(settings, chance).reach()
    except Unreachable as error:
        return f"where they go cannot be reached ({error}). Check that it runs, and BATON_OTEL_EXPORT."
    except Untaken as error:
        return f"where they go refuses ({error}). Check BATON_OTEL_HEADERS and BATON_OTEL_PROTOCOL."
    except BatonError as error:
        return error.message
    return "ok"


def target_of(settings: Settings, chance: Chance) -> "Target":
    """Where it goes. Raises `BatonError` where that is neither a file nor an address, or the headers cannot be read."""
    from httpx import InvalidURL

    from baton.engines.tracing.sending import Collector, Files

    told = settings.otel_export
    if told.startswith(JSONL) and told != JSONL:
        return Files(Path(told.removeprefix(JSONL)))
    if told.startswith(("http://", "https://")):
        with suppress(InvalidURL):
            return Collector(told, _headers(settings), resource_of(chance), settings.otel_protocol)
    raise BatonError("bad_otel_export", 500, f"BATON_OTEL_EXPORT is {told!r}. Give jsonl:FILE, or the http address of a collector.")  # fmt: skip


def resource_of(chance: Chance) -> dict[str, str]:
    """Who tells: this process of Baton, until it ends."""
    return {"service.name": "baton", "service.version": __version__, "service.instance.id": chance.token()}


def _headers(settings: Settings) -> dict[str, str]:
    given = settings.otel_headers.get_secret_value() if settings.otel_headers else ""
    pairs = [each.partition("=") for each in given.split(",") if each.strip()]
    headers = {name.strip(): unquote(value.strip()) for name, _, value in pairs}
    plain = all(
        name and f"{name}{value}".isascii() and f"{name}{value}".isprintable() for name, value in headers.items()
    )
    if not plain or not all(equals for _, equals, _ in pairs):
        raise BatonError("bad_otel_headers", 500, "BATON_OTEL_HEADERS cannot be read. Give name=value in plain ASCII, separated by commas, values percent-encoded.")  # fmt: skip
    return headers
