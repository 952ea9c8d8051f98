"""The folder says which trend, the file says which step of the flow, and nothing else lies about."""

import re
from pathlib import Path

import pytest

from scripts.tree import CAPABILITIES, ROOT, SOURCE, capability_names, card_of, python_files, scenes_of
from scripts.trends import main as trends

pytestmark = pytest.mark.unit

STEPS = ("__init__", "events", "understand", "decide", "act", "tables", "measure", "learn", "api")
ALLOWED = {f"{step}.py" for step in STEPS} | {"page.html", "card.html"}
TRENDS = {"base", "U", *map(str, range(1, 16))}
VAGUE = {"utils", "util", "helpers", "helper", "manager", "managers", "common", "misc", "base"}
UNFINISHED = re.compile(r"#.*\b(TODO|FIXME|XXX|HACK)\b")
CATEGORIES = {"unit", "port", "scene", "golden", "browser", "long"}

each_capability = pytest.mark.parametrize("name", capability_names())


@each_capability
def test_a_capability_holds_only_the_files_of_the_flow(name: str) -> None:
    files = {path.name for path in (CAPABILITIES / name).iterdir() if path.is_file()}
    assert files <= ALLOWED, f"Move {files - ALLOWED} into a sub-folder named for what it knows."


@each_capability
def test_a_capability_has_a_card(name: str) -> None:
    card = card_of(name)
    assert card is not None, f"src/baton/capabilities/{name}/__init__.py needs CARD = Card(trend=..., title=...)."
    assert card.trend in TRENDS
    assert card.title
    text = (CAPABILITIES / name / "__init__.py").read_text()
    assert re.match(r'"""\S', text), "The card's docstring says in one sentence what the capability is for."


@each_capability
def test_a_capability_has_tests_of_its_own(name: str) -> None:
    assert list((ROOT / "tests" / "capabilities" / name).glob("test_*.py")), (
        f"Write tests/capabilities/{name}/test_*.py."
    )


@each_capability
def test_a_capability_has_a_scene(name: str) -> None:
    assert scenes_of(name), (
        f"Write a scene in tests/scenes/ whose name begins with {name}: turns in, facts and decisions out."
    )


@pytest.mark.skipif(not capability_names(), reason="no capability yet")
def test_trends_page_is_what_the_cards_say() -> None:
    assert trends(["--check"]) == 0


def test_names_say_what_is_inside() -> None:
    named = [path.relative_to(SOURCE) for path in python_files("src") if {path.stem, *path.parts} & VAGUE]
    assert not named


def test_nothing_is_left_unfinished() -> None:
    lines = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in python_files("src", "tests", "scripts", "bench")
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if UNFINISHED.search(line) and path.name != "test_tree.py"
    ]
    assert not lines


def test_a_test_module_has_one_category() -> None:
    mark = re.compile(r"^pytestmark = \[?pytest\.mark\.(\w+)", re.MULTILINE)
    texts = {path.relative_to(ROOT): path.read_text() for path in python_files("tests") if _is_test(path)}
    marked = {path: mark.findall(text) for path, text in texts.items() if not _marks_each(text)}
    wrong = [str(path) for path, found in marked.items() if len(found) != 1 or found[0] not in CATEGORIES]
    assert not wrong, "Set pytestmark = pytest.mark.<unit|port|scene|golden|browser|long> in each."


def _marks_each(text: str) -> bool:
    """A module whose tests are of one category and their long versions marks each test instead."""
    marks = re.findall(r"^@pytest\.mark\.(\w+)$", text, re.MULTILINE)
    return (
        "long" in marks
        and len(set(marks)) <= 2
        and len(marks) >= len(re.findall(r"^(?:async )?def test_", text, re.MULTILINE))
    )


def _is_test(path: Path) -> bool:
    return path.name.startswith("test_")
