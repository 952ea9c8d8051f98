"""Lending: for a while a rep is offered another queue's work. Their own skills come back by themselves, or when they are sent back."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.routing.events import Lent, Loan, Post, RepReady
from baton.kernel.conversation import Due, To
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

BACK = "loan_over"
Said = Iterator[Fact | To]


def lent(event: Lent, stream: Stream, facts: Facts) -> Said:
    """The rep works by other skills from now on; what they hold stays theirs."""
    post, loan = facts.slot(Post, event.rep), facts.slot(Loan, event.rep)
    if post is None:
        return
    if not event.skills or event.until_ms <= stream.now_ms:
        yield from _returned(post, loan)
        return
    own, levels = (loan.own, loan.own_levels) if loan is not None else (post.skills, post.levels)
    yield Loan(event.rep, event.skills, event.until_ms, own, levels, event.by)
    yield replace(post, skills=event.skills, levels=())
    yield To(stream.id, Due("match"))
    yield To(stream.id, Due(BACK, f"{event.rep}|{event.until_ms}"), event.until_ms)


def back(due: Due, facts: Facts) -> Said:
    """The time is over, unless the loan was made longer meanwhile."""
    rep, _, until = due.ref.rpartition("|")
    post, loan = facts.slot(Post, rep), facts.slot(Loan, rep)
    if loan is not None and str(loan.until_ms) == until:
        yield from _returned(post, loan)


def kept(event: RepReady, stream: Stream, facts: Facts) -> Said:
    """A rep who is lent and sets their presence is lent still: what they say of their own skills is what they come back to."""
    post, loan = facts.slot(Post, event.rep), facts.slot(Loan, event.rep)
    if loan is None or post is None or loan.until_ms <= stream.now_ms or post.skills == loan.skills:
        return
    yield replace(loan, own=post.skills, own_levels=post.levels)
    yield replace(post, skills=loan.skills, levels=())


def _returned(post: Post | None, loan: Loan | None) -> Said:
    if loan is None:
        return
    yield Loan(loan.rep)
    if post is not None:
        yield replace(post, skills=loan.own, levels=loan.own_levels)
