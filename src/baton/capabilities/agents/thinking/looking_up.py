"""Looking up: on what grounds a tool is read for a model. Each value is the customer's or the record's; nothing is made up."""

from baton.capabilities.agents.events import Idea
from baton.capabilities.agents.thinking.choices import found_of
from baton.kernel.ports import Claim, Origin
from baton.kernel.stream import Stream


def claim_of(idea: Idea, stream: Stream, agent: str) -> Claim:
    """The agent's claim, for the customer of the conversation."""
    started = stream.started
    evidence = "verified" if started is not None and started.verified == "verified" else "none"
    said = "\n".join(turn.text for turn in stream.asking()).casefold()
    return Claim(
        principal=agent, on_behalf_of=started.customer if started else "", evidence=evidence,
        origins={name: _origin(str(value), said, idea) for name, value in idea.args.items()},
    )  # fmt: skip


def _origin(value: str, said: str, idea: Idea) -> Origin:
    if value.casefold() in said:
        return "customer"
    record = {str(each).casefold() for gave in found_of(idea).values() for each in gave.values()}
    return "record" if value.casefold() in record else "model"
