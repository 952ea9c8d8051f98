"""A published event version may grow by what has a default, and by nothing else."""

import msgspec
import pytest

from scripts.schemas import breaks

pytestmark = pytest.mark.unit


class Before(msgspec.Struct):
    queue: str
    wait_s: int = 0


class Grown(msgspec.Struct):
    """Documented since."""

    queue: str
    wait_s: int = 0
    place: int = 0


class Shrunk(msgspec.Struct):
    queue: str


class Demanding(msgspec.Struct, kw_only=True):
    queue: str
    wait_s: int = 0
    place: int


class Retyped(msgspec.Struct):
    queue: str
    wait_s: float = 0.0


def difference(new: type[msgspec.Struct]) -> list[str]:
    old_schema, new_schema = msgspec.json.schema(Before), msgspec.json.schema(new)
    return breaks(old_schema["$defs"]["Before"], new_schema["$defs"][new.__name__])


def test_a_new_field_with_a_default_is_growth() -> None:
    assert difference(Grown) == []


@pytest.mark.parametrize("new", [Shrunk, Demanding, Retyped])
def test_taking_away_demanding_and_retyping_break_readers(new: type[msgspec.Struct]) -> None:
    assert difference(new)
