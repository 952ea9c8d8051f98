"""How it stands: the head that names intents, those that were taught, who switched when and why, and labels without a queue."""

from collections.abc import Iterable, Mapping

import msgspec
from sqlalchemy import select

from baton.capabilities.orchestration.events import HeadTaught, Intents, Left
from baton.capabilities.orchestration.tables import HEADS, LABELS
from baton.capabilities.routing.events import Routing
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name
from baton.web.app import App
from baton.web.refusals import not_found

POLICY = policy_name(Intents)
SHIPPED = "The head that ships with Baton"


class Kept(msgspec.Struct, frozen=True):
    """Rows that were given and what became of them: a line of the list."""

    key: str
    title: str
    staff: str
    given_ms: int
    rows: int
    held: int
    corrections: int
    labels: tuple[str, ...]
    out_of_scope: str
    tested: bool
    left: tuple[Left, ...]
    state: str
    step: str
    done: int
    total: int
    figures: HeadTaught | None
    why: str
    over_ms: int

    @property
    def head(self) -> str:
        """Its name in policies and facts."""
        return f"head/{self.key}"


class Switch(msgspec.Struct, frozen=True):
    """Another head went live: which, by whom, when and why. `position` names the version."""

    position: int
    at_ms: int
    staff: str
    why: str
    to: Intents

    @property
    def title(self) -> str:
        """What people call it."""
        return self.to.title if self.to.head else SHIPPED


async def every(app: App) -> list[Kept]:
    """All that was given, newest first."""
    return [_kept(row) for row in await app.store.rows(select(*HEADS.c).order_by(HEADS.c.given_ms.desc()))]


async def one(app: App, key: str) -> Kept:
    """One of them; raises 404."""
    found = await app.store.rows(select(*HEADS.c).where(HEADS.c.head == key))
    if not found:
        raise not_found()
    return _kept(found[0])


async def switches(app: App) -> list[Switch]:
    """Every switch, newest first."""
    told = await app.reader.told(f"policy/{POLICY}")
    made = [
        Switch(entry.position, entry.at_ms, e.author, e.why, msgspec.json.decode(e.body, type=Intents))
        for entry, _ in told
        if isinstance(e := entry.event, PolicyRevised)
    ]
    return made[::-1]


async def known_labels(app: App) -> list[str]:
    """Labels that may be meant: of the live head, of queues, and those given before."""
    given = await app.store.rows(select(LABELS.c.label).distinct().limit(1000))
    queued = {label for queue in app.policy(Routing).queues for label in queue.intents}
    return sorted({*app.policy(Intents).labels, *queued, *(str(row["label"]) for row in given)})


def unqueued(app: App, labels: Iterable[str]) -> list[str]:
    """Labels that no queue takes: their conversations go where the unknown ones go."""
    taken = {label for queue in app.policy(Routing).queues for label in queue.intents}
    return sorted(set(labels) - taken)


def _kept(row: Mapping[str, object]) -> Kept:
    told = {name: msgspec.json.decode(str(row[name])) if row[name] else None for name in ("labels", "left", "figures")}
    return msgspec.convert({**row, **told, "key": row["head"], "tested": bool(row["tested"])}, Kept)
