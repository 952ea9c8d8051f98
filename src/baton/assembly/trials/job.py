"""A job: all that a trial needs, as values that reach another process, and what comes back."""

import msgspec

from baton.capabilities.agents.events import Agent
from baton.capabilities.agents.trials.agents import ScenarioResult, TalkResult
from baton.capabilities.agents.trials.scenario import Line
from baton.engines.tracing import Span

HALCYON = "halcyon"
"""The invented company whose customers are simulated."""


class Job(msgspec.Struct, frozen=True):
    """A version that is tried under the policies in force (JSON by name): by scenario texts, or by `n` simulated customers of `seed`.

    `trial` is who asked for it, by id: then its scenarios come back with spans.
    """

    agent: Agent
    policies: dict[str, str]
    company: str = ""
    scenarios: tuple[str, ...] = ()
    n: int = 0
    seed: int = 1
    trial: str = ""


class Tried(msgspec.Struct, frozen=True):
    """What came of it, with the talks by name, and the spans of scenarios by id."""

    scenarios: tuple[ScenarioResult, ...] = ()
    talks: tuple[TalkResult, ...] = ()
    transcripts: dict[str, tuple[Line, ...]] = {}
    spans: dict[str, tuple[Span, ...]] = {}
