"""Beginning: a Baton that serves has a register from its first minute, empty at first, so that nothing speaks unapproved."""

import msgspec

from baton.capabilities.governance.events import REGISTER, Register
from baton.kernel.committer import Committer
from baton.kernel.conversation import PolicyRevised


async def begin(committer: Committer) -> None:
    """Put an empty register in force where there never was one; from then on an agent needs an approval to take a turn."""
    if committer.memory.policies.newest_body(REGISTER) is None:
        body = msgspec.Raw(msgspec.json.encode(Register()))
        revised = PolicyRevised(
            REGISTER, body, "baton", "an empty register: no agent takes a turn before it is approved"
        )
        await committer.append(f"policy/{REGISTER}", revised, by="system", once="register:begun")
