"""Revising: a procedure file is looked at, kept as a draft, or put in force as a new version of the policy, with who and why."""

from collections.abc import Sequence
from difflib import unified_diff
from hashlib import blake2b
from typing import Final

import msgspec

from baton.capabilities.agents.events import DraftFile, Drafts, Procedure, Procedures
from baton.capabilities.agents.importing.shelf import draft, with_drafts, without
from baton.capabilities.agents.procedures.checking import Problem
from baton.capabilities.agents.procedures.files import looked_at
from baton.capabilities.agents.procedures.trying import Played, played
from baton.capabilities.agents.procedures.writing import written
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError, Conflict
from baton.kernel.stream import policy_name
from baton.web.app import App

NAME: Final = policy_name(Procedures)
DRAFTS: Final = policy_name(Drafts)
SEEN: Final = "procedure"


class Looked(msgspec.Struct, frozen=True):
    """A text as it was looked at: the procedure as far as it can be read, what is wrong, and how its scenes went."""

    text: str
    procedure: Procedure | None
    problems: Sequence[Problem]
    scenes: Sequence[Played]

    @property
    def good(self) -> bool:
        """Whether it may be put in force."""
        return not self.problems and all(not scene.wrong for scene in self.scenes)


class Version(msgspec.Struct, frozen=True):
    """A version of a procedure: when it came into force, by whom, why, and what changed in its file. `position` 0: gone."""

    position: int
    at_ms: int
    who: str
    why: str
    text: str
    changes: tuple[str, ...]


def look(app: App, id: str, text: str) -> Looked:
    """Look at a text; the tools are those that are connected."""
    made, wrong = looked_at(f"{id}.toml", text, app.tools())
    if made is not None and made.id != id:
        wrong = [*wrong, Problem(1, "id", f"its id is {made.id!r} and this is {id!r}. Keep the id, or make a new one.")]
    return Looked(
        text, made, wrong, [played(made, scene) for scene in made.scenes] if made is not None and not wrong else ()
    )


def file_of(app: App, id: str) -> str:
    """The file of a procedure as it is in force, or of its draft; empty where there is neither."""
    made = app.policy(Procedures).of(id)
    if made is not None:
        return written(made, risks=app.tools())
    kept = draft(app.policy(Drafts), id)
    return kept.text if kept else ""


def version(app: App, name: str = NAME) -> int:
    """The position of the newest version of a policy; 0 before any."""
    return app.committer.memory.policies.as_of(1 << 62).get(name, 0)


def seal(app: App, id: str, text: str) -> str:
    """What proves that this text was rehearsed on the version in force now."""
    print_ = blake2b(text.encode(), digest_size=16).hexdigest()
    return app.signer.sign(SEEN, f"{id}:{version(app)}:{print_}")


async def put_in_force(app: App, id: str, text: str, why: str, seen: str, staff: str) -> int:
    """A new version; its position. Conversations that have begun keep theirs.

    Raises:
        BatonError: 422 where something is wrong with it, it has no reason or was not rehearsed; 409 where another version came between.
    """
    looked = look(app, id, text)
    if looked.procedure is None or not looked.good:
        raise BatonError(
            "procedure_unreadable",
            422,
            "Something is wrong with this text. Look at it and correct it. Nothing was changed.",
        )
    if not why.strip():
        raise BatonError("why_needed", 422, "Say why it changes: it is kept with the version. Nothing was changed.")
    if seen != seal(app, id, text):
        raise Conflict(
            "not_rehearsed",
            "This text was not rehearsed on the version in force now. Rehearse it, then put it in force.",
        )
    before = app.policy(Procedures)
    known = before.of(id)
    made = msgspec.structs.replace(looked.procedure, revision=known.revision + 1 if known else 1)
    others = [each for each in before.procedures if each.id != id]
    every = Procedures(tuple(sorted([*others, made], key=lambda each: each.id)))
    position = await _revise(app, NAME, every, why, staff, f"procedure:{version(app)}")
    if draft(app.policy(Drafts), id) is not None:
        await _revise(app, DRAFTS, without(app.policy(Drafts), id), "put in force", staff, f"draft:{position}")
    return position


async def keep_draft(app: App, id: str, text: str, staff: str) -> None:
    """Keep a text to go on with. It is in force for nobody, and may be wrong."""
    made, _ = looked_at(f"{id}.toml", text, {})
    before = draft(app.policy(Drafts), id)
    kept = DraftFile(id, made.title if made else id, text, before.source if before else "", staff)
    await _revise(app, DRAFTS, with_drafts(app.policy(Drafts), [kept]), f"draft {id}", staff, "")


async def history(app: App, id: str) -> list[Version]:
    """Every version in which this procedure changed, the newest first."""
    found: list[Version] = []
    before = ""
    for entry, _ in await app.reader.told(f"policy/{NAME}"):
        if not isinstance(entry.event, PolicyRevised):
            continue
        made = msgspec.json.decode(entry.event.body, type=Procedures).of(id)
        text = written(made, risks=app.tools()) if made is not None else ""
        if text != before:
            changes = tuple(_changes(before, text))
            found.append(Version(entry.position, entry.at_ms, entry.event.author, entry.event.why, text, changes))
        before = text
    return found[::-1]


def _changes(before: str, after: str) -> list[str]:
    return [
        line
        for line in unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=1)
        if not line.startswith(("---", "+++"))
    ]


async def _revise(app: App, name: str, body: msgspec.Struct, why: str, staff: str, once: str) -> int:
    event = PolicyRevised(name, msgspec.Raw(msgspec.json.encode(body)), staff, app.reason(why))
    return await app.committer.append(f"policy/{name}", event, by=f"staff/{staff}", once=once or None)
