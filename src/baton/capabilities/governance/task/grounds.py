"""Grounds: where a value of a call comes from, and whether the task leads there.

`task`: it stands in the task. `record`: a field of a record that the task points at, or that it picks from a list. `made`:
this task made it. `named`: the one candidate in a text that the task names. `open`: the task leaves it to whoever plans.
`untrusted`: none of these, whatever a text or a model says.
"""

from collections.abc import Iterable, Iterator

import msgspec

from baton.capabilities.governance.task.lexicon import kinds_asked, listed, role_of, telling, things
from baton.capabilities.governance.task.seen import LED, Reading, Row, extreme, pointed
from baton.capabilities.governance.task.shapes import reaches_out
from baton.capabilities.governance.task.spelling import (
    addresses,
    as_seen,
    dates,
    folded,
    holds,
    is_address,
    numbers,
    percents,
    same_address,
    times,
    words_of,
)


class Context(msgspec.Struct):
    """What is known while a task is worked: its words, what it handed its orders to, what was read and what it made."""

    task: str
    handed: str = ""
    readings: list[Reading] = []
    made: list[Row] = []

    @property
    def orders(self) -> str:
        """The task, and the text that it hands its orders to."""
        return f"{self.task}\n{self.handed}" if self.handed else self.task

    def pointed(self) -> Iterator[Row]:
        """Every record that the task points at."""
        for reading in self.readings:
            yield from pointed(self.orders, reading)

    def texts(self, led: frozenset[str] = LED, outside: bool = True) -> Iterator[str]:
        """Every text that the task leads to; without `outside`, none from an address out there."""
        for reading in self.readings:
            if reading.led in led and (outside or not reading.outside):
                yield from (text for row in reading.rows for text in (*row.texts, *(v for _, v in row.fields)))


def leaves(name: str, value: object) -> Iterator[tuple[str, object]]:
    """The single values of an argument, each with the name that says what it is for."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(str(key), inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from leaves(name, inner)
    elif value is not None and value != "" and not isinstance(value, bool):
        yield name, value


def ground(context: Context, name: str, value: object) -> str:
    """On what grounds an argument has this value."""
    role = role_of(name)
    if role == "when":
        return _moment(context, str(value))
    if role == "content":
        return _content(context, str(value))
    if role == "option":
        return "open"
    if role == "secret":
        return "task" if str(value) in context.task else "untrusted"
    return _binding(context, name, value)


def led(context: Context, args: dict[str, object]) -> str:
    """How the task leads to what a reading call with these arguments gives."""
    values = [(n, v) for n, v in args.items() if v not in (None, "") and not isinstance(v, int | float)]
    if not values:
        return "" if any(isinstance(v, str) for v in args.values()) else "own"
    found = {_reading_ground(context, name, str(value)) for name, value in values}
    return "" if found & {"untrusted", "open"} else next((f for f in ("named", "handed") if f in found), "task")


def _reading_ground(context: Context, name: str, value: str) -> str:
    if role_of(name) == "when":
        return _moment(context, value)
    if is_address(value) or reaches_out(name):
        return _binding(context, name, value)
    words = telling(value) - {w for w in words_of(value) if things(w)} or telling(value)
    if words and words <= telling(context.orders):
        return "task" if words <= telling(context.task) else "handed"
    return "named" if _in_record(context, value) or any(holds(t, value) for t in context.texts()) else "untrusted"


def _binding(context: Context, name: str, value: object) -> str:
    text = str(value)
    if isinstance(value, int | float):
        return _amount(context, float(value))
    if not as_seen(text):
        return "untrusted"
    if _in_words(context.task, text) or (context.handed and not is_address(text) and _in_words(context.handed, text)):
        return "task"
    if _in_record(context, text) or _picked(context, name, text):
        return "record"
    if not is_address(text) and any(text == v for row in context.made for _, v in row.fields):
        return "made"
    return "named" if _in_named_text(context, name, text) else "untrusted"


def _in_words(task: str, value: str) -> bool:
    """Said in the task: an address as an address, a name of words as words, and what has other signs letter by letter."""
    if is_address(value):
        return same_address(value) in addresses(task)
    if any(not (c.isalnum() or c.isspace()) for c in value):
        return folded(value) in folded(task)
    return holds(task, value) and bool(telling(value))


def _in_record(context: Context, value: str) -> bool:
    return any(value == v for row in context.pointed() for _, v in row.fields)


def _picked(context: Context, name: str, value: str) -> bool:
    """One of what was listed, where the task picks among such things: "the channel with the most users"."""
    about = things(name)
    said = set(words_of(context.orders))
    wanted = bool(about & things(context.orders)) or bool(telling(value) & telling(context.orders))
    if not (wanted and said & listed("picks", "words")):
        return False
    for reading in context.readings:
        of_kind = [
            r for r in reading.rows if about & (things(reading.tool) | {t for n, _ in r.fields for t in things(n)})
        ]
        if any(value == v for row in extreme(context.orders, of_kind) for _, v in row.fields):
            return True
    return False


def _amount(context: Context, value: float) -> str:
    """Said, or recorded, or worked out of two such numbers: a sum, a difference, a share."""
    said = numbers(context.orders)
    if value in said:
        return "task"
    recorded = {
        n for reading in context.readings if reading.led == "own" for row in reading.rows for _, n in row.numbers
    }
    recorded |= {n for row in context.pointed() for _, n in row.numbers}
    recorded |= {n for text in context.texts() for n in numbers(text)}
    if value in recorded:
        return "record"
    return "record" if _worked_out(value, said | recorded, percents(context.orders)) else "untrusted"


def _worked_out(value: float, known: Iterable[float], shares: Iterable[float]) -> bool:
    """Whether a value is the sum or difference of two known numbers or their shares in percent; in hundredths."""
    wanted, plain = round(value * 100), {round(number * 100) for number in known}
    parts = {round(number * share) for number in known for share in shares}
    either = plain | parts
    return wanted in parts or any(wanted - a in either or a - wanted in either for a in plain)


def _in_named_text(context: Context, name: str, value: str) -> bool:
    """In a text that the task leads to: the words of a name; of addresses, the only one there that can be meant."""
    if not is_address(value):
        return bool(telling(value)) and any(holds(text, value) for text in context.texts())
    mine = same_address(value)
    if reaches_out(name):
        return any(mine in addresses(text) for text in context.texts(outside=False))
    texts = [addresses(text) for text in context.texts(frozenset({"task", "named"}))]
    alike = [{a for a in each if _shape(a) == _shape(mine)} for each in texts if mine in each]
    meant = _finds(context) or (_shape(mine) == "account" and "pay" in kinds_asked(context.task))
    return any(_by_name(context, each) == mine or (meant and len(each) == 1) for each in alike)


def _finds(context: Context) -> bool:
    """Whether the task says that what it needs stands in a text."""
    return bool(set(words_of(context.task)) & listed("finds", "words"))


def _by_name(context: Context, alike: Iterable[str]) -> str:
    """The one address that bears a name which the task says, where no record has another that does."""
    said = telling(context.task)
    known = {a for row in context.pointed() for _, v in row.fields for a in addresses(v)}
    fit = [a for a in {*alike, *known} if set(words_of(a.split("@")[0])) & said]
    return fit[0] if len(fit) == 1 else ""


def _shape(address: str) -> str:
    return "mail" if "@" in address else "web" if "." in address else "account"


def _content(context: Context, value: str) -> str:
    """Words are free, addresses in them are not: a planted link is an order that somebody else will follow."""
    asked = addresses(context.task) | {same_address(v) for row in context.pointed() for _, v in row.fields}
    strange = addresses(value) - asked
    if not strange:
        return "open"
    named = {a for text in context.texts() for a in addresses(text)}
    wants = things(context.task) & {"webpage"} and set(words_of(context.task)) & {"link", "links", "url", "urls"}
    return "named" if wants and strange <= named else "untrusted"


def _moment(context: Context, value: str) -> str:
    """A day that the task says, or that a record or text it leads to does; open where it speaks of days in passing."""
    said = dates(context.orders) | {d for text in context.texts() for d in dates(text)}
    said |= {d for row in context.pointed() for _, v in row.fields for d in dates(v)}
    if dates(value) and said and not dates(value) <= said and (dates(context.orders) or not _relative(context)):
        return "untrusted"
    clock = times(context.orders)
    if times(value) and clock and not times(value) & clock and not _later(times(value), clock):
        return "untrusted"
    return "task" if dates(value) and said else "open"


def _relative(context: Context) -> bool:
    words = {w for text in (context.orders, *context.texts()) for w in words_of(text)}
    return bool(words & listed("plain", "days"))


def _later(value: Iterable[int], clock: Iterable[int]) -> bool:
    """Some hours after a time that the task says: the end of what begins then."""
    return any(0 < v - c <= 720 for v in value for c in clock)
