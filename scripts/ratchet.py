"""The ratchet: what we want less of, counted. tests/architecture/ratchet.json may only shrink.

`python -m scripts.ratchet` lowers it to what is true now; it never raises it.
"""

import ast
import io
import json
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from scripts.tree import ROOT, python_files

FILE = ROOT / "tests" / "architecture" / "ratchet.json"
FOLDERS = ("src", "tests", "scripts", "bench")
LONG_FUNCTION = 50
LONG_FILE = 350
MARKS = {"type_ignores": re.compile(r"#\s*type:\s*ignore"), "noqas": re.compile(r"#\s*noqa", re.IGNORECASE)}


def count(texts: dict[str, str]) -> dict[str, list[str]]:
    """Where each unwanted thing is: path and line, by name of the thing."""
    found: dict[str, list[str]] = {
        "functions_over_50_lines": [],
        "files_over_350_lines": [],
        "type_ignores": [],
        "noqas": [],
    }
    for path, text in texts.items():
        if text.count("\n") > LONG_FILE:
            found["files_over_350_lines"].append(path)
        found["functions_over_50_lines"] += [f"{path}:{line}" for line in _long_functions(text)]
        for line, comment in _comments(text):
            for name, mark in MARKS.items():
                found[name] += [f"{path}:{line}"] if mark.search(comment) else []
    return found


def _long_functions(text: str) -> Iterator[int]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            last = node.end_lineno or node.lineno
            if last - node.lineno + 1 > LONG_FUNCTION:
                yield node.lineno


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Comments with their lines, of a text that holds any mark at all: most do not, and reading tokens is slow."""
    if not any(mark.search(text) for mark in MARKS.values()):
        return
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string


def now() -> dict[str, list[str]]:
    """The count over the project."""
    return count({str(path.relative_to(ROOT)): path.read_text() for path in python_files(*FOLDERS)})


def allowed(file: Path = FILE) -> dict[str, int]:
    """What the ratchet allows."""
    limits: dict[str, int] = json.loads(file.read_text())
    return limits


def lower(file: Path = FILE) -> dict[str, int]:
    """Lower the ratchet to what is true now, and never raise it."""
    found = now()
    limits = {name: min(limit, len(found[name])) for name, limit in allowed(file).items()}
    file.write_text(json.dumps(limits, indent=2) + "\n")
    return limits


if __name__ == "__main__":
    print(lower())
    sys.exit(0)
