"""Acting: the slow tier is asked after the turn was committed and acknowledged; its answer comes back as an input."""

import asyncio
from typing import Final

from baton.capabilities.orchestration.events import Intents, text_at
from baton.kernel.conversation import Decided
from baton.kernel.ports import ActionResult, Tools
from baton.kernel.stream import Stream

LIMIT_S: Final = 2.0
"""A customer waits no longer for a second look: then the words have to do."""


async def look_again(decided: Decided, stream: Stream, tools: Tools) -> ActionResult:
    """What the slow tier says of the turn, as labels and numbers."""
    text = text_at(stream, int(decided.args["position"]))
    try:
        async with asyncio.timeout(LIMIT_S):
            asked = {"text": text, "head": stream.policy(Intents).head}
            return await tools.call("look_again", asked, decided.key)
    except TimeoutError:
        return ActionResult(False, "late")
