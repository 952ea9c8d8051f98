"""Standing: the last head, where it was published, what a witness said, what checking found; and what to do about it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec
from sqlalchemy import select

from baton.engines.audit.heads import Head, Receipt
from baton.engines.audit.publishing import keepers
from baton.engines.audit.tables import KEEPING, REACHED
from baton.engines.audit.tree import Tree
from baton.kernel.errors import BatonError
from baton.kernel.lanes import LANES
from baton.web.app import App

VERIFIED: Final = "verified"
LATE: Final = 3
"""How many times the usual pause a head may be old before it is late."""
LEAST_LATE_MS: Final = 120_000
VERIFY: Final = "Keep the database and the published heads as they are, and run `baton audit verify HOME --heads FILE --key FILE` with what is kept elsewhere."


@dataclass(frozen=True)
class Place:
    """Where heads go: `state` is published, late, refused or waiting; `witnessed` where a receipt came back that holds."""

    where: str
    state: str
    size: int
    at_ms: int
    told: str
    witnessed: bool


@dataclass(frozen=True)
class Checked:
    """What the last check of the newest part found."""

    at_ms: int
    ok: bool
    size: int
    told: str


@dataclass(frozen=True)
class Standing:
    """How the audit stands: `kind` good, warn, bad or idle; `title` says it, `text` what to do."""

    kind: str
    title: str
    text: str
    head: Head | None
    places: tuple[Place, ...]
    checked: Checked | None


async def standing(app: App) -> Standing:
    """How it stands now."""
    tree = Tree(app.store)
    head = await tree.newest()
    said = {str(row["what"]): row for row in await app.store.rows(select(KEEPING))}
    late_ms = max(LATE * app.settings.audit_every_s * 1000, LEAST_LATE_MS)
    old = head is not None and app.clock.now_ms() - head.at_ms > late_ms
    places: tuple[Place, ...] = ()
    wrong = ""
    try:
        named = [each.where for each in keepers(app.settings.audit_publish, "", b"")]
        places = tuple(_place(where, said.get(where), head, old) for where in named)
    except BatonError as error:
        wrong = error.message
    checked = _checked(said.get(VERIFIED))
    behind = await _behind(app) and (old or (head is None and await _waited(app, late_ms)))
    return Standing(*_words(head, places, checked, wrong, behind), head, places, checked)


def _place(where: str, row: Mapping[str, object] | None, head: Head | None, old: bool) -> Place:
    if row is None:
        return Place(where, "late" if old else "waiting", 0, 0, "", False)
    size, told = int(str(row["size"] or 0)), str(row["told"] or "")
    state = "refused" if not row["ok"] else "late" if head and size < head.size and old else "published"
    return Place(where, state, size, int(str(row["at_ms"])), "" if told[:1] == "{" else told, _witnessed(told))


def _witnessed(told: str) -> bool:
    try:
        return msgspec.json.decode(told, type=Receipt).holds()
    except msgspec.MsgspecError:
        return False


def _checked(row: Mapping[str, object] | None) -> Checked | None:
    if row is None:
        return None
    return Checked(int(str(row["at_ms"])), bool(row["ok"]), int(str(row["size"] or 0)), str(row["told"] or ""))


async def _behind(app: App) -> bool:
    """Whether something was worked that is not sealed."""
    reached = {int(str(r["lane"])): int(str(r["position"])) for r in await app.store.rows(select(REACHED))}
    return any(upto > reached.get(lane, 0) for lane, upto in (await app.store.cursors(range(LANES))).items())


async def _waited(app: App, late_ms: float) -> bool:
    """Whether the first entry was stored long ago."""
    first = await app.store.recorded(0, 1)
    return bool(first) and app.clock.now_ms() - first[0].entry.at_ms > late_ms


def _words(
    head: Head | None, places: tuple[Place, ...], checked: Checked | None, wrong: str, behind: bool
) -> tuple[str, str, str]:
    failed = [place for place in places if place.state in ("refused", "late")]
    if checked and not checked.ok:
        return "bad", "The log is not what was signed", f"{checked.told} {VERIFY}"
    if failed:
        told = (
            failed[0].told
            or f"{failed[0].where!r} has not had the last head for too long. Check that it can be reached or written."
        )
        return "bad", "Heads are not published", told
    if wrong:
        return "bad", "Heads are not published", wrong
    if behind:
        return (
            "bad",
            "Nothing was signed for too long",
            "See that a process that works lane 0 runs (`baton start`, or `baton work`), and read its log.",
        )
    if head is None:
        return "idle", "Nothing is signed yet", "The first head is signed within a minute of the first conversation."
    if not places:
        return "warn", "Heads are published nowhere", (
            "Edits by others show; a rebuild by who owns the database does not. Set BATON_AUDIT_PUBLISH to a file on another disk, an address, or another Baton.")  # fmt: skip
    return (
        "good",
        "Signed and published",
        "Whoever keeps the published heads can tell whether anything before them was changed.",
    )
