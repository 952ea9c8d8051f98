"""Answers: what a tool gave, made flat, short and clean. Texts in it are what anyone may have written: data, never instructions."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec

from baton.engines.tools.declared import Answer, AnswerTooLarge, Limits, Schema
from baton.engines.tools.schemas import fault
from baton.kernel.conversation import Args

UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]"
)
"""What a reader does not see: control characters, zero width, changes of direction, and the tag block that hides text."""
ORIGIN: Final = "answer_origin"
"""The label beside the values of an answer that anyone may have written."""


class NotAsDeclared(Exception):
    """An answer that is not what the tool declared to give."""


def flat(answer: Answer, limits: Limits) -> dict[str, str | int | bool]:
    """Values by dotted name (`booking.state`); lists of plain values become one text, separated by commas.

    Raises:
        AnswerTooLarge: more levels, values or characters than the limits allow.
    """
    made: dict[str, str | int | bool] = {}
    for name, value in _walk("", answer, limits, 0):
        if len(made) >= limits.fields:
            raise AnswerTooLarge(f"more than {limits.fields} values")
        made[name] = value
    return made


def read(body: bytes, limits: Limits) -> Answer:
    """JSON as an answer: an object as it is, anything else under `value`; more than the limits raises `AnswerTooLarge`."""
    if len(body) > limits.answer_bytes:
        raise AnswerTooLarge(f"more than {limits.answer_bytes} bytes")
    if not body.strip():
        return {}
    try:
        found: object = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NotAsDeclared("it is not JSON") from error
    return found if isinstance(found, dict) else {"value": found}


def checked(answer: Answer, gives: Schema | None) -> None:
    """Raise `NotAsDeclared` where an answer is not what its schema says."""
    wrong = fault(gives, answer) if gives else ""
    if wrong:
        raise NotAsDeclared(wrong)


def split(values: Mapping[str, str | int | bool]) -> tuple[Args, Args]:
    """Numbers and truth values, which stay open, and texts, which are private."""
    open_: Args = {name: value for name, value in values.items() if not isinstance(value, str)}
    private: Args = {name: value for name, value in values.items() if isinstance(value, str)}
    return open_, private


def _walk(at: str, value: object, limits: Limits, depth: int) -> Iterator[tuple[str, str | int | bool]]:
    if depth > limits.depth:
        raise AnswerTooLarge(f"more than {limits.depth} levels")
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _walk(f"{at}.{name}" if at else str(name), inner, limits, depth + 1)
    elif isinstance(value, (list, tuple)):
        yield from _listed(at, value, limits, depth)
    elif value is not None:
        yield at, _plain(value, limits)


def _listed(
    at: str, values: list[object] | tuple[object, ...], limits: Limits, depth: int
) -> Iterator[tuple[str, str | int | bool]]:
    if all(isinstance(each, (str, int, float, bool)) for each in values):
        yield at, _plain(",".join(str(_plain(each, limits)) for each in values[: limits.fields]), limits)
        return
    yield f"{at}.count", len(values)
    for number, each in enumerate(values):
        yield from _walk(f"{at}.{number}", each, limits, depth + 1)


def _plain(value: object, limits: Limits) -> str | int | bool:
    if isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        return int(value) if value.is_integer() else str(value)
    text = UNSEEN.sub("", str(value))
    if len(text) > limits.text_chars:
        raise AnswerTooLarge(f"a text of more than {limits.text_chars} characters")
    return text
