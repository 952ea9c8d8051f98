"""STAR's dialogues as people who serve know them: what each side said, what the record shows, and what was answered of it.

What only the experiment knows is not read: instructions to the customer, the scenario's task and whether it can succeed.
The questionnaires give labels and nothing else. A dialogue whose label is missing is left out.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, Literal, NamedTuple

from baton.engines.models.evaluate.texts import opened
from baton.kernel.errors import BatonError

Answer = Literal["success", "aggressive"]
_NO_OUTCOME: Final = ("calm and helpful", "enjoy this task", "about rain")
"""Questions to the customer that ask of manners, pleasure or content, not whether the need was met."""
_STATES: Final = ("Message", "ReservationStatus", "Status", "RideStatus", "TakesReservations")
"""Fields of an answer of the system of record that say how it stands."""
_PLAIN: Final = frozenset({"goodbye_1", "goodbye_2", "anything_else", "hello", "custom", "out_of_scope", "ask_name"})
"""Replies that are the same whatever the need."""
_MOST_STATE: Final = 40
_LAST: Final = 3


class Told(NamedTuple):
    """One dialogue: its id and row, each side's turns, what the record shows as tokens, and the label asked for."""

    id: str
    row: int
    asked: tuple[str, ...]
    served: tuple[str, ...]
    record: tuple[str, ...]
    label: bool
    could: bool
    """Whether the need could be met at all, as the scenario says: for reporting figures apart, never to judge by."""

    trace: str
    """A hash of who said what when: the same dialogue under another id is still the same."""

    @property
    def names(self) -> tuple[str, str]:
        """What it is known again by."""
        return f"id {self.id}", self.trace


def told(path: Path, answer: Answer) -> list[Told]:
    """The dialogues of a file, one a line, that have the label; refused where nothing can be learned or judged from them."""
    label = _success if answer == "success" else _aggressive
    with opened(path) as lines:
        found = [_told(line, row, path.name, label) for row, line in enumerate(lines, 1) if line.strip()]
    rows = [each for each in found if each is not None]
    if not rows:
        raise BatonError(
            "no_labels", 422, f"{path.name!r} has no dialogue with the answer looked for. Give STAR dialogues with both "
            "questionnaires, one JSON object a line.",
        )  # fmt: skip
    return rows


def checked(rows: Sequence[Told], of: str) -> None:
    """Raises where dialogues are twice in a file, or all have one label: nothing can be learned from those."""
    seen: dict[str, int] = {}
    for each in rows:
        for name in each.names:
            first = seen.setdefault(name, each.row)
            if first != each.row:
                raise BatonError(
                    "duplicate_rows", 422, f"Rows {first} and {each.row} of {of} are the same dialogue. Remove one."
                )
    if len({each.label for each in rows}) < 2:
        raise BatonError("one_class", 422, f"All {len(rows)} dialogues of {of} have one label. Add some of the other.")


def apart(known: Sequence[Told], asked: Sequence[Told]) -> None:
    """Raises where a dialogue of the test was learned from."""
    seen = {name: each.row for each in known for name in each.names}
    for each in asked:
        twin = next((seen[name] for name in each.names if name in seen), 0)
        if twin:
            raise BatonError(
                "leakage", 422, f"Row {each.row} of the test is the dialogue in row {twin} of the training file. "
                "Remove it from one of them.",
            )  # fmt: skip


def _told(line: str, row: int, name: str, label: Callable[[dict[str, Any]], bool | None]) -> Told | None:
    try:
        return _read(json.loads(line), row, label)
    except (json.JSONDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise BatonError(
            "bad_row",
            422,
            f"Row {row} of {name!r} is not a STAR dialogue (JSON with Events). Remove it or write it anew.",
        ) from error


def _read(stored: dict[str, Any], row: int, label: Callable[[dict[str, Any]], bool | None]) -> Told | None:
    events = [event for event in stored["Events"] if isinstance(event, dict)]
    asked, served, mark = _turns(events, "User"), _turns(events, "Wizard"), label(stored)
    if mark is None or not asked:
        return None
    could = bool((stored.get("Scenario") or {}).get("Happy", True))
    return Told(str(stored.get("DialogueID")), row, asked, served, tuple(_record(events)), mark, could, _trace(events))


def _trace(events: Sequence[dict[str, Any]]) -> str:
    seen = [[e.get("Agent"), e.get("Action"), e.get("Text"), e.get("UnixTime")] for e in events]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()


def _success(stored: dict[str, Any]) -> bool | None:
    """Whether the customer said that what they came for was done. A "no" may be a correct refusal: see `eval_reported_success`."""
    answers = [
        q["Answer"]
        for q in stored.get("UserQuestionnaire") or []
        if not any(part in str(q["Question"]) for part in _NO_OUTCOME)
    ]
    return all(str(a) == "True" for a in answers) if answers else None


def _aggressive(stored: dict[str, Any]) -> bool | None:
    """Whether the rep said that the customer became aggressive or annoyed."""
    asked = stored.get("WizardQuestionnaire") or []
    answers = [q["Answer"] for q in asked if "aggressive or annoyed" in str(q["Question"])]
    return str(answers[0]) == "True" if answers else None


def _turns(events: Sequence[dict[str, Any]], who: str) -> tuple[str, ...]:
    said = (e for e in events if e.get("Agent") == who and e.get("Action") in ("utter", "pick_suggestion"))
    return tuple(str(e["Text"]) for e in said if e.get("Text"))


def _record(events: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Replies picked, tasks, requests to the system of record and how it answered; and which of them came last."""
    order: list[str] = []
    states: list[str] = []
    for event in events:
        action, who = event.get("Action"), event.get("Agent")
        if who == "User" and action == "utter":
            order.append("user")
        elif who == "Wizard" and action in ("pick_suggestion", "utter"):
            order.append(str(event.get("ActionLabel") or "own words"))
            yield f"reply:{order[-1]}"
        elif action == "select_task":
            yield f"task:{event.get('Task')}"
        elif action == "query":
            yield from _asked_of_record(event)
        elif action == "return_item":
            found = list(_states(event))
            states += [each for each in found if each.startswith("state:")]
            yield from found
    needful = [each for each in order if each not in _PLAIN and each not in ("user", "own words")]
    for n in range(1, _LAST + 1):
        yield from (f"last{n}:{each}" for each in order[-n : len(order) - n + 1])
        yield from (f"needful{n}:{each}" for each in needful[-n : len(needful) - n + 1])
    yield from (f"last{each}" for each in states[-1:])


def _asked_of_record(event: dict[str, Any]) -> Iterator[str]:
    name = str(event.get("APIName"))
    yield f"query:{name}"
    for wanted in event.get("Constraints") or []:
        for field, value in wanted.items() if isinstance(wanted, dict) else ():
            yield f"query:{name}:{field}"
            if field == "RequestType":
                yield f"query:{name}:{value}"


def _states(event: dict[str, Any]) -> Iterator[str]:
    item = event.get("Item") or {}
    name = str(item.get("APIName") or event.get("APIName"))
    yield f"answer:{name}:{'nothing' if len(item) <= 1 else 'something'}"
    yield f"found:{min(int(event.get('TotalItems', -1)), 3)}"
    for field in _STATES:
        if field in item:
            yield f"state:{name}:{str(item[field])[:_MOST_STATE]}"
