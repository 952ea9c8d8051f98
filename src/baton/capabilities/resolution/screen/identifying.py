"""Identifying: a rep or an analyst says that two customers are one person, or that they were not after all."""

import asyncio
from typing import Final

from fastapi import Request

from baton.capabilities.resolution.events import CustomersJoined
from baton.capabilities.resolution.joining.pairs import Pair
from baton.capabilities.resolution.reading.same import contacts, identities, meeting
from baton.kernel.errors import BatonError, Conflict
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.staff import Staff

MOST: Final = 200
LOOKS: Final = 40
LOOK_S: Final = 0.05


def allowed(app: App, request: Request) -> Staff:
    """Who asks: somebody who serves, or who judges conversations; else 403."""
    staff = app.staff(request)
    return staff if app.may(staff, "serve", "desk") else app.allow(request, "change", "performance")


def customer_of(stream: Stream) -> str:
    """The customer of a conversation; one who is not known is a customer of their own."""
    return (stream.started.customer if stream.started else "") or stream.key


def named(app: App, said: str) -> str:
    """The customer who gave this email address, phone number or customer number: a keyed hash. What was typed is kept nowhere."""
    if not said.strip() or len(said) > 200:
        raise BatonError(
            "no_identity", 422, "Type the email address, phone number or customer number that the customer gave."
        )
    return app.keys.pseudonym("customer", said)


async def join(app: App, staff: Staff, one: str, other: str) -> None:
    """From now on both are one person. Raises 409 where they are already, 422 where together they have too many contacts."""
    meets, with_ = await meeting(app.store, one), await meeting(app.store, other)
    if meets == with_:
        raise Conflict("already_joined", "Both are already known as one person. Nothing was changed.")
    if (many := await contacts(app.store, meets, with_)) > MOST:
        raise BatonError(
            "too_many_contacts", 422,
            f"Together they have {many} contacts, more than the {MOST} of one person. Nothing was joined; look whether this is a shared number.",
        )  # fmt: skip
    into, moves = sorted((meets, with_))
    await _said(app, staff, moves, CustomersJoined(into, staff.id))
    await _until(app, moves, 0)


async def import_pair(app: App, staff: Staff, pair: Pair) -> str:
    """Join a pair of a file: `joined`, `already`, or why it was not."""
    one, other = (app.keys.pseudonym("customer", said) for said in (pair.customer, pair.same_as))
    try:
        await join(app, staff, one, other)
    except Conflict:
        return "already"
    except BatonError as error:
        return error.message
    return "joined"


async def separate(app: App, staff: Staff, customer: str) -> None:
    """They were not the same person after all. Raises 409 where they are not joined."""
    found = next((each for each in await identities(app.store, customer) if each.customer == customer), None)
    if found is None or not found.into:
        raise Conflict("not_joined", "This identity stands by itself. Nothing was changed; load the page again.")
    await _said(app, staff, customer, CustomersJoined(found.into, staff.id, same=False))
    await _until(app, customer, min(1, found.conversations))


async def _said(app: App, staff: Staff, customer: str, event: CustomersJoined) -> None:
    await app.committer.append(f"customer/{customer}", event, by=f"staff/{staff.id}")


async def _until(app: App, customer: str, least: int) -> None:
    """Wait until the other stream has heard of it, two seconds at most: the page that follows shows it."""
    for _ in range(LOOKS):
        if min(1, await contacts(app.store, customer)) == least:
            return
        await asyncio.sleep(LOOK_S)
