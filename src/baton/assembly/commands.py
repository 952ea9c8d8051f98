"""Commands: what the command line asks of capabilities, over an opened log."""

import asyncio
import tempfile
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from sqlalchemy import select

from baton.assembly.parts import Parts, opened
from baton.assembly.procedures import import_procedures
from baton.capabilities.ai_use.people.importing import KINDS as PEOPLE
from baton.capabilities.ai_use.people.importing import import_people
from baton.capabilities.governance.events import Agreement, Purposes, TakenOut
from baton.capabilities.lake.importing import driven, import_file
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.lake.vcon import export_vcon, exported
from baton.capabilities.performance.ai_use import ai_use, figures, write_csv
from baton.capabilities.performance.registry import Filters, metrics
from baton.capabilities.performance.registry.single import agreed
from baton.engines.personal import hide
from baton.kernel.errors import BatonError
from baton.kernel.explain import explained, in_words
from baton.settings import Settings
from baton.web.purposes import may_use
from baton.web.staff import Accounts

Say = Callable[[str], None]
Row = dict[str, object]
DAY_MS = 86_400_000


async def explain_in_words(settings: Settings, id: str) -> list[str]:
    """What `baton explain` prints."""
    async with opened(settings) as parts:
        return [line for each in await explained(parts.store, parts.committer.codec, id) for line in in_words(each)]


async def import_into(settings: Settings, kind: str, path: Path, say: Say) -> Row:
    """Load a file or folder of real conversations; returns the report."""
    async with opened(settings) as parts:
        if kind == "procedures":
            return await import_procedures(parts, path)
        return await (_imported_people(parts, kind, path) if kind in PEOPLE else _imported(parts, kind, path, say))


async def _imported(parts: Parts, kind: str, path: Path, say: Say) -> Row:
    def progress(conversations: int, turns: int) -> None:
        say(f"{conversations} conversations, {turns} turns")

    report = await import_file(kind, path, parts.committer, parts.keys, progress)
    told: Row = msgspec.to_builtins(report)
    return told


async def _imported_people(parts: Parts, kind: str, path: Path) -> Row:
    """HR and training rows; addresses of staff are known where this home has accounts."""
    known: dict[str, str] = {}
    if (file := parts.settings.home / "staff.db").exists():
        accounts = Accounts(file, parts.clock, parts.chance)
        known = {staff.email.lower(): staff.id for staff in accounts.everyone()}
        accounts.close()
    told: Row = msgspec.to_builtins(
        await import_people(kind, path, parts.committer, known, lambda asked: driven(parts.committer, asked))
    )
    return told


async def export_vcons(settings: Settings, folder: Path, since: str, hidden: bool, purpose: str, say: Say) -> Row:
    """Write conversations with turns as strict vCons, personal values hidden or not; how many, and how many may not be used for `purpose`.

    That each was taken out is kept: what is to be recalled once its customer is erased.
    """
    async with opened(settings) as parts:
        keys, left_out = await _may_leave(parts, await exported(parts.committer, _since_ms(since)), purpose)
        await driven(parts.committer, await _receipts(parts, keys, plain=not hidden))
        for n, key in enumerate(keys, 1):
            vcon = await export_vcon(parts.committer, key, hide if hidden else None)
            await asyncio.to_thread(_write, folder / f"{key}.vcon", msgspec.json.encode(vcon))
            if n % 500 == 0:
                say(f"{n} of {len(keys)}")
        return {"conversations": len(keys), "left_out": left_out}


async def _may_leave(parts: Parts, keys: list[str], purpose: str) -> tuple[list[str], int]:
    rule = parts.committer.memory.policies.newest_of(Purposes)
    counted = await may_use(parts.store, rule, keys, purpose, parts.clock.now_ms())
    return list(counted.may), counted.left_out


async def _receipts(parts: Parts, keys: list[str], *, plain: bool) -> list[Coroutine[object, object, int]]:
    known = await parts.store.survey(select(CONVERSATIONS.c.conversation, CONVERSATIONS.c.customer))
    customers = {str(row["conversation"]): str(row["customer"] or "") for row in known}
    day = parts.clock.now_ms() // DAY_MS
    told = [TakenOut("vcon", "command-line", customers.get(key, ""), key, plain) for key in keys]
    return [parts.committer.append(f"access/{day}", each, by="staff/command-line") for each in told]


def _write(path: Path, body: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


def _since_ms(since: str) -> int:
    if not since:
        return 0
    try:
        day = datetime.fromisoformat(since)
    except ValueError as error:
        raise BatonError("bad_date", 422, f"{since!r} is no ISO date. Write it like 2026-11-01.") from error
    return int((day if day.tzinfo else day.replace(tzinfo=UTC)).timestamp() * 1000)


async def read_metrics(settings: Settings, names: list[str], by: str) -> list[Row]:
    """Figures of the registry, one row each."""
    async with opened(settings) as parts:
        told = tuple(filter(None, by.split(",")))
        agreement = parts.committer.memory.policies.newest_of(Agreement)
        since_ms = agreed(agreement, names, "admin", parts.clock.now_ms(), told)
        found = await metrics(parts.store, names, told, Filters(since_ms))
        return [_flat(msgspec.to_builtins(figure)) for figure in found]


def _flat(row: Row) -> Row:
    group = row.pop("group", {})
    return {**(group if isinstance(group, dict) else {}), **row}


async def star_metrics(data: Path, out: Path, say: Say) -> Row:
    """Import STAR into a log of its own and measure AI use per rep; writes the CSV."""
    with tempfile.TemporaryDirectory(prefix="baton-star-") as home:
        async with opened(Settings(home=Path(home), log="sqlite")) as parts:
            await _imported(parts, "star", data, say)
            uses = await ai_use(parts.store)
    write_csv(uses, out)
    return {**figures(uses), "csv": str(out)}
