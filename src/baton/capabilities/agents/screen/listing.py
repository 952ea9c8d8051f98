"""The list of procedures: what each is for, who owns it, and how it ended in the last thirty days."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import func, select

from baton.capabilities.agents.events import BINDING, Procedure, Procedures
from baton.capabilities.agents.tables import PROCEDURES
from baton.kernel.stats import wilson
from baton.web.app import App
from baton.web.asked import in_words

DAY_MS = 86_400_000
DAYS = 30


class Listed(msgspec.Struct, frozen=True):
    """A procedure in the list. `done` is how many ended with the record showing it; `within` the interval of that share."""

    id: str
    title: str
    owner: str
    revision: int
    steps: int
    acts: str
    started: int
    done: int
    within: tuple[int, int]

    @property
    def permille(self) -> int:
        """The share that ended done."""
        return round(1000 * self.done / self.started) if self.started else 0


async def listed(app: App) -> list[Listed]:
    """Every procedure in force, by title."""
    p = PROCEDURES.c
    since = app.clock.now_ms() // DAY_MS - DAYS
    sums = (func.sum(p.started).label("started"), func.sum(p.done).label("done"))
    rows = await app.store.rows(select(p.procedure, *sums).where(p.day > since).group_by(p.procedure))
    counts = {str(row["procedure"]): (_whole(row["started"]), _whole(row["done"])) for row in rows}
    names = {staff.id: staff.name for staff in app.accounts.everyone()}
    found = [_listed(made, counts.get(made.id, (0, 0)), names) for made in app.policy(Procedures).procedures]
    return sorted(found, key=lambda each: each.title)


def _listed(made: Procedure, counts: tuple[int, int], names: Mapping[str, str]) -> Listed:
    started, done = counts
    share = wilson(min(done, started), started) if started else None
    within = (round(1000 * share.low), round(1000 * share.high)) if share else (0, 0)
    acts = ", ".join(
        dict.fromkeys(in_words(step.tool) for step in made.steps if step.kind == "tool" and step.risk in BINDING)
    )
    owner = names.get(made.owner) or in_words(made.owner.replace(".", " "))
    return Listed(made.id, made.title, owner, made.revision, len(made.steps), acts, started, min(done, started), within)


def _whole(value: object) -> int:
    return int(str(value or 0))
