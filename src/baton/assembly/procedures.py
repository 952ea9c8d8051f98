"""Procedures from files: kept as drafts, in force for nobody until somebody puts them in force on the page."""

import asyncio
from collections import Counter
from pathlib import Path

import msgspec

from baton.assembly.parts import Parts
from baton.capabilities.agents.events import DraftFile, Drafts
from baton.capabilities.agents.importing.drafting import Draft
from baton.capabilities.agents.importing.files import drafts_in
from baton.capabilities.agents.importing.shelf import with_drafts
from baton.capabilities.lake.importing import driven
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name

NAME = policy_name(Drafts)


async def import_procedures(parts: Parts, path: Path) -> dict[str, object]:
    """Keep what a file or folder holds as drafts. A draft that is there already is kept as it is: somebody may be at it."""
    found = await asyncio.to_thread(drafts_in, path)
    before = parts.committer.memory.policies.newest_of(Drafts)
    after = with_drafts(before, [_file(draft) for draft in found], over=False)
    if after != before:
        body = msgspec.Raw(msgspec.json.encode(after))
        event = PolicyRevised(NAME, body, "import", f"{len(after.drafts) - len(before.drafts)} drafts from {path.name}")
        await driven(parts.committer, [parts.committer.append(f"policy/{NAME}", event, by="import")])
    return report_of(found, len(after.drafts) - len(before.drafts))


def report_of(found: list[Draft], kept: int) -> dict[str, object]:
    """Figures: how many there are, how many are new, how many hold together, and how many of those leave only tools to connect."""
    valid = [draft for draft in found if not draft.problems]
    reasons = Counter(problem.text.partition(".")[0][:80] for draft in found for problem in draft.problems)
    return {
        "procedures": len(found), "kept": kept, "valid": len(valid), "clean": sum(draft.clean for draft in valid),
        "steps": sum(len(draft.procedure.steps) for draft in found), "notes": sum(len(draft.notes) for draft in found), "reasons": dict(reasons),
    }  # fmt: skip


def _file(draft: Draft) -> DraftFile:
    return DraftFile(draft.procedure.id, draft.procedure.title, draft.toml, draft.source, "import")
