"""What governance says: what AI may do now, and who said so."""

import msgspec

from baton.kernel.events import Event, Fact
from baton.kernel.stream import Stream


class Stop(msgspec.Struct, frozen=True, gc=False):
    """The policy `governance.Stop`: the kill switch. `agents` are ids, or `*` for all."""

    agents: tuple[str, ...] = ()


class GatePolicies(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `governance.GatePolicies`: who may call which tool, as Cedar, with its tests (TOML). Empty: the built-in ones.

    The gate reads the newest version, also for conversations that began before it: a rule against something holds at once.
    """

    text: str = ""
    tests: str = ""


class AgentStopped(Event, frozen=True, gc=False, omit_defaults=True):
    """The kill switch reached this conversation: from here on the agent (an id, or `*` for all) may not speak or act."""

    agent: str
    staff: str = ""
    why: str = ""


class AgentStarted(Event, frozen=True, gc=False, omit_defaults=True):
    """The agent (an id, or `*`) may speak and act again in this conversation."""

    agent: str
    staff: str = ""
    why: str = ""


class Halted(Fact, frozen=True, gc=False, omit_defaults=True):
    """The agents that are stopped in this conversation now. It outranks the policy pinned when the conversation began."""

    agents: tuple[str, ...] = ()


class SignedIn(Event, frozen=True, gc=False, omit_defaults=True):
    """A member of staff signed in (stream `staff/<id>`)."""

    staff: str
    role: str


class Looked(Event, frozen=True, gc=False, omit_defaults=True):
    """A member of staff opened a conversation's text (stream `access/<day>`): every access to personal data is kept."""

    staff: str
    conversation: str


def stopped_here(stream: Stream) -> tuple[str, ...]:
    """Which agents the kill switch stops in this conversation now: ids, or `*`."""
    halted = stream.facts.get(Halted)
    return halted.agents if halted else stream.policy(Stop).agents
