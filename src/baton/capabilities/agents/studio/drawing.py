"""Drawing: by chance, once, which of two versions of an agent serves a conversation. Pure, and the same in a replay."""

from collections.abc import Iterator

from baton.capabilities.agents.events import Agents, Drawn
from baton.capabilities.governance.events import lets_here, serving
from baton.kernel.choose import chance_permille
from baton.kernel.stream import Stream

SEED = "baton"


def drawn(stream: Stream) -> Iterator[Drawn]:
    """The version that serves to the end, where the agent that would serve has a canary which may take turns; else nothing."""
    agents, agent = stream.policy(Agents), serving(stream) if stream.live else None
    canary = agents.canary(agent.id) if agent is not None else None
    if agent is None or canary is None or not 0 < canary.permille < 1000:
        return
    other = agents.of(agent.id, canary.version)
    if other is None or not lets_here(stream)(other):
        return
    if chance_permille(SEED, stream.id, 0, f"canary {other.label}") < canary.permille:
        yield Drawn(agent.id, other.version, canary.permille, agent.version, canary=True)
    else:
        yield Drawn(agent.id, agent.version, 1000 - canary.permille, other.version)
