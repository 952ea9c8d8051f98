"""Invented turns with names and addresses of many countries: `templates.txt` filled by faker, written as people chat and talk."""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

from baton.engines.personal.training.firms import NATIONS, firm

Mark = tuple[int, int, str]
_SLOT: Final = re.compile(r"\{(\w+)\}")
_LIST: Final = re.compile(r"\{(people|folks)\}")
"""First names, and whole names or last names, one after another."""
_HOME: Final = {
    "en": "en_US en_US en_US en_US en_GB en_GB en_IN en_AU en_CA en_IE".split(),
    "es": "es_ES es_ES es_MX es_AR es_CO".split(),
    "de": "de_DE de_DE de_AT de_CH".split(),
    "fr": "fr_FR fr_FR fr_CA fr_CH fr_BE".split(),
}
"""Where addresses of a language come from."""
_ABROAD: Final = (
    "it_IT pt_BR pt_PT nl_NL nl_BE pl_PL cs_CZ sk_SK sv_SE no_NO da_DK fi_FI hu_HU tr_TR hr_HR sl_SI ro_RO et_EE lt_LT lv_LV "
    "id_ID vi_VN en_NZ en_PH en_NG en_PK es_CL ga_IE sq_AL is_IS el_GR ru_RU uk_UA zu_ZA yo_NG ha_NG az_AZ"
).split()
_ROMAN: Final = ("ja_JP", "zh_CN")
"""Locales whose names are also given in Latin letters."""
_WISHES: Final = (
    "change my flight|cancel my booking|get a refund|return the desk lamp|exchange my order|book a seat|check the status of my refund|"
    "upgrade to business class|add a bag|cancel order {code}|change the date to {day}|return a few items|modify my reservation"
).split("|")
_THINGS: Final = (
    "refund|boarding pass|invoice|order|package|wheelchair|suitcase|voucher|meal|headphones|tracking number|confirmation|bank statement|"
    "phone bill|gift card|order ID|new password|window seat|internet connection|credit card|receipt"
).split("|")
_ITEMS: Final = (
    "Desk Lamp|T-Shirt|Mechanical Keyboard|Action Camera|Electric Kettle|Water Bottle|Office Chair|Grill|Smart Thermostat|Garden Hose|"
    "Bluetooth Speaker|Hiking Boots|Jigsaw Puzzle|Coffee Maker|Wall Clock|Running Shoes|Backpack|Tea Kettle|Wristwatch|Laptop|Skateboard"
).split("|")
_COLORS: Final = "Black Blue Purple White red green Cotton Polyester Leather silver LED RGB Glass Metal".split()
_AIRLINES: Final = (
    "Halcyon Air|Halcyon|Aurora Airways|Lufthansa|Iberia|Air France|British Airways|Delta|Northwind Airlines|Sunny Jet|Blue Sky Air|Condor"
).split("|")
_MONTHS: Final = "January February March April May June July August September October November December".split()
_DAYS: Final = (
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday today tomorrow May June August April March".split()
)
_SAID: Final = "zero one two three four five six seven eight nine".split()
_TENS: Final = "ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_AND: Final = {"en": "and", "es": "y", "de": "und", "fr": "et"}
_ENDS: Final = "Jr. Jr Sr. II III MD PhD DDS".split()
"""What may stand after a name and belongs to it."""
_SUBURB: Final = ("Apt. {}", "Apt {}", "Suite {}", "apartment {}", "Unit {}", "#{}", "Flat {}")


class Labelled(NamedTuple):
    """A text and where in it names and addresses are: (start, end, `name` or `address`); `group` tells what it was made of."""

    text: str
    marks: tuple[Mark, ...]
    group: str = ""


def turns(each: int, seed: int) -> Iterator[Labelled]:
    """Every template filled `each` times; the same seed gives the same texts."""
    chance = random.Random(seed)
    for language, line in templates():
        for _ in range(each):
            yield filled(line, language, chance, line)


def names() -> frozenset[str]:
    """Every part of every first and last name of every locale, in small letters."""
    every = (name for locale in _locales() for kind in ("first_name", "last_name") for name in _pool(locale, kind))
    return frozenset(part.lower() for name in every for part in name.split())


def _locales() -> list[str]:
    return list(dict.fromkeys([*(each for home in _HOME.values() for each in home), *_ABROAD]))


def people(seed: int) -> Iterator[Labelled]:
    """Every first and last name of every locale once, in pairs and alone, with nothing beside them."""
    chance = random.Random(seed)
    for locale in _locales():
        first, last = (list(dict.fromkeys(_pool(locale, kind))) for kind in ("first_name", "last_name"))
        chance.shuffle(first)
        chance.shuffle(last)
        for n in range(max(len(first), len(last))):
            pair = [*first[n : n + 1], *last[n : n + 1]]
            name = " ".join(pair) if chance.random() < 0.5 else pair[chance.choice((0, -1))]
            yield Labelled(name, ((0, len(name), "name"),), name)


def templates() -> list[tuple[str, str]]:
    """Language and template, as in the file."""
    language, found = "", []
    for line in Path(__file__).with_name("templates.txt").read_text("utf-8").splitlines():
        if line.startswith("# "):
            language = line[2:]
        elif line:
            found.append((language, line.replace("\\n", "\n")))
    return found


def filled(line: str, language: str, chance: random.Random, group: str = "") -> Labelled:
    """One template with its slots filled."""
    line = _LIST.sub(lambda slot: _listed(slot[1], language, chance), line)
    text, marks, at = "", list[Mark](), 0
    for slot in _SLOT.finditer(line):
        text += line[at : slot.start()]
        at = slot.end()
        value, what = value_of(slot[1], language, chance)
        if what:
            marks.append((len(text), len(text) + len(value), what))
        text += value
    return Labelled(text + line[at:], tuple(marks), group)


def _listed(slot: str, language: str, chance: random.Random) -> str:
    """Slots of two to seven people, as they are told one after another."""
    one = "{first}" if slot == "people" else chance.choice(("{name}", "{name}", "{last}"))
    final = f" {_AND[language]} "
    final = chance.choice((*(final,) * 4, f",{final}", ", ", " & ", " / "))
    return ", ".join([one] * chance.randint(1, 6)) + final + one


def value_of(slot: str, language: str, chance: random.Random) -> tuple[str, str]:
    """What stands in a slot, and whether it is a `name`, an `address` or neither."""
    if slot in {"name", "first", "last"}:
        return _person(slot, language, chance), "name"
    if slot in {"address", "street", "road", "suburb", "corner", "zip"}:
        return _place(slot, language, chance), "address"
    return _OTHER[slot](language, chance), ""


def _person(slot: str, language: str, chance: random.Random) -> str:
    locale = chance.choice(_HOME[language] if chance.random() < 0.5 else _ABROAD)
    if chance.random() < 0.08:
        whole = chance.choice(_pool(chance.choice(_ROMAN), "romanized_name"))
        first, last = whole.split(" ", 1)
    else:
        first, last = chance.choice(_pool(locale, "first_name")), chance.choice(_pool(locale, "last_name"))
    if slot != "name":
        return first if slot == "first" else last
    middle = f" {chance.choice('ABCDEFGHJKLMNPRSTW')}{chance.choice(('', '.'))}" if chance.random() < 0.06 else ""
    end = f" {chance.choice(_ENDS)}" if chance.random() < 0.025 else ""
    return f"{first}{middle} {last}{end}"


def _place(slot: str, language: str, chance: random.Random) -> str:
    locale = chance.choice(_HOME[language] if chance.random() < 0.75 else _ABROAD)
    if slot == "zip":
        return chance.choice(_pool(locale, "postcode"))
    if slot == "suburb":
        return chance.choice(_SUBURB).format(_door(chance))
    if slot == "corner":
        named = chance.choice(_pool(locale, chance.choice(("first_name", "last_name"))))
        roads = [named if chance.random() < 0.3 else _road(locale, chance), _road(locale, chance)]
        return f"{chance.choice(('the corner of ', 'corner of ', ''))}{roads[0]} and {roads[1]}"
    if slot == "road":
        return _road(locale, chance)
    street = _street(locale, chance)
    return street if slot == "street" else _with_city(street, locale, chance)


def _street(locale: str, chance: random.Random) -> str:
    kind = chance.random()
    if kind < 0.03:
        return f"{chance.choice(('Unit', 'PSC'))} {chance.randint(1, 9999):04d}{chance.choice((' ', ', '))}Box {chance.randint(1, 9999):04d}"
    street = chance.choice(_pool(locale, "street_address")).replace("\n", ", ")
    if kind < 0.06:
        street = f"P.O. Box {chance.randint(1, 999)} {chance.choice(_pool(locale, 'street_name'))}"
    elif kind < 0.3:
        street = _road(locale, chance)
        street = chance.choice(
            (f"{chance.randint(1, 9999)} {street}", f"{chance.randint(1, 99999):05d} {street}", street)
        )
    if chance.random() < 0.25:
        street += chance.choice((" ", ", ", "\n ")) + chance.choice(_SUBURB).format(_door(chance))
    return street


def _road(locale: str, chance: random.Random) -> str:
    road, number = chance.choice(_pool(locale, "street_name")), chance.randint(1, 999)
    return chance.choice((road, f"{road} {number}", f"{number} {road}", f"{road} {number}"))


def _door(chance: random.Random) -> str:
    return chance.choice(
        (
            str(chance.randint(1, 999)),
            f"{chance.randint(1, 999):03d}",
            f"{chance.randint(1, 40)}{chance.choice('ABCD')}",
        )
    )


def _with_city(street: str, locale: str, chance: random.Random) -> str:
    city, code = _city_of(locale, chance), chance.choice(_pool(locale, "postcode"))
    state = chance.choice(_pool("en_US", "state_abbr" if chance.random() < 0.7 else "state"))
    country = chance.choice(_pool("en_US", "country"))
    gap = chance.choice((", ", ", ", " ", "\n", "\n "))
    if street.startswith(("Unit", "PSC")):
        return f"{street}{gap}{chance.choice(('APO', 'DPO', 'FPO'))} {chance.choice(('AA', 'AE', 'AP'))} {code}"
    if locale in {"en_US", "en_CA"} or chance.random() < 0.15:
        end = f"{city}, {state} {code}" if chance.random() < 0.7 else f"{city}{gap}{state}{gap}{code}"
    else:
        end = chance.choice((f"{code} {city}", f"{city} {code}", f"{city}, {code}", city))
    if chance.random() < 0.25:
        end += chance.choice((gap + country, f"{gap}{country} {code}"))
    return street + gap + end


def _company(language: str, chance: random.Random) -> str:
    """A company: as faker has them, or another."""
    if chance.random() < 0.35:
        return chance.choice(_pool(_HOME[language][0], "company"))
    return firm(chance.choice(_pool("en_US", "last_name")), chance)


def _city_of(locale: str, chance: random.Random) -> str:
    city = chance.choice(_pool(locale, "city"))
    return city.upper() if chance.random() < 0.12 else city


def _city(language: str, chance: random.Random) -> str:
    return _city_of(chance.choice(_HOME[language] + _ABROAD[:12]), chance)


def _code(chance: random.Random) -> str:
    return "".join(chance.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=chance.choice((5, 6, 6, 7))))


def _number(chance: random.Random) -> str:
    return str(chance.randint(1, 10 ** chance.choice((1, 2, 2, 3, 4, 5, 7))))


def _phone(chance: random.Random) -> str:
    return f"{chance.randint(200, 999)}-{chance.randint(200, 999)}-{chance.randint(1000, 9999)}"


def _date(chance: random.Random) -> str:
    year, month, day = chance.randint(1940, 2027), chance.randint(1, 12), chance.randint(1, 28)
    name = _MONTHS[month - 1]
    return chance.choice(
        (f"{year}-{month:02d}-{day:02d}", f"{name} {day}, {year}", f"{name} {day}", f"{day} {name} {year}", f"{month}/{day}/{year}",
         f"{day:02d}.{month:02d}.{year}", f"{name} {day}th", f"{day:02d}{month:02d}{year}")
    )  # fmt: skip


def _time(chance: random.Random) -> str:
    hour, minute = chance.randint(1, 23), chance.choice((0, 15, 30, 45, 5))
    return chance.choice(
        (f"{hour}:{minute:02d}", f"{hour % 12 + 1} pm", f"{hour % 12 + 1}am", f"{hour:02d}:{minute:02d} EST")
    )


def _price(chance: random.Random) -> str:
    whole = chance.choice((chance.randint(1, 99), chance.randint(100, 999), chance.randint(1000, 4000)))
    return chance.choice(
        (
            f"${whole:,}",
            f"€{whole}",
            f"€{whole}.{chance.randint(10, 99)}",
            f"${whole}.{chance.randint(10, 99)}",
            f"{whole} dollars",
            f"{whole},{chance.randint(10, 99)} €",
        )
    )


def _wish(chance: random.Random) -> str:
    return chance.choice(_WISHES).replace("{code}", _code(chance)).replace("{day}", chance.choice(_DAYS))


@cache
def _pool(locale: str, kind: str) -> Sequence[str]:
    """Values of a kind from a locale, drawn once; faker's own lists are finite."""
    from faker import Faker
    from faker.providers.address.it_IT import Provider as Italy

    fake: Any = Faker(locale if hasattr(Faker(locale), kind) else "en_US")
    fake.seed_instance(7)
    many = 3000 if kind in {"first_name", "last_name", "city", "street_name", "street_address"} else 400
    if locale == "it_IT" and kind == "city":  # faker lists these in an order that changes from run to run
        return random.Random(7).choices(sorted(Italy.cities), k=many)
    make = getattr(fake, kind)
    return [str(make()) for _ in range(many)]


_OTHER: Final[dict[str, Callable[[str, random.Random], str]]] = {
    "city": _city,
    "country": lambda language, chance: chance.choice(_pool(chance.choice((_HOME[language][0], "en_US")), "country")),
    "nation": lambda language, chance: chance.choice(NATIONS),
    "company": _company,
    "airline": lambda language, chance: chance.choice(_AIRLINES),
    "title": lambda language, chance: chance.choice(("Mr.", "Mrs.", "Ms.", "Dr.", "Mr", "Mrs", "Miss", "Prof.")),
    "job": lambda language, chance: chance.choice(_pool("en_US", "job")),
    "email": lambda language, chance: chance.choice(_pool("en_US", "ascii_email")),
    "phone": lambda language, chance: _phone(chance),
    "code": lambda language, chance: _code(chance),
    "flight": lambda language, chance: f"{chance.choice(('HA', 'LH', 'AA', 'BA', 'HAT'))}{chance.randint(1, 9999)}",
    "num": lambda language, chance: _number(chance),
    "day": lambda language, chance: chance.choice(_DAYS),
    "wish": lambda language, chance: _wish(chance),
    "date": lambda language, chance: _date(chance),
    "time": lambda language, chance: _time(chance),
    "price": lambda language, chance: _price(chance),
    "year": lambda language, chance: str(chance.randint(1900, 2030)),
    "id": lambda language, chance: str(chance.randint(10**5, 10 ** chance.choice((7, 8, 10, 12)))),
    "item": lambda language, chance: chance.choice(_ITEMS),
    "color": lambda language, chance: chance.choice(_COLORS),
    "thing": lambda language, chance: chance.choice(_THINGS),
}


def spoken(each: Labelled, chance: random.Random) -> Labelled:
    """The same text as speech recognition writes it: no capitals, no marks, numbers often in words."""
    in_words = chance.random() < 0.5
    parts: list[str] = []
    moved = [0]
    for char in each.text:
        parts.append(_heard(char, in_words, parts))
        moved.append(moved[-1] + len(parts[-1]))
    text = "".join(parts)
    marks = tuple(_trimmed(text, moved[start], moved[end], what) for start, end, what in each.marks)
    return Labelled(text, marks, each.group)


def _heard(char: str, in_words: bool, before: Sequence[str]) -> str:
    if char.isdecimal() and in_words:
        gap = "" if not before or before[-1][-1:] in ("", " ") else " "
        return f"{gap}{_SAID[int(char)]} "
    if char in ',.;:!?"()#¿¡':
        return ""
    return " " if char in "\n-/" else char.lower() if len(char.lower()) == 1 else char


def _trimmed(text: str, start: int, end: int, what: str) -> Mark:
    inside = text[start:end]
    return start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip()), what
