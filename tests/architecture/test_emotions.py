"""A rep's emotions are never inferred, and no event can hold one."""

import re
import typing

import msgspec
import pytest

from baton.kernel.events import Event
from scripts.tree import all_events

pytestmark = pytest.mark.unit

EMOTION = r"moods?|emotions?|emotional|sentiments?|feelings?|frustrations?|frustrated|anger|angry|happiness|happy|sadness|sad|fear|tone|affect|distress|irritation|joy|stress|stressed"
WORKER = r"reps?|agents?|employees?|staff|advis[eo]rs?|colleagues?|workers?|operators?|supervisors?|coaches|team"
FEELS = re.compile(rf"(?:^|_)(?:{EMOTION})(?:_|$)")
WORKS = re.compile(rf"(?:^|_)(?:{WORKER})(?:_|$)")


def words(name: str) -> str:
    """CamelCase and snake_case as lower-case words joined by underscores."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def names_in(kind: object, seen: frozenset[object] = frozenset()) -> set[str]:
    """Field names of a Struct and of all that it holds, and the words of closed sets of labels."""
    if kind in seen:
        return set()
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        hints = typing.get_type_hints(kind)
        own = {words(field.name) for field in msgspec.structs.fields(kind)}
        return own.union(*(names_in(hints[field.name], seen | {kind}) for field in msgspec.structs.fields(kind)))
    parts = typing.get_args(kind)
    labels = {words(part) for part in parts if isinstance(part, str) and part.isidentifier()}
    return labels.union(*(names_in(part, seen | {kind}) for part in parts if not isinstance(part, str)))


def trespass(kind: type[Event]) -> str:
    """Why an event could hold a rep's emotion; empty when it cannot.

    An event that knows an emotion must be about the customer: it says so in its docstring, belongs to no rep (no field
    names one) and no field joins the two.
    """
    names = {words(kind.__name__), words(kind.event_name.split(".")[0])} | names_in(kind)
    joined = [name for name in names if FEELS.search(name) and WORKS.search(name)]
    if joined:
        return f"{joined} joins an emotion with who serves"
    if not any(FEELS.search(name) for name in names - {words(kind.event_name.split(".")[0])}):
        return ""
    workers = [name for name in names if WORKS.search(name)]
    if workers:
        return f"it holds an emotion beside {workers}"
    return (
        ""
        if "customer" in (kind.__doc__ or "").lower()
        else "its docstring does not say that the emotion is the customer's"
    )


@pytest.mark.parametrize("kind", all_events().values(), ids=all_events().keys())
def test_no_event_can_hold_a_reps_emotion(kind: type[Event]) -> None:
    assert not trespass(kind)


def test_the_rule_catches_what_it_must() -> None:
    class RepMood(Event, frozen=True):
        """How the customer's rep feels."""

        score: int

    class Observed(Event, frozen=True):
        """What a customer's conversation told."""

        rep: str
        mood: int

    class Inner(msgspec.Struct, frozen=True):
        agent_sentiment: int

    class Nested(Event, frozen=True):
        """Of a customer."""

        parts: tuple[Inner, ...]

    class Mood(Event, frozen=True):
        """How the customer feels."""

        score: int

    class Load(Event, frozen=True):
        """How much hard work a rep had."""

        rep: str
        hard_s: int

    assert [bool(trespass(kind)) for kind in (RepMood, Observed, Nested, Mood, Load)] == [
        True,
        True,
        True,
        False,
        False,
    ]
