"""Asking: whom a request is about, found without keeping what was typed."""

from baton.capabilities.governance.privacy.governance import TakenOut
from baton.capabilities.governance.privacy.looks import take_out
from baton.capabilities.governance.privacy.person import archive
from baton.capabilities.governance.privacy.subject import CONVERSATION, Subject, anonymous, subject_of
from baton.kernel.errors import BatonError
from baton.web.app import App

NOBODY = "Nobody is known by that. Look at the spelling, or use the key of one of their conversations."


async def found(app: App, said: str = "", conversation: str = "") -> Subject:
    """The person who gave `said`, or who wrote in a conversation; raises 404 where there is none."""
    customer = app.keys.known(said) if said.strip() else None
    subject = await subject_of(app.committer, customer) if customer else None
    if subject is None and conversation.strip():
        subject = await anonymous(app.committer, conversation.strip())
    if subject is None:
        raise BatonError("nobody_known", 404, NOBODY)
    return subject


async def named(app: App, subject: str) -> Subject:
    """The person of a subject's stream (`customer/…`, or `conversation/…` of one who is anonymous); raises 404 where there is none."""
    kind, _, key = subject.partition("/")
    got = await (subject_of if kind == "customer" else anonymous)(app.committer, key)
    if got is None:
        raise BatonError("nobody_known", 404, NOBODY)
    return got


async def taken(app: App, subject: Subject, staff: str) -> bytes:
    """Everything of this person as a zip; that it was taken out is kept first."""
    customer = subject.customers[0] if subject.customers else ""
    conversation = "" if customer else subject.streams[0].removeprefix(CONVERSATION)
    await take_out(app, TakenOut("person", staff, customer, conversation))
    return await archive(app, subject)
