"""Building: a rule as somebody asks for it in a form, written as Cedar with the tests that show it, so that nobody has to know the language."""

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal

import msgspec

from baton.capabilities.governance.gate.when import WEEKDAYS
from baton.kernel.errors import BatonError

Kind = Literal["agent", "rep", "machine", "integration"]
PEOPLE: Final[dict[str, str]] = {
    "agent": "AI agents", "machine": "machine customers", "integration": "integrations", "rep": "reps",
}  # fmt: skip
TYPES: Final = {"agent": "Agent", "rep": "Rep", "machine": "Machine", "integration": "Integration"}
SHORTEST: Final = 3
NOON: Final = 12


class Wanted(msgspec.Struct, frozen=True):
    """A tool that is to be refused: to whom, over which amount (cents, 0: any), on which days, from which hour until which (both or neither)."""

    tool: str
    risk: str
    kinds: tuple[Kind, ...]
    why: str
    over_cents: int = 0
    days: tuple[str, ...] = ()
    from_hour: int | None = None
    until_hour: int | None = None

    @property
    def told(self) -> str:
        """The rule in a sentence."""
        parts = [self.tool.replace("_", " ").capitalize()]
        parts += [f"over €{self.over_cents / 100:,.2f}".replace(".00", "")] if self.over_cents else []
        parts += [f"on {_listed([f'{d.capitalize()}s' for d in self.days])}"] if self.days else []
        parts += [f"from {self.from_hour:02}:00 to {self.until_hour:02}:00"] if self.from_hour is not None else []
        whom = "everybody" if len(self.kinds) == len(PEOPLE) else _listed([PEOPLE[kind] for kind in self.kinds])
        return f"{' '.join(parts)} is refused to {whom}."


def checked(wanted: Wanted) -> Wanted:
    """The same; raises 422 where it cannot be a rule, with what to put right."""
    wrong = next(_wrong(wanted), "")
    if wrong:
        raise BatonError("rule_incomplete", 422, wrong)
    return wanted


def _wrong(wanted: Wanted) -> Iterator[str]:
    if not wanted.tool:
        yield "Choose what is to be refused."
    if not wanted.kinds:
        yield "Tick to whom it is refused."
    if len(wanted.why) < SHORTEST:
        yield "Say why: it is told to whoever is refused."
    if (wanted.from_hour is None) is not (wanted.until_hour is None):
        yield "Give both hours, or neither."
    if wanted.from_hour is not None and wanted.from_hour == wanted.until_hour:
        yield "The two hours are the same. Leave both out if it holds all day."


def rule(wanted: Wanted, taken: Iterable[str]) -> tuple[str, str]:
    """Its name, which no other rule has, and its text."""
    name = _name(wanted, frozenset(taken))
    one = len(wanted.kinds) == 1
    principal = f"principal is {TYPES[wanted.kinds[0]]}" if one else "principal"
    conditions = " && ".join(_conditions(wanted))
    when = f"\nwhen {{ {conditions} }}" if conditions else ""
    why = msgspec.json.encode(" ".join(wanted.why.split())).decode()
    return name, f'@id("{name}")\n@why({why})\nforbid ({principal}, action, resource == Tool::"{wanted.tool}"){when};\n'


def case(wanted: Wanted, name: str, *, refused: bool) -> dict[str, object]:
    """A call that the rule refuses, or the nearest one that it leaves alone; the latter is empty where it refuses the tool always."""
    base: dict[str, object] = {
        "tool": wanted.tool, "risk": wanted.risk, "kind": wanted.kinds[0], "confirmed": True, "approved": True, "evidence": "verified",
        "cents": wanted.over_cents + 1, "weekday": wanted.days[0] if wanted.days else "monday",
        "hour": wanted.from_hour if wanted.from_hour is not None else NOON,
    }  # fmt: skip
    if refused:
        return {"says": wanted.told.rstrip("."), **base, "allow": False, "rule": name}
    free = next((day for day in WEEKDAYS if day not in wanted.days), "") if wanted.days else ""
    if wanted.over_cents:
        return {
            "says": f"{wanted.told.rstrip('.')}, but no smaller amount",
            **base,
            "cents": wanted.over_cents,
            "allow": True,
        }
    if free:
        return {"says": f"{wanted.told.rstrip('.')}, but on no other day", **base, "weekday": free, "allow": True}
    if wanted.until_hour is not None:
        return {
            "says": f"{wanted.told.rstrip('.')}, but not after",
            **base,
            "hour": wanted.until_hour % 24,
            "allow": True,
        }
    return {}


def written(case: dict[str, object]) -> str:
    """A case as the tests beside the rules have it."""
    return "\n[[case]]\n" + "".join(f"{name} = {msgspec.json.encode(value).decode()}\n" for name, value in case.items())


def _conditions(wanted: Wanted) -> Iterator[str]:
    if 1 < len(wanted.kinds) < len(PEOPLE):
        yield "(" + " || ".join(f"principal is {TYPES[kind]}" for kind in wanted.kinds) + ")"
    if wanted.over_cents:
        yield f"context.cents > {wanted.over_cents}"
    if wanted.days:
        yield f"{msgspec.json.encode(wanted.days).decode()}.contains(context.weekday)"
    if wanted.from_hour is not None and wanted.until_hour is not None:
        join = "&&" if wanted.from_hour < wanted.until_hour else "||"
        yield f"(context.hour >= {wanted.from_hour} {join} context.hour < {wanted.until_hour})"


def _name(wanted: Wanted, taken: frozenset[str]) -> str:
    parts = ["no", wanted.tool, f"over-{wanted.over_cents // 100}" if wanted.over_cents else "", *wanted.days]
    parts += [f"{wanted.from_hour}-to-{wanted.until_hour}"] if wanted.from_hour is not None else []
    base = re.sub(r"[^a-z0-9]+", "-", "-".join(filter(None, parts)).lower()).strip("-")
    return next(name for n in range(1, len(taken) + 3) if (name := base if n == 1 else f"{base}-{n}") not in taken)


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(words[:-1]), words[-1])))
