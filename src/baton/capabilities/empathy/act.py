"""Acting: back to the AI, where the customer would rather not have the person that was sent for unasked."""

from collections.abc import Iterator

from baton.capabilities.empathy.events import PersonDeclined
from baton.capabilities.routing.events import HandedBack
from baton.kernel.conversation import Decided, To
from baton.kernel.stream import Stream


def stay_with_ai(decided: Decided, stream: Stream) -> Iterator[PersonDeclined | To]:
    """Note that they declined, and hand back: an input of its own, so that the agent speaks on."""
    yield PersonDeclined(str(decided.args.get("reason", "")))
    yield To(stream.id, HandedBack("customer"))
