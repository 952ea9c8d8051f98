"""What the command line asks: scenarios with a version, and the trace of a conversation."""

from collections.abc import Sequence
from pathlib import Path

from baton.assembly.parts import opened
from baton.assembly.trials.halcyon import scenarios_at, their_policies, theirs
from baton.assembly.trials.job import HALCYON, Job
from baton.assembly.trials.running import bodies_of
from baton.assembly.trials.trying import trying
from baton.capabilities.agents.events import Agents
from baton.capabilities.agents.trials.agents import ScenarioResult, Scenarios
from baton.capabilities.agents.trials.traces import need_of
from baton.demo.policies import agents as their_agents
from baton.engines.personal.hiding import Cloak
from baton.engines.tracing import Evaluation, Node, Span, evaluations_of, of_need, spans_of, tree
from baton.kernel.errors import BatonError
from baton.kernel.explain import explained
from baton.settings import Settings


async def scenarios_run(settings: Settings, path: Path | None, label: str) -> tuple[str, Sequence[ScenarioResult]]:
    """Run the scenarios of a path, of the home, or of Halcyon Air where the home has no agent; the version and its results."""
    policies, agents, files = await _in_force(settings)
    company = "" if agents.agents else HALCYON
    if company:
        policies, agents, files = their_policies(), their_agents(), theirs()
    known = [*agents.agents, *agents.versions]
    agent = next((each for each in known if label in {each.label, each.id}), None) if label else known[0]
    if agent is None:
        told = ", ".join(each.label for each in known)
        raise BatonError("no_version", 404, f"There is no version {label!r}. There is {told}.")
    texts = tuple(file.text for file in (scenarios_at(path) if path else files).files)
    if not texts:
        raise BatonError("no_scenarios", 404, "This home has no scenario. Name a file or a folder, or write one on Agents, Scenarios.")  # fmt: skip
    return agent.label, (await trying(Job(agent, policies, company, texts))).scenarios


async def trace_of(settings: Settings, conversation: str, content: bool) -> tuple[list[Span], list[Evaluation]]:
    """The spans of a conversation, and what was judged of it. Raises 404."""
    async with opened(settings) as parts:
        told = await explained(parts.store, parts.committer.codec, conversation)
        names = {each.id: each.name for each in parts.committer.memory.policies.newest_of(Agents).agents}
        spans = spans_of(told, names, Cloak().hide if content else None)
        key = told[0].stream.partition("/")[2]
        need = await need_of(parts.store, key)
        return spans, [*evaluations_of(told), *(of_need(need, spans, key) if need is not None else ())]


def lines_of(spans: Sequence[Span], results: Sequence[Evaluation] = ()) -> list[str]:
    """The tree as lines: name, time, cost, what went wrong, and what was judged."""
    lines: list[str] = []
    for node in tree(spans):
        lines.append(f"{'  ' * node.depth}{_line(node)}")
        lines += [f"{'  ' * (node.depth + 1)}{_judged(each)}" for each in results if each.span == node.span.id]
    return lines


def _judged(each: Evaluation) -> str:
    score = "" if each.permille is None else f"  {each.permille / 1000:.2f}"
    return f"judged {each.name}  {each.label}{score}  ({each.explanation})"


def _line(node: Node) -> str:
    cost = f"  {node.cost_micros / 10_000:.2f} ct" if node.cost_micros else ""
    return f"{node.span.name}  {node.span.ms} ms{cost}{'  ' + node.span.error if node.span.error else ''}"


async def _in_force(settings: Settings) -> tuple[dict[str, str], Agents, Scenarios]:
    if not (settings.home / "log.db").exists() and settings.log == "sqlite":
        return {}, Agents(), Scenarios()
    async with opened(settings) as parts:
        policies = parts.committer.memory.policies
        return bodies_of(policies), policies.newest_of(Agents), policies.newest_of(Scenarios)
