"""Configured: what an approval is of. One hash over all that makes an agent act as it does: its words, limits, model, tools, procedures."""

from hashlib import sha256
from typing import Final

import msgspec

from baton.capabilities.agents.events import Agent, Procedures

KEPT: Final = 64
STANDING: Final = {"approved": False, "on": True}
"""Whether it is let and switched on is not what it is."""

_known: dict[tuple[int, int], tuple[Agent, Procedures, str]] = {}


def configuration(agent: Agent, procedures: Procedures) -> str:
    """SHA-256 (hex) of a version's configuration: the agent without its standing, and the procedures it may carry out.

    Policies are decoded once, so the same two objects come back turn after turn: they are told apart by identity.
    """
    key = (id(agent), id(procedures))
    found = _known.get(key)
    if found is None:
        if len(_known) >= KEPT:
            _known.clear()
        found = _known[key] = (agent, procedures, _hashed(agent, procedures))
    return found[2]


def _hashed(agent: Agent, procedures: Procedures) -> str:
    bare = msgspec.structs.replace(agent, **STANDING)
    may = sorted((p for p in procedures.procedures if agent.may(p.id)), key=lambda p: p.id)
    return sha256(msgspec.json.encode([bare, may], order="deterministic")).hexdigest()
