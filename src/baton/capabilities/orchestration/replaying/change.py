"""Change: what a replay would change, as a file in TOML or JSON; whatever is unknown or cannot be is refused by its name.

`[routing]` holds fields of the routing policy and `[queues.ID]` those of one queue; `[hours.ID]` is the short way to opening hours;
`[thresholds]` are fields of `empathy.Triggers`, from where on a person is needed. `[breathers]`, `[[ai_share]]` and `[[staffing]]` are of
the simulation: no policy of the log holds them.
"""

import json
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from baton.kernel.errors import BatonError

MOST_BYTES = 200_000
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Clock = Annotated[str, msgspec.Meta(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]
"""A time of day, such as `08:30`; `24:00` is its end."""
Fields = dict[str, Any]
S = TypeVar("S", bound=msgspec.Struct)


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """When a queue is open, by the clock where it is."""

    opens: Clock = "00:00"
    closes: Clock = "24:00"
    closed_days: tuple[Day, ...] = ()


class Breathing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A breather after a load of `after` (`baton.kernel.queueing.Breathers`): a pause, or easy contacts only, for `rest_s`."""

    kind: Literal["pause", "easy"] = "easy"
    after: Annotated[float, msgspec.Meta(gt=0, le=10_000)] = 90
    rest_s: Annotated[float, msgspec.Meta(gt=0, le=86_400)] = 600
    half_life_s: Annotated[float, msgspec.Meta(gt=0, le=604_800)] = 3600


class AiShare(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Above 0: so many percent of what people had are given to AI first. Below 0: so many percent of what AI kept go to people.

    An empty queue or complexity means every one.
    """

    change_percent: Annotated[int, msgspec.Meta(ge=-100, le=100)]
    queue: str = ""
    complexity: Literal["", "low", "medium", "high"] = ""


class Staffing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Reps added to a queue (below 0: taken away) from one time of day to another, by its clock, on some days or all."""

    queue: str
    reps: Annotated[int, msgspec.Meta(ge=-1000, le=1000)]
    begins: Clock = "00:00"
    ends: Clock = "24:00"
    days: tuple[Day, ...] = ()


class Change(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Everything that a replay changes."""

    title: Annotated[str, msgspec.Meta(max_length=120)] = ""
    routing: Fields = {}
    queues: dict[str, Fields] = {}
    hours: dict[str, Hours] = {}
    thresholds: Fields = {}
    breathers: Breathing | None = None
    ai_share: tuple[AiShare, ...] = ()
    staffing: tuple[Staffing, ...] = ()

    @property
    def revises(self) -> bool:
        """Whether a policy of the log is changed: what may go live, and what recorded decisions may be decided by again."""
        return bool(self.routing or self.queues or self.hours or self.thresholds)


def read_change(path: Path) -> Change:
    """The change of a file. Raises BatonError 422 where it cannot be read or holds what is unknown."""
    try:
        text = path.read_bytes()[: MOST_BYTES + 1].decode()
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(f"{str(path)!r} cannot be read as text ({error}). Give a TOML or JSON file.") from None
    return parse_change(text)


def parse_change(text: str) -> Change:
    """The change of a text, JSON where it begins with a brace and TOML elsewhere. Raises BatonError 422."""
    if len(text) > MOST_BYTES:
        raise _refused(f"It is over {MOST_BYTES // 1000} kB. A change names what differs, not the whole policy.")
    told = _plain(text)
    change = converted(told, Change)
    if change == Change(title=change.title):
        raise _refused("Nothing would be changed. Name a field, such as `[routing]` with `starving_after_s = 600`.")
    if any(each.ends <= each.begins for each in change.staffing):
        raise _refused("A `staffing` entry ends no later than it begins. Write one for each side of midnight.")
    return change


def converted(told: object, kind: type[S]) -> S:
    """A value of plain parts as a struct; BatonError 422 names the field that is unknown or cannot be."""
    try:
        return msgspec.convert(told, kind)
    except msgspec.ValidationError as error:
        named = ", ".join(kind.__struct_fields__)
        raise _refused(f"{error}. Fields of {kind.__name__}: {named}.") from None


def known_fields(given: Fields, kind: type[msgspec.Struct], where: str, but: tuple[str, ...] = ()) -> None:
    """Refuse a field that `kind` does not have, or that may not be changed here."""
    allowed = [name for name in kind.__struct_fields__ if name not in but]
    for name in given:
        if name not in allowed:
            raise _refused(f"{where} has no field {name!r} to change. It has: {', '.join(allowed)}.")


def no_such_queue(id: str, known: list[str]) -> BatonError:
    """A queue that the policy does not have."""
    return _refused(f"There is no queue {id!r}. There are: {', '.join(known) or 'none'}.")


def _plain(text: str) -> object:
    try:
        return json.loads(text) if text.lstrip().startswith("{") else tomllib.loads(text)
    except (json.JSONDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise _refused(f"It is neither TOML nor JSON: {error}.") from None


def _refused(told: str) -> BatonError:
    return BatonError("change_refused", 422, f"The change is refused. {told} Nothing was run.")
