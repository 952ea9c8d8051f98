"""A scenario: who the customer is, what they say, what tools answer, and what has to come of it. A TOML file that a supervisor can read."""

import tomllib
from typing import Final, Literal

import msgspec

from baton.kernel.errors import BatonError

Persona = Literal["patient", "angry", "confused", "vulnerable", "machine"]
Value = str | int | bool
MOST_SAYS: Final = 40
MOST_CHARS: Final = 50_000
UNKNOWN: Final = "unknown"
"""A mocked tool that fails so gives no answer: nobody knows whether it acted."""


class Mock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a tool answers in this scenario instead of the record: values, or how it fails (`not_found`, `refused`, `unknown`, …)."""

    tool: str
    gives: dict[str, Value] = {}
    fails: str = ""


class Called(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A tool that must have been called, with these arguments among its own, and so often where `times` says."""

    tool: str
    with_: dict[str, Value] = msgspec.field(name="with", default={})
    times: int | None = None


class Expected(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What has to come of it. Only what is written is looked at."""

    said: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    procedure: str = ""
    ends: str = ""
    called: tuple[Called, ...] = ()
    not_called: tuple[str, ...] = ()
    handed_over: bool | None = None
    outcome: str = ""
    turns_at_most: int | None = None
    cents_at_most: int | None = None


class Simulated(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A customer who is simulated instead of `says`: with what intent, and which of many by the seed."""

    intent: str
    seed: int = 1


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One scenario. `why` says what it is for; `customer` is the address of who writes; `{code}` in a sentence is the newest code in their mailbox."""

    id: str
    title: str
    expect: Expected
    why: str = ""
    persona: Persona = "patient"
    customer: str = ""
    verified: Literal["anonymous", "claimed", "verified"] = "anonymous"
    language: str = "en"
    channel: str = "chat"
    says: tuple[str, ...] = ()
    simulated: Simulated | None = None
    tool: tuple[Mock, ...] = ()


class Line(msgspec.Struct, frozen=True):
    """A line of a talk: who (`customer`, `agent`, `rep`, `tool`, `decided`), and what."""

    who: str
    text: str


class Use(msgspec.Struct, frozen=True):
    """A tool that was called, with what, and what came of it."""

    tool: str
    args: dict[str, str]
    detail: str


class Talk(msgspec.Struct, frozen=True):
    """A talk as it went, whoever talked: what scenarios are judged by. Cost in micro-units of the currency."""

    lines: tuple[Line, ...]
    uses: tuple[Use, ...] = ()
    cites: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    ends: str = ""
    handed_over: bool = False
    outcome: str = ""
    decided: tuple[str, ...] = ()
    turns: int = 0
    cost_micros: int = 0

    @property
    def agent_said(self) -> str:
        """Everything the agent said, in lower case."""
        return " ".join(line.text for line in self.lines if line.who == "agent").casefold()


def scenario_of(text: str) -> Scenario:
    """A scenario from its text.

    Raises:
        BatonError: 422 where it cannot be read, naming the line or the field.
    """
    if len(text) > MOST_CHARS:
        raise BatonError("bad_scenario", 422, f"A scenario has at most {MOST_CHARS} characters, not {len(text)}.")
    try:
        made = msgspec.convert(tomllib.loads(text), Scenario)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, RecursionError) as error:
        raise BatonError("bad_scenario", 422, f"The scenario cannot be read: {error}.") from None
    _check(made)
    return made


def _check(made: Scenario) -> None:
    for wrong, told in (
        (not made.id.replace("_", "").replace("-", "").isalnum() or len(made.id) > 60, "`id` is letters, digits, - and _, at most 60."),
        (bool(made.says) == bool(made.simulated), "Write either `says` or `[simulated]`."),
        (len(made.says) > MOST_SAYS, f"A customer says at most {MOST_SAYS} things."),
        (made.expect == Expected(), "`[expect]` is empty: nothing could fail."),
    ):  # fmt: skip
        if wrong:
            raise BatonError("bad_scenario", 422, f"Scenario {made.id!r}: {told}")
