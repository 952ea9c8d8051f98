"""What the desk says beside what routing says: notes of a rep, kept with the conversation."""

from baton.kernel.events import Event, Personal


class Noted(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep wrote a note; the customer never sees it."""

    rep: str
    text: Personal[str]
    nonce: str = ""
