"""Details: what is kept of somebody beside their rights, checked once, whether it came by a form or over HTTP."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Final

import msgspec
from sqlalchemy.engine import Row

from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.identity.own import GIVES
from baton.web.identity.rights import change_account, known_staff
from baton.web.staff import ATTRIBUTES, NO_ROLE, Staff, read_attributes, written

MOST_AT_ONCE: Final = 50
LONGEST: Final = 300
LISTED: Final = 3000
"""Characters of all skills, or all languages: some hundred queues."""
KEPT: Final = ("name", "skills", "languages", "capacity", "attributes")
BAD: Final = f"A name is needed, and at once a number from 1 to {MOST_AT_ONCE}. Nothing was changed."
LONG: Final = f"All skills together, or languages, have at most {LISTED} characters, each other part {LONGEST}. Nothing was changed."


class Details(msgspec.Struct, frozen=True):
    """Name, queues with levels, languages, conversations at once, and what is said of somebody (`ATTRIBUTES`)."""

    name: str
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    capacity: int = 3
    attributes: Mapping[str, str] = {}


def version_of(row: Row[tuple[object, ...]]) -> str:
    """A hash of the details, by which two who change them at once are told apart."""
    return sha256(msgspec.json.encode([getattr(row, name) for name in KEPT])).hexdigest()[:16]


def of_form(form: Mapping[str, object]) -> Details:
    """What the form says; raises 422 where it cannot be."""
    said = {name: _plain(str(value)) for name, value in form.items()}
    capacity = said.get("capacity", "")
    if not capacity.isdecimal():
        raise BatonError("bad_details", 422, BAD)
    listed = {name: tuple(said.get(name, "").split(",")) for name in ("skills", "languages")}
    return Details(said.get("name", ""), **listed, capacity=int(capacity[:9]), attributes=said)


async def change_details(app: App, staff_id: str, by: Staff, told: Details, was: str = "") -> None:
    """Keep what is told. Raises 409 where `was` is not what was there, and 403 where a key would change what rights hang on."""
    before, row = known_staff(app, staff_id), app.accounts.row(staff_id)
    if row is not None and was and was != version_of(row):
        raise Conflict("details_moved", "Somebody else changed this meanwhile. Load it again, then change it.")
    columns = columns_of(told)
    if by.how == "key" and columns["attributes"] != written(before.attributes):
        raise BatonError("session_needed", 403, GIVES)
    await change_account(app, staff_id, by.id, **columns)


def columns_of(told: Details) -> dict[str, object]:
    """As columns of an account; raises 422 where they cannot be."""
    name = _plain(told.name)
    if not name or not 1 <= told.capacity <= MOST_AT_ONCE:
        raise BatonError("bad_details", 422, BAD)
    attributes = {each: _plain(told.attributes.get(each, "")) for each in ATTRIBUTES}
    listed = {"skills": _listed(told.skills), "languages": _listed(told.languages)}
    if max(map(len, (name, *attributes.values()))) > LONGEST or max(map(len, listed.values())) > LISTED:
        raise BatonError("bad_details", 422, LONG)
    said = tuple((each, value) for each, value in attributes.items() if value)
    return {"name": name, "capacity": told.capacity, **listed, "attributes": written(said)}


def staff_from(told: Details, email: str, role: str) -> Staff:
    """An account to be made; raises 422 where its details cannot be."""
    columns = {name: str(value) for name, value in columns_of(told).items()}
    skills, languages = (tuple(filter(None, columns[name].split(","))) for name in ("skills", "languages"))
    said = read_attributes(columns["attributes"])
    return Staff("", email, columns["name"], NO_ROLE, skills, languages, told.capacity, made_role=role, attributes=said)


def _listed(words: tuple[str, ...]) -> str:
    """Words as they are kept: by commas, so none holds one."""
    parts = (part.strip() for word in words for part in _plain(word).split(","))
    return ",".join(filter(None, parts))


def _plain(text: str) -> str:
    return " ".join(text.replace("\x00", "").split())
