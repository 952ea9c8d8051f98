"""Consulting: a rep asks a colleague beside the conversation and keeps the baton; the customer is not moved."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.routing.events import MAIN, Consult, Gone, Waiting
from baton.capabilities.routing.handing.hands import language_of
from baton.capabilities.routing.handing.queues import PRIORITY, named
from baton.kernel.conversation import To
from baton.kernel.events import Fact
from baton.kernel.stream import Stream

MARK = "#consult-"


def ref(conversation: str, consult: str) -> str:
    """How work on a consult is called on the board."""
    return f"{conversation}{MARK}{consult}"


def told(stream: Stream, consult: Consult) -> To:
    """The assignment stream hears that a colleague is asked, or is not needed any more."""
    work = ref(stream.id, consult.consult)
    if consult.state == "ended":
        return To(MAIN, Gone(work, "ended"))
    skill = named(stream, consult.queue).skill
    return To(
        MAIN,
        Waiting(work, consult.queue, stream.now_ms, "consult", PRIORITY["consult"], skill, language_of(stream), "consult", epoch=1, not_for=consult.rep),
    )  # fmt: skip


def taken(stream: Stream, consult: str, colleague: str) -> Iterator[Fact | To]:
    """The colleague is named, or sent away where nobody needs them any more."""
    asked = stream.facts.slot(Consult, consult)
    if asked is not None and asked.state == "asked":
        yield replace(asked, state="taken", colleague=colleague)
    elif stream.live:
        yield To(MAIN, Gone(ref(stream.id, consult), "ended"))
