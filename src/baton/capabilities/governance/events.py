"""What governance says: what AI may do now, and who said so."""

import msgspec

from baton.kernel.events import Event


class Stop(msgspec.Struct, frozen=True, gc=False):
    """The policy `governance.Stop`: the kill switch. `agents` are ids, or `*` for all."""

    agents: tuple[str, ...] = ()


class SignedIn(Event, frozen=True, gc=False, omit_defaults=True):
    """A member of staff signed in (stream `staff/<id>`)."""

    staff: str
    role: str


class Looked(Event, frozen=True, gc=False, omit_defaults=True):
    """A member of staff opened a conversation's text (stream `access/<day>`): every access to personal data is kept."""

    staff: str
    conversation: str
