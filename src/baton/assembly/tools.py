"""The tools of an organisation: what `tools.toml` in its home folder names, connected at the start, and what is wrong with it."""

import asyncio
import logging
import os
from pathlib import Path
from typing import Final

from baton.engines.tools import LocalTools
from baton.engines.tools.connecting import Connected, connect
from baton.engines.tools.files import NAME
from baton.kernel.ports import Gate

MOST_BYTES: Final = 1_000_000
log = logging.getLogger(__name__)


async def connected_tools(home: Path, gate: Gate) -> LocalTools | None:
    """The tools, or None where no file names any. What is wrong is logged; the rest works."""
    found = await connected(home)
    for problem in found.problems if found else ():
        log.warning("tools.toml: %s", problem)
    return LocalTools(found.tools, gate) if found else None


def risks_of(tools: LocalTools | None) -> dict[str, str]:
    """How risky each connected tool is, by name."""
    return {tool.name: tool.risk for tool in tools.all} if tools else {}


async def connected(home: Path) -> Connected | None:
    """What the file connects, or None where there is none."""
    text = await asyncio.to_thread(_text, home / NAME)
    return await connect(text, home, os.environ) if text is not None else None


async def examined(home: Path) -> str:
    """What `baton doctor` says of the tools."""
    found = await connected(home)
    if found is None:
        return f"none: write {NAME} into the home folder to connect systems; docs/howto/connect-tools.md"
    if found.problems:
        return f"{len(found.tools)} tools, {len(found.problems)} to look at. " + " ".join(found.problems)
    return f"ok, {len(found.tools)} tools: " + ", ".join(sorted(tool.name for tool in found.tools))


def _text(path: Path) -> str | None:
    return path.read_text(encoding="utf-8")[:MOST_BYTES] if path.is_file() else None
