"""Deciding: whether the slow tier is worth asking what a turn wants, beside whatever else could be done with it."""

from collections.abc import Iterator
from typing import Final

from baton.capabilities.agents.events import Heard
from baton.capabilities.orchestration.events import Intent, SecondLook
from baton.kernel.conversation import Args, Holder, Proposed
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

LOOK: Final = 650
"""Permille of one met need. A section that answers as well as this needs no second look; a guess, a question back or a person
for want of an answer do. It costs the customer a hundredth of a second, and the machine as much as eight other turns."""
GENERAL: Final = 400
"""The same for a question about rules: a section answers it whatever it is filed under, so a look seldom changes the answer."""


def look_again(look: SecondLook, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Ask the slow tier, unless it answered; while a person serves, only as long as nothing is known of what is wanted."""
    if look.done:
        return
    holder, intent = facts.get(Holder), facts.get(Intent)
    if holder is not None and holder.kind != "agent" and intent is not None and intent.label:
        return
    heard = facts.get(Heard)
    general = heard is not None and heard.position == look.position and heard.general
    value = GENERAL if general else LOOK
    args: Args = {"position": look.position, "risk": "read"}
    yield Proposed("look_again", args, value, "the words alone leave open what is wanted")
