"""Standing: each AI agent as the switch and the register leave it, what it holds now, and how the switch was turned."""

from dataclasses import dataclass

from sqlalchemy import desc, func, select

from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.governance.register.standing import GOOD
from baton.capabilities.governance.register.standing import state_of as registered
from baton.capabilities.governance.tables import OPEN, SWITCHES, VETOES
from baton.capabilities.routing.tables import CONVERSATIONS
from baton.web.app import App
from baton.web.asked import in_words

ALL = "*"
DAY_MS = 86_400_000
SHOWN = 50


@dataclass(frozen=True)
class Standing:
    """An agent. `state`: running, stopped, off, or as the register has it; `live` open conversations it holds."""

    id: str
    name: str
    version: str
    state: str
    live: int


@dataclass(frozen=True)
class Turn:
    """A turn of the switch in words."""

    position: int
    at_ms: int
    text: str
    who: str
    why: str


@dataclass(frozen=True)
class Refused:
    """What governance refused in the last thirty days."""

    action: str
    why: str
    times: int


async def standings(app: App) -> list[Standing]:
    """Every agent in force, in the order of the register."""
    held = await _held(app)
    return [Standing(a.id, a.name, a.version, state_of(app, a), held.get(a.id, 0)) for a in app.policy(Agents).agents]


def state_of(app: App, agent: Agent) -> str:
    """How an agent stands."""
    found = registered(app, agent)
    return "running" if found == GOOD else found


async def _held(app: App) -> dict[str, int]:
    joined = OPEN.join(CONVERSATIONS, CONVERSATIONS.c.conversation == OPEN.c.conversation)
    query = (
        select(CONVERSATIONS.c.who, func.count().label("n")).select_from(joined)
        .where(OPEN.c.state == "open", CONVERSATIONS.c.holder == "agent").group_by(CONVERSATIONS.c.who)
    )  # fmt: skip
    return {str(row["who"]): int(str(row["n"])) for row in await app.store.rows(query)}


async def turns(app: App) -> list[Turn]:
    """How the switch was turned, latest first."""
    rows = list(reversed(await app.store.rows(select(SWITCHES).order_by(desc(SWITCHES.c.position)).limit(SHOWN + 1))))
    names = {staff.id: staff.name for staff in app.accounts.everyone()}
    made, before = [], set[str]()
    for row in rows:
        now = {a for a in str(row["agents"] or "").split(",") if a}
        staff = str(row["staff"])
        text = told(app, now - before, before - now)
        made.append(
            Turn(
                int(str(row["position"])), int(str(row["at_ms"])), text, names.get(staff, staff), str(row["why"] or "")
            )
        )
        before = now
    return made[::-1][:SHOWN]


def told(app: App, stopped: set[str], started: set[str]) -> str:
    """A turn of the switch in words."""
    parts = [f"Stopped {_named(app, stopped)}."] if stopped else []
    parts += [f"Started {_named(app, started)} again."] if started else []
    return " ".join(parts) or "Turned, nothing changed."


def name_of(app: App, agent: str) -> str:
    """An agent's name; of all of them together too."""
    return _named(app, {agent})


async def refused(app: App) -> list[Refused]:
    """What governance refused, the most first."""
    since = app.clock.now_ms() // DAY_MS - 30
    times = func.sum(VETOES.c.vetoed).label("times")
    query = (
        select(VETOES.c.action, VETOES.c.why, times).where(VETOES.c.day > since).group_by(VETOES.c.action, VETOES.c.why)
    )
    found = [
        Refused(in_words(str(r["action"])), in_words(str(r["why"])), int(str(r["times"])))
        for r in await app.store.rows(query)
    ]
    return sorted(found, key=lambda r: (-r.times, r.action))


def _named(app: App, ids: set[str]) -> str:
    if ALL in ids:
        return "every AI agent"
    names = {a.id: a.name for a in app.policy(Agents).agents}
    return " and ".join(sorted(names.get(one, one) for one in ids))
