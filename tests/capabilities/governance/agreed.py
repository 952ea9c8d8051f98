"""Calls that were agreed in every respect, and everything that can be done to one between the yes and the act."""

import random
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import msgspec

from baton.capabilities.agents.events import Confirmation
from baton.capabilities.governance.gate.ledger import Ledger
from baton.capabilities.governance.gate.tools import ToolGate
from baton.kernel.binding import Unreadable, bound
from baton.kernel.conversation import Decided
from baton.kernel.ports import Call, Claim, Origin

NOW_MS: Final = 1_790_000_000_000
TEN_MIN_MS: Final = 600_000
NAMES: Final = ("José Núñez", "Zoë Brandt", "Ana Ruiz", "Søren Kvist", "Łukasz Wójcik", "Ольга Смирнова", "李伟")
TOOLS: Final = ("refund", "seat", "change_flight", "reset_password", "send_invoice")
RISKS: Final = ("write", "costly", "irreversible")


class Now:
    """A clock that is set."""

    def __init__(self) -> None:
        self.ms = NOW_MS

    def now_ms(self) -> int:
        """The time."""
        return self.ms


@dataclass
class Agreed:
    """A call the customer said yes to, the gate that knows it, and what else happened."""

    gate: ToolGate
    ledger: Ledger
    clock: Now
    call: Call
    customer: str

    def passes(self, call: Call | None = None) -> bool:
        """Whether the gate lets it pass."""
        return self.gate.judge(call or self.call).allowed


def args_of(rng: random.Random) -> dict[str, object]:
    """Arguments as tools take them: a booking, an amount in one of two types, a name, a list."""
    cents = rng.randint(1, 40_000)
    return {
        "code": "".join(rng.choices("ABCDEFGHKMNPQRSTXYZ", k=3)) + str(rng.randint(100, 999)),
        "cents": str(cents) if rng.random() < 0.5 else cents,
        "name": unicodedata.normalize("NFC", rng.choice(NAMES)), "seats": [f"{rng.randint(1, 30)}A", "2C"],
        "notify": rng.random() < 0.5,
    }  # fmt: skip


def hash_or_not(call: Call) -> str:
    """The hash an attacker who knows how it is made would claim."""
    try:
        return bound(call.tool, call.args, call.claim.on_behalf_of or call.claim.stream, call.claim.price)
    except Unreadable:
        return call.claim.bound


def claim_of(rng: random.Random, customer: str, stream: str, args: dict[str, object]) -> Claim:
    """A claim in order."""
    origins: dict[str, Origin] = dict.fromkeys(args, "record")
    return Claim(
        "assistant", customer, evidence=rng.choice(("record", "verified")), limit_cents=40_000, origins=origins, owner=customer,
        stream=stream, price=str(args["cents"]),
    )  # fmt: skip


def agreed(rng: random.Random, channel: str = "customer", given: bool = True) -> Agreed:
    """A call that was shown, confirmed on the customer's own channel and decided: the gate lets it pass."""
    clock, ledger = Now(), Ledger()
    args, number = args_of(rng), rng.getrandbits(40)
    customer, stream, key = f"p{number:x}", f"conversation/{number:x}", f"k{number:x}"
    claim = claim_of(rng, customer, stream, args)
    call = Call(rng.choice(TOOLS), rng.choice(RISKS), args, claim, key=key)
    call = msgspec.structs.replace(call, claim=msgspec.structs.replace(claim, bound=hash_or_not(call)))
    asked = Confirmation(bound=call.claim.bound, tool=call.tool, until_ms=NOW_MS + TEN_MIN_MS)
    ledger.heard(stream, customer, asked, NOW_MS)
    if given:
        yes = msgspec.structs.replace(asked, given=True, position=256, channel=channel)
        ledger.heard(stream, customer, yes, NOW_MS + 5_000)
        ledger.heard(stream, customer, Decided("run_tool", {"bound": call.claim.bound}, key=key), NOW_MS + 5_000)
    clock.ms = NOW_MS + 6_000
    return Agreed(ToolGate(ledger, clock), ledger, clock, call, customer)


Change = Callable[[random.Random, Agreed], Call]


def mutated(rng: random.Random) -> tuple[str, Agreed, Call]:
    """An agreed call after one change, with or without a claimed hash that was worked out anew."""
    name = rng.choice(sorted(CHANGES))
    it = agreed(rng)
    call = CHANGES[name](rng, it)
    if rng.random() < 0.5:
        call = msgspec.structs.replace(call, claim=msgspec.structs.replace(call.claim, bound=hash_or_not(call)))
    return name, it, call


def with_args(call: Call, **args: object) -> Call:
    """The call with other arguments, each still said to come from the record."""
    made = {**call.args, **args}
    origins: dict[str, Origin] = dict.fromkeys(made, "record")
    return msgspec.structs.replace(call, args=made, claim=msgspec.structs.replace(call.claim, origins=origins))


def with_claim(call: Call, **claim: object) -> Call:
    """The call on other grounds."""
    return msgspec.structs.replace(call, claim=msgspec.structs.replace(call.claim, **claim))


def _number(rng: random.Random, it: Agreed) -> Call:
    cents = int(str(it.call.args["cents"]))
    other = int if isinstance(it.call.args["cents"], str) else str
    wide = "".join(chr(0xFF10 + int(d)) for d in str(cents))
    arabic = "".join(chr(0x0660 + int(d)) for d in str(cents))
    forms: list[object] = [
        other(cents), float(cents), f"{cents}.0", f"{cents:.1e}", f"0{cents}", f" {cents}", f"+{cents}", f"{cents}\n", hex(cents), wide,
        arabic, [cents], {"cents": cents}, cents == 1, None, cents + 1, str(cents + 1), -cents, f"{cents},00", f"{cents}_0", 1e400,
    ]  # fmt: skip
    return with_args(it.call, cents=rng.choice(forms))


def _letters(rng: random.Random, it: Agreed) -> Call:
    field = rng.choice(("name", "code"))
    text = str(it.call.args[field])
    at = rng.randint(0, len(text))
    unseen = rng.choice("\u200b\u200c\u200d\u2060\ufeff\u202e\u202d\u2066\u2069\u00ad\u200e\x00\x1b\U000e0041")
    forms = [
        text[:at] + unseen + text[at:], text + " ", " " + text, text.swapcase() + ".", text[::-1] + "x", _alike(text), _wide(text),
        text + "\u0301", unicodedata.normalize("NFD", text) + "\u0301", text[:-1], text.replace(text[0], "\u212a", 1), text + "\ufb01",
    ]  # fmt: skip
    return with_args(it.call, **{field: rng.choice([f for f in forms if f != text])})


def _alike(text: str) -> str:
    pairs = dict(zip("AaEeOoCcPpXxHKMTB", "АаЕеОоСсРрХхНКМТВ", strict=True))
    changed = "".join(pairs.get(c, c) for c in text)
    return changed if changed != text else text + "а"


def _wide(text: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text) + "Ａ"


def _alias(rng: random.Random, it: Agreed) -> Call:
    name = rng.choice(sorted(it.call.args))
    args = dict(it.call.args)
    value = args[name]
    other = rng.choice(
        [name.upper(), name.capitalize(), f"{name}_", f"-{name}", name + "\u200b", f"{name}2", _alike(name)]
    )
    if rng.random() < 0.5:
        del args[name]
    args[other] = value
    made = msgspec.structs.replace(it.call, args={})
    return with_args(made, **args)


def _tool(rng: random.Random, it: Agreed) -> Call:
    tool = it.call.tool
    others = [t for t in TOOLS if t != tool]
    forms = [tool.upper(), f"{tool} ", f"{tool}\u200b", f"{tool}_all", f"./{tool}", _alike(tool), *others]
    return msgspec.structs.replace(it.call, tool=rng.choice(forms))


def _shape(rng: random.Random, it: Agreed) -> Call:
    args = dict(it.call.args)
    name = rng.choice(sorted(args))
    value = args[name]
    forms: list[object] = [[value], {name: value}, [[value]], None, str(value) + "…", b"x", {1: 2}]
    if isinstance(value, list):
        forms += [value[0], tuple(reversed(value)), [*value, value[0]], ",".join(value)]
    if isinstance(value, bool):
        forms += [not value, int(value), str(value), str(value).lower()]
    return with_args(it.call, **{name: rng.choice(forms)})


def _more_or_less(rng: random.Random, it: Agreed) -> Call:
    args = dict(it.call.args)
    if rng.random() < 0.5:
        del args[rng.choice(sorted(args))]
    else:
        args[rng.choice(("to", "account", "iban", "also"))] = "DE00 0000"
    return with_args(msgspec.structs.replace(it.call, args={}), **args)


def _customer(rng: random.Random, it: Agreed) -> Call:
    other = f"p{rng.getrandbits(40):x}"
    return rng.choice(
        [
            with_claim(it.call, on_behalf_of=other), with_claim(it.call, on_behalf_of=""), with_claim(it.call, owner=other),
            with_claim(it.call, on_behalf_of=other, owner=other), with_claim(it.call, stream=f"conversation/{other}"),
            with_claim(it.call, stream=""), with_claim(it.call, on_behalf_of="", stream=it.customer),
        ]
    )  # fmt: skip


def _delegated(rng: random.Random, it: Agreed) -> Call:
    kind = rng.choice(("machine", "integration"))
    who = rng.choice(("m1", "customer", "assistant", "crm", ""))
    return with_claim(it.call, kind=kind, principal=who, scopes=rng.choice(((), ("write",))))


def _unknown(rng: random.Random, it: Agreed) -> Call:
    return with_claim(it.call, **rng.choice([{"principal": ""}, {"evidence": "none"}, {"evidence": "trust me"}]))


def _price(rng: random.Random, it: Agreed) -> Call:
    return with_claim(
        it.call, price=rng.choice(("", "0", f"{it.call.claim.price}0", "free", f" {it.call.claim.price}"))
    )


def _later(rng: random.Random, it: Agreed) -> Call:
    fresh = agreed(rng, given=False)
    if rng.random() < 0.5:
        it.clock.ms += rng.randint(2 * TEN_MIN_MS, 10**9)
        return it.call
    it.gate, it.clock = fresh.gate, fresh.clock
    return fresh.call


def _key(rng: random.Random, it: Agreed) -> Call:
    return msgspec.structs.replace(it.call, key=rng.choice(("", "other", it.call.key.upper(), it.call.key + " ")))


def _risk(rng: random.Random, it: Agreed) -> Call:
    return msgspec.structs.replace(it.call, risk=rng.choice(("", "none", "READ", "binding", "any")))


CHANGES: Final[dict[str, Change]] = {
    "number": _number, "letters": _letters, "alias": _alias, "tool": _tool, "shape": _shape, "more or less": _more_or_less,
    "customer": _customer, "delegated": _delegated, "unknown": _unknown, "price": _price, "later": _later, "key": _key, "risk": _risk,
}  # fmt: skip
