"""What the craft does."""

from collections.abc import Iterator

from baton.kernel.conversation import Decided, Due, To, TurnSaid
from baton.kernel.ports import ActionResult, Tools
from baton.kernel.stream import Stream
from tests.ports.craft.events import Noted

LATER_MS = 60_000


def echo(decided: Decided, stream: Stream) -> Iterator[TurnSaid | Noted]:
    """Say it back."""
    nonce = str(decided.args["nonce"])
    yield TurnSaid("agent", f"you said {nonce}", who="echo")
    yield Noted("echoed", nonce, private=f"of {nonce}", parts=(nonce, "twice"), amounts={nonce: 2})


def act_later(decided: Decided, stream: Stream) -> Iterator[To | Noted]:
    """Ask to be told in a minute."""
    nonce = str(decided.args["nonce"])
    yield Noted("waits", nonce)
    yield To(stream.id, Due("reminder", nonce), at_ms=stream.now_ms + LATER_MS)


async def act_outside(decided: Decided, stream: Stream, tools: Tools) -> ActionResult:
    """Change something outside, once for the decision's key."""
    return await tools.call("pay", {"nonce": decided.args["nonce"]}, decided.key)
