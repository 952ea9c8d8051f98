"""Deciding: what AI may not do, whatever was proposed, and who takes over when an agent is stopped."""

from collections.abc import Iterator

from baton.capabilities.agents.events import BINDING, SPEAKS, Attempts, Confirmation, Drawn, Idea, Procedures
from baton.capabilities.governance.events import AgentStopped, serving
from baton.capabilities.knowledge.events import Articles
from baton.kernel.conversation import Holder, Proposed, Vetoed
from baton.kernel.facts import Facts
from baton.kernel.replies.judging import refusals
from baton.kernel.stream import Stream

STOPPED = 9500
"""Above every other rule: a stopped agent hands over before anything else happens."""


def hand_over_at_once(event: AgentStopped, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """A conversation that a stopped agent was holding goes to a person now, not at the customer's next turn."""
    holder, attempts = facts.get(Holder), facts.get(Attempts)
    if (holder is not None and holder.kind != "agent") or not stream.turns:
        return
    spoke, holds = attempts.agent if attempts else "", holder.who if holder else ""
    if event.agent in {"*", *_names(spoke or holds, facts.get(Drawn))} or serving(stream) is None:
        yield Proposed("escalate", {"reason": "agent_off"}, STOPPED, f"agent {event.agent} was stopped")


def _names(agent: str, drawn: Drawn | None) -> tuple[str, ...]:
    """How an agent that spoke here is stopped: by its id, or by the version of it that was drawn."""
    return (agent, f"{agent}@{drawn.version}") if drawn is not None and drawn.agent == agent else (agent,)


def silence(proposal: Proposed, stream: Stream, facts: Facts) -> Iterator[Vetoed]:
    """No agent speaks or acts that is stopped, off, or not approved in the register."""
    if proposal.action in SPEAKS and serving(stream) is None:
        yield Vetoed(proposal.action, "no approved agent is on")


def what_may_not_be_said(proposal: Proposed, stream: Stream, facts: Facts) -> Iterator[Vetoed]:
    """No words of a model that rest on nothing or carry what no AI may say; it may do without them."""
    idea = facts.get(Idea)
    said: object = idea.said if idea is not None else ""
    if proposal.action != "reply" or idea is None or not isinstance(said, str):
        return
    own = [turn.text for turn in stream.asking()]
    told = refusals(said, stream.policy(Articles).texts(idea.cites), own, bool(idea.found))
    if told:
        yield Vetoed("reply", f"the reply gate: {', '.join(told)}")


def without_a_yes(proposal: Proposed, stream: Stream, facts: Facts) -> Iterator[Vetoed]:
    """No act that binds without a live confirmation of exactly these arguments, nor beyond its limit without approval."""
    if proposal.action != "run_tool":
        return
    procedure = stream.policy(Procedures).of(str(proposal.args.get("procedure", "")))
    step = procedure.step(str(proposal.args.get("step", ""))) if procedure else None
    if procedure is None or step is None:
        yield Vetoed("run_tool", "no such step in the procedures in force")
        return
    if step.risk not in BINDING:
        return
    confirmation = facts.get(Confirmation)
    if confirmation is None or not confirmation.allows(str(proposal.args.get("bound", "")), stream.now_ms):
        yield Vetoed("run_tool", "no live confirmation of these arguments")
    cents = proposal.args.get("amount_cents", 0)
    beyond = isinstance(cents, int) and 0 < procedure.limit_cents < cents
    if beyond and not proposal.args.get("approved"):
        yield Vetoed("run_tool", "beyond the limit and not approved")
