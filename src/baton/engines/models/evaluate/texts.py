"""Labelled texts from the files that people have: CSV with text and label, CLINC's JSON and GoEmotions' TSV."""

import csv
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, TextIO

from baton.kernel.errors import BatonError

EMOTIONS: Final = tuple(
    "admiration amusement anger annoyance approval caring confusion curiosity desire disappointment disapproval disgust embarrassment"
    " excitement fear gratitude grief joy love nervousness optimism pride realization relief remorse sadness surprise neutral".split()
)
"""GoEmotions' labels in the order of their numbers."""
_TEXTS: Final = ("text", "sentence", "utterance", "query")
_LABELS: Final = ("label", "category", "intent")


class Labelled(NamedTuple):
    """Texts and their labels."""

    texts: list[str]
    labels: list[str]


def opened(path: Path) -> TextIO:
    """A text file, packed by gzip or not."""
    if not path.is_file():
        raise BatonError("no_such_file", 404, f"There is no file {str(path)!r}. Give the path of the data.")
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return path.open(encoding="utf-8", newline="")


def labelled(path: Path, part: str = "train") -> Labelled:
    """A CSV with a text and a label column, or the `part` of CLINC's JSON (with its out-of-scope texts)."""
    with opened(path) as lines:
        if path.name.removesuffix(".gz").endswith(".json"):
            return _clinc(json.load(lines), part)
        tabs = ".tsv" in path.name
        rows = list(
            csv.DictReader(
                lines, delimiter="\t" if tabs else ",", quoting=csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL
            )
        )
    if not rows:
        raise BatonError("no_rows", 422, f"{path.name!r} has no rows. It needs a header with text and label.")
    text = next((name for name in _TEXTS if name in rows[0]), "")
    label = next((name for name in _LABELS if name in rows[0]), "")
    if not text or not label:
        raise BatonError("no_columns", 422, f"{path.name!r} needs a column of {_TEXTS} and one of {_LABELS}.")
    kept = [row for row in rows if row[text] and row[label]]
    return Labelled([row[text] for row in kept], [row[label].strip() for row in kept])


def _clinc(stored: Any, part: str) -> Labelled:
    """CLINC150 keeps parts by name; a list of pairs is taken whole."""
    if isinstance(stored, dict):
        wanted = ("train", "oos_train") if part == "train" else ("test", "oos_test")
        if not any(name in stored for name in wanted):
            wanted = ("val", "oos_val")
        stored = [pair for name in wanted for pair in stored.get(name, [])]
    return Labelled([text for text, _ in stored], [label for _, label in stored])


def emotions(path: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Texts and the names of their emotions, from GoEmotions' tab-separated files."""
    with opened(path) as lines:
        for line in lines:
            text, ids, *_ = line.rstrip("\r\n").split("\t")
            yield text, frozenset(EMOTIONS[int(n)] for n in ids.split(","))
