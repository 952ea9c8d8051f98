"""A blank procedure: the file that a new one begins with."""

from baton.capabilities.agents.events import Procedure, Scene, Slot, Step
from baton.capabilities.agents.procedures.writing import written


def blank(id: str, title: str = "", intents: tuple[str, ...] = (), owner: str = "") -> str:
    """A file that may be put in force as it is, and does nothing but ask and tell."""
    made = Procedure(
        id, title or id.replace("_", " ").capitalize(), intents or (id,), (
            Step("ask_booking", "ask", slot="booking"),
            Step("done", "tell", say="Thank you. Your booking is {booking}.", ends="done"),
        ),
        slots=(Slot("booking", "booking", "Which booking is it?", "It has six letters and digits."),),
        scenes=(Scene("The customer gives the booking", ("I need help", "QK7M2P"), hears=("Your booking is QK7M2P",)),),
        owner=owner,
    )  # fmt: skip
    return written(
        made,
        ("Write what is asked, looked up, confirmed, done and checked; docs/howto/procedures.md shows each part.",),
    )
