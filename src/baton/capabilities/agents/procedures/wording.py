"""Wording: what the customer reads. Every line is plain; none plays a feeling the AI does not have."""

import re
from typing import Final

from baton.capabilities.agents.events import Procedure, Step, Underway
from baton.capabilities.agents.procedures import engine
from baton.capabilities.agents.procedures.dates import NAMES, iso_day, plain_day, plain_time
from baton.capabilities.agents.procedures.pricing import MOVED
from baton.capabilities.agents.procedures.values import PLACE, Value, Values, plain, price
from baton.kernel.replies.leaks import Allowed, beside_prose, leaks

PLANTED: Final = frozenset({"picture", "foreign_link", "asks_for_a_secret", "planted_order"})
"""What no text of a record may bring into an AI's turn; its own addresses and numbers may be said."""
WITHHELD: Final = "(a text that I do not repeat)"
ADDRESS: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+")
LINES: Final = {
    engine.STOPPED: "All right, I stop here. I have not changed anything.",
    engine.EXPIRED: "Your answer came after the question had run out, so I ask once more.",
    engine.UNKNOWN: (
        "I asked for this, but the system did not answer. I cannot tell you whether it was done. A person checks it now."
    ),
    engine.UNAVAILABLE: "I cannot reach the system I need for this right now. A person takes over.",
    engine.NOT_SHOWN: (
        "The system says that it was done, but the record does not show it. I do not call that done. A person checks it now."
    ),
    MOVED: "Meanwhile the price has changed, and nothing was done yet. I ask you again.",
    engine.NOT_APPROVED: "A person looked at this and did not approve it. Nothing was changed.",
}
UNCLEAR: Final = "Please answer with yes or no."
ONE_MOMENT: Final = "One moment, I am still checking."
AWAITS: Final = "One moment, a person is looking at it."
STARTED: Final = "I can do this with you."


def spoken(procedure: Procedure, underway: Underway, known: Values) -> str:
    """Everything to be said now: the notes on the way, then the words of the step it rests at."""
    parts = [_note(procedure, note, known) for note in underway.notes]
    step = procedure.step(underway.step)
    if step is not None and not underway.done:
        parts.append(asking(procedure, step, underway, known))
    return " ".join(part for part in parts if part)


def asking(procedure: Procedure, step: Step, underway: Underway, known: Values) -> str:
    """The words of an ask or a confirmation; asked again they are the ones for a second try."""
    if step.kind == "confirm":
        unclear = UNCLEAR if underway.tries else ""
        return " ".join(filter(None, (unclear, render(step.say, known))))
    if step.kind != "ask":
        return ""
    slot = procedure.slot(step.slot)
    if slot is None:
        return render(step.say, known)
    ask = slot.ask or step.say
    if underway.notes:
        return "" if "?" in _note(procedure, underway.notes[-1], known) else render(_question(ask), known)
    return render(slot.again if underway.tries and slot.again else ask, known)


def question(procedure: Procedure, step: Step, known: Values) -> str:
    """Only the question of a step, after something else was said."""
    slot = procedure.slot(step.slot) if step.kind == "ask" else None
    return render(_question((slot.ask if slot else "") or step.say), known)


def render(template: str, known: Values) -> str:
    """`template` with every name replaced by what the customer can read."""
    return PLACE.sub(lambda m: _readable(m[1], m[2] or "", known), template)


def money(cents: int) -> str:
    """`€1,234.50`."""
    return f"€{cents // 100:,}" if cents % 100 == 0 else f"€{cents / 100:,.2f}"


def _question(text: str) -> str:
    """The last question of a text, and what is said after it."""
    parts = re.split(r"(?<=[.?!]) +", text.strip())
    asks = [n for n, part in enumerate(parts) if part.endswith("?")]
    return " ".join(parts[asks[-1] if asks else -1 :])


def _note(procedure: Procedure, note: str, known: Values) -> str:
    if note in LINES:
        return LINES[note]
    what = procedure.what_if(note)
    if what is not None and note == "stopped" and not _all_known(what.say, known):
        return LINES[engine.STOPPED]
    if what is not None:
        return render(what.say, known)
    step = procedure.step(note)
    return render(step.say, known) if step else ""


def _all_known(template: str, known: Values) -> bool:
    return all(m[1] in known for m in PLACE.finditer(template))


def _readable(name: str, how: str, known: Values) -> str:
    value = price(known) if how == "price" else known.get(name, _inside(name, known))
    if isinstance(value, str) and ("." in name or name not in known) and planted(value):
        return WITHHELD
    if how in {"money", "price"} and isinstance(value, int):
        return money(value) if value else "nothing"
    if how == "date" and isinstance(value, int):
        return plain_day(value)
    if how == "time" and isinstance(value, int):
        return plain_time(value)
    if how == "list":
        return ", ".join(_flight(option) for option in str(value).split(",") if option)
    if how == "flight":
        return _flight(str(value))
    return plain(value).replace("_", " ") if isinstance(value, str) and name.endswith("state") else plain(value)


def planted(value: str) -> bool:
    """Whether a text that a tool gave carries what anyone may have written into a record to reach a customer by an AI's mouth."""
    return beside_prose(value) or not PLANTED.isdisjoint(leaks(ADDRESS.sub(" ", value), Allowed()))


def _inside(name: str, known: Values) -> Value:
    """A tool that gave one field of its own name: `{options:list}` for `options.options`."""
    return known.get(f"{name}.{name}", "")


def _flight(id: str) -> str:
    number, _, day = id.partition("-")
    if len(day) != 8 or not day.isdigit():
        return id
    on = iso_day(f"{day[:4]}-{day[4:6]}-{day[6:]}", 0)
    letters = number.rstrip("0123456789")
    return f"{letters} {number[len(letters) :]} on {int(on[8:])} {NAMES[int(on[5:7]) - 1]}"
