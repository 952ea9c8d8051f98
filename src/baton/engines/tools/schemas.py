"""Schemas: whether a value is what a JSON schema says, for the part of JSON Schema 2020-12 that tools use.

Known: type, enum, const, properties, required, additionalProperties, items, minimum, maximum, their exclusive forms, minLength,
maxLength, minItems, maxItems, pattern, allOf, anyOf, oneOf and references inside the same document (made plain before, `plain`).
A pattern is only applied to the first 1,000 characters.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final

from baton.engines.tools.declared import Schema

DEEPEST: Final = 24
PARTS: Final = 20_000
TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "object": (dict,), "array": (list, tuple),
    "null": (type(None),),
}  # fmt: skip
BOUNDS: Final[tuple[tuple[str, Callable[[float, float], bool], str], ...]] = (
    ("minimum", lambda v, b: v < b, "is less than"), ("maximum", lambda v, b: v > b, "is more than"),
    ("exclusiveMinimum", lambda v, b: v <= b, "is not more than"), ("exclusiveMaximum", lambda v, b: v >= b, "is not less than"),
)  # fmt: skip


class UnreadableSchema(Exception):
    """A schema that refers to nothing, to itself without end, or to another document."""


def fault(schema: Schema, value: object, at: str = "") -> str:
    """What is wrong with `value`, in words that name the place and never the value; empty where nothing is."""
    return next(_faults(schema, value, at or "it"), "")


def coerced(schema: Schema, args: Mapping[str, object]) -> dict[str, object]:
    """Arguments with the types that the schema names: a procedure gives all of them as texts. An empty text is left out where it may be."""
    properties = _schemas(schema.get("properties"))
    needed = _texts(schema.get("required"))
    made = {name: _typed(properties.get(name, {}), value) for name, value in args.items()}
    return {name: value for name, value in made.items() if value != "" or name in needed}


def plain(
    schema: object, document: Mapping[str, object], depth: int = 0, left: list[int] | None = None
) -> dict[str, object]:
    """A schema with its references (`#/…`) put in place. Raises `UnreadableSchema` where that cannot be.

    `left` counts down the parts that may still be read: references to references grow without end in few lines.
    """
    left = [PARTS] if left is None else left
    left[0] -= 1
    if depth > DEEPEST or left[0] < 0:
        raise UnreadableSchema(
            f"a schema that contains itself, is deeper than {DEEPEST} levels, or has more than {PARTS} parts"
        )
    if not isinstance(schema, Mapping):
        return {}
    if "$ref" in schema:
        return plain(pointed(str(schema["$ref"]), document), document, depth + 1, left)
    return {str(name): _plain(name, value, document, depth, left) for name, value in schema.items()}


def pointed(ref: str, document: Mapping[str, object]) -> object:
    """What a reference inside a document points to."""
    if not ref.startswith("#/"):
        raise UnreadableSchema(f"a reference to another document: {ref!r}")
    found: object = document
    for part in ref[2:].split("/"):
        name = part.replace("~1", "/").replace("~0", "~")
        if not isinstance(found, Mapping) or name not in found:
            raise UnreadableSchema(f"a reference to nothing: {ref!r}")
        found = found[name]
    return found


def _plain(name: object, value: object, document: Mapping[str, object], depth: int, left: list[int]) -> object:
    if name in {"properties", "$defs", "definitions"} and isinstance(value, Mapping):
        return {str(key): plain(inner, document, depth + 1, left) for key, inner in value.items()}
    if isinstance(value, Mapping) and name not in {"example", "default", "const"}:
        return plain(value, document, depth + 1, left)
    if name in {"allOf", "anyOf", "oneOf"} and isinstance(value, list):
        return [plain(inner, document, depth + 1, left) for inner in value]
    return value


def _faults(schema: Schema, value: object, at: str) -> Iterator[str]:
    yield from _of_type(schema, value, at)
    if isinstance(value, Mapping):
        yield from _of_object(schema, value, at)
    elif isinstance(value, (list, tuple)):
        yield from _of_list(schema, value, at)
    elif isinstance(value, str):
        yield from _of_text(schema, value, at)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _of_number(schema, value, at)
    yield from _of_choices(schema, value, at)


def _of_type(schema: Schema, value: object, at: str) -> Iterator[str]:
    kinds = _texts(schema.get("type"))
    if value is None and schema.get("nullable") is True:
        return
    if kinds and not any(_is(kind, value) for kind in kinds):
        yield f"{at} is not {' or '.join(kinds)}"
    options = schema.get("enum")
    if isinstance(options, list) and value not in options:
        yield f"{at} is none of {len(options)} allowed values"
    if "const" in schema and value != schema["const"]:
        yield f"{at} is not the only value allowed"


def _of_object(schema: Schema, value: Mapping[str, object], at: str) -> Iterator[str]:
    properties = _schemas(schema.get("properties"))
    missing = [name for name in _texts(schema.get("required")) if name not in value]
    if missing:
        yield f"{at} lacks {', '.join(map(repr, missing))}"
    others = schema.get("additionalProperties", True)
    for name, inner in value.items():
        if name in properties:
            yield from _faults(properties[name], inner, f"{name!r}")
        elif others is False:
            yield f"{at} has {name!r}, which is not known"
        elif isinstance(others, Mapping):
            yield from _faults(others, inner, f"{name!r}")


def _of_list(schema: Schema, values: Sequence[object], at: str) -> Iterator[str]:
    if len(values) < _number(schema, "minItems", 0) or len(values) > _number(schema, "maxItems", len(values)):
        yield f"{at} has {len(values)} items"
    items = schema.get("items")
    if isinstance(items, Mapping):
        for each in values:
            yield from _faults(items, each, f"an item of {at}")


def _of_text(schema: Schema, value: str, at: str) -> Iterator[str]:
    if len(value) < _number(schema, "minLength", 0) or len(value) > _number(schema, "maxLength", len(value)):
        yield f"{at} has {len(value)} characters"
    pattern = schema.get("pattern")
    if isinstance(pattern, str) and not _fits(pattern, value[:1000]):
        yield f"{at} is not written as it must be"


def _of_number(schema: Schema, value: float, at: str) -> Iterator[str]:
    for name, beyond, words in BOUNDS:
        bound = schema.get(name)
        if isinstance(bound, (int, float)) and not isinstance(bound, bool) and beyond(value, bound):
            yield f"{at} {words} {bound}"


def _of_choices(schema: Schema, value: object, at: str) -> Iterator[str]:
    for each in _many(schema.get("allOf")):
        yield from _faults(each, value, at)
    for name in ("anyOf", "oneOf"):
        fits = [not fault(each, value, at) for each in _many(schema.get(name))]
        if fits and (not any(fits) or (name == "oneOf" and sum(fits) > 1)):
            yield f"{at} fits {'none' if not any(fits) else 'more than one'} of the forms it may have"


def _fits(pattern: str, text: str) -> bool:
    try:
        return re.search(pattern, text) is not None
    except re.error:
        return True


def _is(kind: str, value: object) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer" and isinstance(value, float):
        return value.is_integer()
    return isinstance(value, TYPES.get(kind, (object,)))


def _typed(schema: Schema, value: object) -> object:
    if not isinstance(value, str):
        return value
    kinds = _texts(schema.get("type"))
    if "string" in kinds or not kinds:
        return value
    if "integer" in kinds or "number" in kinds:
        return _as_number(value, "integer" not in kinds)
    if "boolean" in kinds and value in {"true", "false"}:
        return value == "true"
    return value.split(",") if "array" in kinds else value


def _as_number(text: str, whole_or_not: bool) -> object:
    try:
        return float(text) if whole_or_not and not text.lstrip("-").isdecimal() else int(text)
    except ValueError:
        return text


def _number(schema: Schema, name: str, otherwise: int) -> int:
    found = schema.get(name)
    return found if isinstance(found, int) else otherwise


def _texts(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        return (value,)
    return tuple(str(each) for each in value) if isinstance(value, (list, tuple)) else ()


def _many(value: object) -> list[Schema]:
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _schemas(value: object) -> Mapping[str, Schema]:
    if not isinstance(value, Mapping):
        return {}
    return {str(name): each for name, each in value.items() if isinstance(each, Mapping)}
