"""Versions: every version of an agent with who made it and why, how it stands, what differs, and what was done with canaries."""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from baton.capabilities.agents.events import Agent, Agents, Procedures
from baton.capabilities.governance.events import REGISTER, Overspent, Register, letting
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name
from baton.web.app import App

NAME: Final = policy_name(Agents)
WORDS: Final = {
    "name": "Name", "disclosure": "First words", "queues": "Queues", "procedures": "Procedures it may carry out",
    "answer_floor": "Least score of an answer", "model": "Model that thinks", "thinks": "When the model is asked", "budget": "Budget",
}  # fmt: skip
"""What a version is made of, and how it is called on screens."""


class Change(msgspec.Struct, frozen=True):
    """What differs in one field."""

    field: str
    before: str
    after: str


class Version(msgspec.Struct, frozen=True):
    """One version. `state` is in force, canary, waiting (approved), or not approved; `permille` the share of a canary.

    `author` made it at `at_ms` for the reason `why`; `changes` against the version it stands beside, the one in force.
    """

    agent: Agent
    state: str
    approved: bool
    permille: int = 0
    author: str = ""
    why: str = ""
    at_ms: int = 0
    changes: tuple[Change, ...] = ()


class Move(msgspec.Struct, frozen=True):
    """What somebody did with an agent's versions."""

    position: int
    at_ms: int
    who: str
    text: str
    why: str


def approved(app: App, agent: Agent) -> bool:
    """Whether the register lets this version take turns now."""
    known = app.committer.memory.policies
    register = app.policy(Register) if known.newest_body(REGISTER) is not None else None
    return letting(register, app.policy(Overspent), app.policy(Procedures), app.clock.now_ms())(agent)


async def versions(app: App, id: str) -> list[Version]:
    """Every version of an agent, the newest first."""
    agents, made = app.policy(Agents), await _made(app, id)
    main, canary = agents.of(id), agents.canary(id)
    if main is None:
        return []
    found = []
    for agent in (main, *(a for a in agents.versions if a.id == id)):
        ok, shares = approved(app, agent), canary is not None and canary.version == agent.version
        state = _of_main(main, ok) if agent is main else "canary" if shares else "waiting" if ok else "not approved"
        entry = made.get(agent.version)
        found.append(
            Version(
                agent, state, ok, canary.permille if canary and shares else 0, entry.who if entry else "",
                entry.why if entry else "", entry.at_ms if entry else 0, tuple(changes(main, agent)),
            )
        )  # fmt: skip
    return sorted(found, key=lambda v: _order(v.agent.version), reverse=True)


def changes(before: Agent, after: Agent) -> Iterator[Change]:
    """What differs between two versions."""
    for field, words in WORDS.items():
        was, now = getattr(before, field), getattr(after, field)
        if was != now:
            yield Change(words, in_words(field, was), in_words(field, now))


def in_words(field: str, value: object) -> str:
    """A field of a version as it is read."""
    if field == "budget":
        one: dict[str, object] = msgspec.to_builtins(value)
        return ", ".join(f"{name} {_limits(limit)}" for name, limit in one.items()) or "as it ships"
    if isinstance(value, tuple):
        return ", ".join(str(v).replace("_", " ") for v in value) or "all"
    if field == "thinks":
        return {"unsure": "where words do not decide", "first": "before words"}[str(value)]
    return str(value) or "none"


def _of_main(main: Agent, ok: bool) -> str:
    return "not approved" if not ok else "in force" if main.on else "off"


def next_name(known: Iterable[str]) -> str:
    """The name of a new version: the highest number and one."""
    return str(max((int(v) for v in known if v.isdecimal()), default=0) + 1)


async def moves(app: App, id: str) -> list[Move]:
    """What was done with versions of an agent, the latest first."""
    found, before = [], Agents()
    for entry, _ in await app.reader.told(f"policy/{NAME}"):
        if not isinstance(entry.event, PolicyRevised):
            continue
        now = msgspec.json.decode(entry.event.body, type=Agents)
        text = " ".join(_told(before, now, id))
        if text:
            found.append(Move(entry.position, entry.happened_at_ms, entry.event.author, text, entry.event.why))
        before = now
    return found[::-1]


def _told(before: Agents, now: Agents, id: str) -> Iterator[str]:
    was, main = before.of(id), now.of(id)
    if main is not None and was is None and not main.on:
        yield "The agent was made, switched off."
    elif main is not None and (was is None or was.version != main.version):
        yield f"Version {main.version} is in force."
    elif main is not None and was is not None and was.on != main.on:
        yield "Switched on." if main.on else "Switched off."
    old = {a.version for a in (*before.agents, *before.versions) if a.id == id}
    new = [a.version for a in now.versions if a.id == id and a.version not in old]
    if was is not None and new:
        yield f"Version {', '.join(new)} was made."
    shared, shares = before.canary(id), now.canary(id)
    if shares is not None and shares != shared:
        verb = "gets" if shared is None or shared.version != shares.version else "now gets"
        yield f"Canary: version {shares.version} {verb} {shares.permille / 10:g} % of new conversations."
    if shared is not None and shares is None and (main is None or main.version != shared.version):
        yield f"The canary of version {shared.version} was stopped."


async def _made(app: App, id: str) -> dict[str, Move]:
    """By version, when it first stood in the policy."""
    found: dict[str, Move] = {}
    for entry, _ in await app.reader.told(f"policy/{NAME}"):
        if not isinstance(entry.event, PolicyRevised):
            continue
        now = msgspec.json.decode(entry.event.body, type=Agents)
        for agent in (*now.agents, *now.versions):
            if agent.id == id:
                move = Move(entry.position, entry.happened_at_ms, entry.event.author, "", entry.event.why)
                found.setdefault(agent.version, move)
    return found


def _limits(value: object) -> str:
    if not isinstance(value, dict):
        return str(value)
    return f"({', '.join(f'{v:,} {k}'.replace(',', ' ') for k, v in value.items() if v)})"


def _order(version: str) -> tuple[int, str]:
    return (int(version), "") if version.isdecimal() else (0, version)
