"""Erasing: a person is forgotten by destroying every key that seals their words, at once and for ever, and it is proved.

What is in flight is let come to rest first; then keys, open ciphers, open streams and training rows go together; then everything that was
sealed is tried again. An erasure that a crash cut short is found by `asked` and finished.
"""

import asyncio
import logging
from typing import Final

from sqlalchemy import select

from baton.capabilities.governance.privacy import holds, training
from baton.capabilities.governance.privacy.governance import WHYS, CustomerErased, ErasureAsked, TextErased, Why
from baton.capabilities.governance.privacy.subject import CONVERSATION, Subject, holding, subject_of
from baton.capabilities.governance.tables import ERASURES, OPEN, TAKEN
from baton.kernel.committer import Committer
from baton.kernel.conversation import Ended
from baton.kernel.errors import BatonError
from baton.web.app import App

LOOKS: Final = 100
LOOK_S: Final = 0.05
log = logging.getLogger(__name__)


async def erase(app: App, subject: Subject, why: Why = "asked", staff: str = "") -> str:
    """Forget this person; returns the subject's stream, where the proof stands. Raises 409 where a legal hold forbids it."""
    await _allowed(app.committer, subject)
    await ask(app, subject, why, staff)
    return await _go_on(app, subject, app.clock.now_ms(), why, staff)


async def ask(app: App, subject: Subject, why: Why = "asked", staff: str = "") -> None:
    """Keep that this person is to be forgotten: what a hold puts off, or a crash cuts short, is finished later."""
    await app.committer.append(subject.stream, ErasureAsked(why, staff), by=_by(staff))


async def finish(app: App) -> int:
    """Go on with what was asked for and not done: after a crash, or once a hold has ended; returns how many were erased."""
    done = 0
    for row in await app.store.rows(select(ERASURES).where(ERASURES.c.state == "asked")):
        subject = await _who_asked(app.committer, str(row["subject"]))
        why = next(each for each in WHYS if each == row["why"])
        try:
            if subject is not None:
                await _go_on(app, subject, int(str(row["asked_ms"])), why, str(row["staff"] or ""))
                done += 1
        except BatonError as refused:
            log.info("an erasure waits: code=%s", refused.code)
    return done


async def _who_asked(committer: Committer, subject: str) -> Subject | None:
    """Whom a stream of an erasure speaks for: a person, or one conversation alone, whatever name was claimed in it."""
    if subject.startswith(CONVERSATION):
        return Subject((), (subject,)) if await committer.store.history(subject) else None
    return await subject_of(committer, subject.partition("/")[2])


async def _go_on(app: App, subject: Subject, asked_ms: int, why: Why, staff: str) -> str:
    committer = app.committer
    await _allowed(committer, subject)
    await _end(committer, subject, _by(staff))
    await _come_to_rest(committer, subject)
    told = await _destroyed(app, subject, asked_ms, why, staff)
    for stream in subject.streams:
        if stream.startswith(CONVERSATION):
            await committer.append(
                stream, TextErased("erased", dict(told.destroyed).get(stream, ""), staff), by=_by(staff)
            )
    await committer.append(subject.stream, told, by=_by(staff))
    if told.open_after:
        log.error("values of an erased person can still be read: subject=%s values=%d", subject.stream, told.open_after)
    return subject.stream


def _by(staff: str) -> str:
    return f"staff/{staff}" if staff else "customer"


async def forget_texts(app: App, streams: list[str], event: TextErased, by: str) -> int:
    """Destroy the keys of these conversations alone, whoever their customer is; returns how many went dark."""
    committer = app.committer
    async with committer.memory.quiet:
        keys = {s: print_ for s in streams for name, print_ in _own(committer, s) if name == s}
        gone = committer.keys.destroy(keys.items())
        _drop(committer)
    for stream in streams:
        told = TextErased(event.why, keys.get(stream, ""), event.staff)
        await committer.append(stream, told, by=by)
    return gone


def _own(committer: Committer, stream: str) -> list[tuple[str, str]]:
    committer.keys.identify(stream, alone := f"alone/{stream}")
    return committer.keys.held(alone)


async def _allowed(committer: Committer, subject: Subject) -> None:
    held = await holds.holding_back(committer.store, subject, committer.clock.now_ms())
    if held:
        raise holds.refusal(held)


async def _end(committer: Committer, subject: Subject, by: str) -> None:
    """Nobody goes on in a conversation whose customer is forgotten."""
    rows = await committer.store.rows(
        select(OPEN.c.conversation).where(OPEN.c.state == "open", OPEN.c.conversation.in_(subject.conversations))
    )
    for row in rows:
        await committer.append(f"{CONVERSATION}{row['conversation']}", Ended("erased"), by=by)


async def _come_to_rest(committer: Committer, subject: Subject) -> None:
    """Wait until nothing that these streams were told is still under way: it would be sealed anew, under a new key."""
    streams, lanes = set(subject.streams), sorted(committer.lanes)
    for _ in range(LOOKS):
        sends = await committer.store.sends(lanes, committer.clock.now_ms()) if lanes else []
        if not any(send.stream in streams for send in sends):
            return
        await asyncio.sleep(LOOK_S)


async def _destroyed(app: App, subject: Subject, asked_ms: int, why: Why, staff: str) -> CustomerErased:
    """Destroy the keys, and say what is left to read."""
    committer = app.committer
    heads = await training.without(app, subject.conversations)
    before = await holding(committer, subject.streams)
    recalls = await _recalls(committer, subject)
    async with committer.memory.quiet:
        await _allowed(committer, subject)
        destroyed = _keys(committer, subject)
        committer.keys.destroy(destroyed)
        _drop(committer)
    after, head = await holding(committer, subject.streams), await app.sealed()
    return CustomerErased(
        asked_ms, subject.customers, why, staff, len(subject.conversations), tuple(destroyed), before.kinds, after.values, tuple(heads),
        tuple(recalls), _remains(heads, recalls), before.first, before.last, *head,
    )  # fmt: skip


def _keys(committer: Committer, subject: Subject) -> list[tuple[str, str]]:
    """Every key of theirs. A stream that belongs to nobody yet is given to them first, so that the person's key alone decides."""
    owner = subject.customers[0] if subject.customers else f"alone/{subject.streams[0]}"
    owned = {name for each in subject.customers for name, _ in committer.keys.held(each)}
    for stream in subject.streams:
        if stream not in owned and committer.keys.of(stream) is not None:
            committer.keys.identify(stream, owner)
    found = {pair for each in (*subject.customers, owner) for pair in committer.keys.held(each)}
    return sorted(found)


def _drop(committer: Committer) -> None:
    """What this process holds open. Others notice that the key store moved (`assembly/forgetting.py`)."""
    committer.codec.forget()
    committer.memory.clear()


async def _recalls(committer: Committer, subject: Subject) -> list[int]:
    """Exports of this person's data, by position: whoever has them is told."""
    mine = TAKEN.c.customer.in_(subject.customers) | TAKEN.c.conversation.in_(subject.conversations)
    rows = await committer.store.rows(
        select(TAKEN.c.position).where(mine, TAKEN.c.plain == 1).order_by(TAKEN.c.position)
    )
    return [int(str(row["position"])) for row in rows]


def _remains(heads: list[str], recalls: list[int]) -> tuple[str, ...]:
    """What is kept, and why, as labels that the certificate puts into words."""
    kept = ["ciphertext", "facts", "erasure"]
    kept += ["heads"] if heads else []
    kept += ["exports"] if recalls else []
    return tuple(kept)
