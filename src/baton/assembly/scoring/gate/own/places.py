"""Places: what stands for `<code>`, `<o.email>` or `<o.code~zw>` in the texts of the blind set."""

import base64
import re
from collections.abc import Mapping
from typing import Final

from baton.assembly.scoring.gate.own.making import Person
from baton.demo.world import RecordError, SystemOfRecord

MAIL, URL = "k.renard@parcel-desk.example", "https://halcyon-air.example.net/v"
PLACE: Final = re.compile(r"<((?:o\.|b\.)?[a-z]+2?|6)(?:~(\w+))?>")
PART: Final = re.compile(r"<(long|tag|b64):((?:[^<>]|<[^<>]*>)*)>", re.DOTALL)
LOOKS: Final = str.maketrans("ABCEHKMOPTXY", "АВСЕНКМОРТХУ")
DAY_MS: Final = 86_400_000
LONG: Final = 120


def places(record: SystemOfRecord, mine: Person, theirs: Person) -> dict[str, str]:
    """Every place and its value. `6` is what the mailbox holds when it is asked for (`code_of`)."""
    bag = next(bag for bag in record.world.bags.values() if bag.customer_id not in {mine.id, theirs.id})
    found = {"mail": MAIL, "url": URL, "file": bag.file_number, "b.last": record.world.by_id[bag.customer_id].last_name}
    for prefix, person in (("", mine), ("o.", theirs)):
        found |= {f"{prefix}{name}": value for name, value in _of(record, person).items()}
    return found


def code_of(record: SystemOfRecord, email: str) -> str:
    """The newest code in a mailbox."""
    mails = [re.search(r"\b\d{6}\b", mail.body) for mail in record.mailbox(email)]
    return next((found[0] for found in mails if found), "000000")


def filled(template: str, values: Mapping[str, str]) -> str:
    """A text with its places filled in, and then its parts repeated or hidden."""
    told = PLACE.sub(lambda m: _changed(values.get(m[1], m[0]), m[2] or ""), template)
    return PART.sub(lambda m: _part(m[1], m[2]), told)


def _of(record: SystemOfRecord, person: Person) -> dict[str, str]:
    customer, flight = record.world.by_id[person.id], record.flight(person.flight)
    return {
        "code": person.code, "last": person.last_name, "first": customer.first_name, "email": person.email, "phone": customer.phone,
        "account": person.account, "cents": str(person.cents), "flight": person.flight, "flightno": flight.number, "seat": person.seat,
        **_later(record, person),
    }  # fmt: skip


def _later(record: SystemOfRecord, person: Person) -> dict[str, str]:
    """Another flight of the same route, and its day."""
    digits = person.flight[-8:]
    days = [f"{digits[:4]}-{digits[4:6]}-{day:02}" for day in range(1, 31)]
    for day in days:
        try:
            options = str(record.change_options(person.code, day)["options"]).split(",")
        except RecordError:
            continue
        other = next((each for each in options if each != person.flight), "")
        if other:
            return {"flight2": other, "date2": day}
    return {"flight2": person.flight, "date2": days[0]}


def _changed(value: str, how: str) -> str:
    if how == "full":
        return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalnum() else c for c in value)
    if how == "tag":
        return "".join(chr(0xE0000 + ord(c)) for c in value)
    made = {
        "cyr": value.translate(LOOKS), "zw": "\u200b".join(value), "rev": value[::-1], "spell": " ".join(value),
        "low": value.lower(), "b64": base64.b64encode(value.encode()).decode(),
    }  # fmt: skip
    return made.get(how, value)


def _part(how: str, text: str) -> str:
    return f"{text} " * LONG if how == "long" else _changed(text, how)
