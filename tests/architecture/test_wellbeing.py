"""Nothing of a rep's load can enter an appraisal, and no read model holds one: by who may read wellbeing at all, and what it keeps."""

import ast
import re

import msgspec
import pytest

from baton.capabilities.wellbeing import events
from baton.capabilities.wellbeing.tables import METADATA
from baton.kernel.events import Event
from scripts.tree import SOURCE, all_events, python_files

pytestmark = pytest.mark.unit
READERS = {"capabilities/wellbeing", "capabilities/routing", "demo", "assembly/scoring"}
"""Who may import wellbeing: itself, routing for whom is given easy ones only, the invented company, and what scores the price."""
NEVER = re.compile(
    r"(?:^|_)(?:moods?|emotions?|sentiments?|feelings?|stress|fatigue|voice|pitch|tone|face|gaze|typing|keys|keystrokes?|mouse|camera|heart)(?:_|$)"
)


def test_appraisals_cannot_read_wellbeing() -> None:
    readers = set()
    for path in python_files("src"):
        folder = str(path.relative_to(SOURCE).parent)
        if any(name.startswith("baton.capabilities.wellbeing") for name in imported(path.read_text())):
            readers.add(next((known for known in READERS if folder.startswith(known)), folder))
    assert readers <= READERS, "Performance, quality, coaching, planning and AI use may know nothing of a load."


def test_no_query_names_its_tables_elsewhere() -> None:
    named = [
        str(path)
        for path in python_files("src")
        if re.search(r"[\"']wellbeing_\w", path.read_text()) and "capabilities/wellbeing" not in str(path)
    ]
    assert not named


def test_no_read_model_holds_or_names_a_rep() -> None:
    columns = {f"{table.name}.{column.name}" for table in METADATA.sorted_tables for column in table.columns}
    assert not {name for name in columns if re.search(r"rep$|staff|name|who|load|minutes|run$", name.partition(".")[2])}


def test_a_load_rests_on_work_alone() -> None:
    kinds = [kind for kind in all_events().values() if kind.__module__ == events.__name__]
    assert len(kinds) > 20
    for kind in kinds:
        assert not [name for name in fields(kind) if NEVER.search(name)], kind


def test_the_rule_catches_what_it_must() -> None:
    class Watched(Event, frozen=True):
        """What a camera saw."""

        rep: str
        typing_speed: int

    assert [name for name in fields(Watched) if NEVER.search(name)] == ["typing_speed"]
    assert "baton.capabilities.wellbeing.tables" in imported("from baton.capabilities.wellbeing.tables import X")


def fields(kind: type[Event]) -> list[str]:
    """Names of an event's fields."""
    return [field.name for field in msgspec.structs.fields(kind)]


def imported(text: str) -> set[str]:
    """Every module a file imports, however deep."""
    found = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found
