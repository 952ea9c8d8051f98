"""Long functions, long files, untyped spots and lint ignores only become fewer."""

import pytest

from scripts.ratchet import allowed, count, now

pytestmark = pytest.mark.unit


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    return now()


@pytest.mark.parametrize("what", allowed())
def test_there_is_no_more_of_it_than_before(found: dict[str, list[str]], what: str) -> None:
    places = found[what]
    assert len(places) <= allowed()[what], f"Too many {what}: {places}"


def test_the_ratchet_counts() -> None:
    long_function = "def f():\n" + "    x = 1\n" * 50
    ignored = "x = 1  # type: ignore[misc]\ny = 2  # noqa: E501\nz = 'no # noqa'\n"
    found = count({"a.py": long_function, "b.py": ignored, "c.py": "x = 1\n" * 351})
    assert found == {
        "functions_over_50_lines": ["a.py:1"],
        "files_over_350_lines": ["c.py"],
        "type_ignores": ["b.py:1"],
        "noqas": ["b.py:2"],
    }
