"""The import rules catch what they must. The contracts themselves run in `make check` (lint-imports)."""

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.contracts import find_cycle
from scripts.tree import ROOT

pytestmark = pytest.mark.unit

PLANTED = {
    "kernel/__init__.py": "",
    "kernel/events.py": "import baton.stores",
    "stores/__init__.py": "",
    "assembly.py": "import baton.capabilities.routing.decide",
    "capabilities/__init__.py": "",
    "capabilities/routing/__init__.py": "",
    "capabilities/routing/events.py": "import baton.capabilities.wellbeing.events",
    "capabilities/routing/decide.py": "import random\nimport baton.capabilities.wellbeing.load.heavy",
    "capabilities/wellbeing/__init__.py": "",
    "capabilities/wellbeing/events.py": "import baton.capabilities.routing.events",
    "capabilities/wellbeing/load/__init__.py": "",
    "capabilities/wellbeing/load/heavy.py": "",
    "__init__.py": "",
    **{f"{package}/__init__.py": "" for package in ("channels", "demo", "engines", "web")},
}


def lint(folder: Path) -> str:
    config = folder / "pyproject.toml"
    config.write_text((ROOT / "pyproject.toml").read_text())
    program = Path(sys.executable).with_name("lint-imports")
    argv = [str(program), "--no-cache", "--no-logo", str(config)]
    paths = f"{folder / 'src'}:{ROOT}"
    done = subprocess.run(argv, cwd=folder, env={"PYTHONPATH": paths}, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


def plant(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        file = folder / "src" / "baton" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def test_planted_violations_are_found(tmp_path: Path) -> None:
    plant(tmp_path, PLANTED)
    told = lint(tmp_path)
    assert "0 kept, 4 broken" in told, told


def test_what_is_allowed_passes(tmp_path: Path) -> None:
    good = {
        **PLANTED,
        "kernel/events.py": "import time",
        "capabilities/routing/decide.py": "import baton.capabilities.wellbeing.events\nimport baton.kernel.events",
        "capabilities/wellbeing/events.py": "import baton.kernel.events",
        "capabilities/wellbeing/api.py": "import baton.capabilities.routing.tables",
        "capabilities/routing/tables.py": "import sqlalchemy",
    }
    plant(tmp_path, good)
    told = lint(tmp_path)
    assert "4 kept, 0 broken" in told, told


def test_events_may_use_one_another_but_in_no_circle() -> None:
    assert find_cycle({"a": {"b"}, "b": {"c"}, "c": set()}) == []
    assert find_cycle({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == ["b", "c", "b"]
