"""What the chat says of a conversation beside its turns: how the customer would like to be written to."""

from baton.kernel.events import Fact


class Preferences(Fact, frozen=True, gc=False, omit_defaults=True):
    """How the customer asked to be written to; agents and reps see it. Never inferred, only asked for."""

    plain: bool = False
    one_at_a_time: bool = False
    language: str = ""
