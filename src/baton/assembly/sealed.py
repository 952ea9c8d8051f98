"""What `baton audit` asks of a log that nothing runs on: seal it now, export it, tell how it stands."""

from pathlib import Path

from baton.assembly.parts import opened
from baton.engines.audit.export import export
from baton.engines.audit.tables import KEEPING
from baton.settings import Settings

Figures = dict[str, object]


async def seal_now(settings: Settings) -> Figures:
    """Seal what was worked, sign a head and publish it."""
    async with opened(settings) as parts:
        audit = parts.auditing
        await audit.once()
        head, failed = await audit.sealer.tree.newest(), {}
        for row in await parts.store.rows(KEEPING.select()):
            if row["what"] in {keeper.where for keeper in audit.keepers} and not row["ok"]:
                failed[str(row["what"])] = str(row["told"])
        return {
            "entries": head.size if head else 0, "root": head.root if head else "", "published": len(audit.keepers) - len(failed), "failed": failed,
        }  # fmt: skip


async def export_to(settings: Settings, folder: Path) -> Figures:
    """Seal, and write what was sealed with its heads and keys to `folder`."""
    async with opened(settings) as parts:
        await parts.auditing.once()
        keys = (settings.home / "audit.pub").read_text()
        return {"entries": await export(parts.auditing.sealer.tree, folder, keys), "folder": str(folder)}
