"""Commands: what the command line asks of capabilities, over an opened log."""

from collections.abc import Callable
from pathlib import Path

import msgspec

from baton.assembly.parts import opened
from baton.capabilities.lake.importing import import_file
from baton.kernel.explain import explained, in_words
from baton.settings import Settings

Say = Callable[[str], None]


async def explain_in_words(settings: Settings, id: str) -> list[str]:
    """What `baton explain` prints."""
    async with opened(settings) as parts:
        return [line for each in await explained(parts.store, parts.committer.codec, id) for line in in_words(each)]


async def import_into(settings: Settings, kind: str, path: Path, say: Say) -> dict[str, object]:
    """Load a file or folder of real conversations; returns the report."""
    async with opened(settings) as parts:

        def progress(conversations: int, turns: int) -> None:
            say(f"{conversations} conversations, {turns} turns")

        report = await import_file(kind, path, parts.committer, parts.keys, progress)
        told: dict[str, object] = msgspec.to_builtins(report)
        return told
