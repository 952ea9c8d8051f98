"""`eval pii`: are personal values found? Recall of each type, precision, documents that leak, beside a simple baseline."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from baton.engines.models.evaluate.texts import opened
from baton.engines.personal.finder import Finder, finder
from baton.engines.personal.formats import fixed
from baton.kernel.cover import Found

Say = Callable[[str], None]
Document = dict[str, Any]

FORMATS: Final = {
    "CREDIT_CARD": "card",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "DOMAIN_NAME": "url",
    "URL": "url",
    "IP_ADDRESS": "ip",
    "US_SSN": "ssn",
    "US_DRIVER_LICENSE": "id",
}
"""Types that a check digit or a fixed format gives away."""
TAGGED: Final = {"PERSON": "name", "STREET_ADDRESS": "address", "ZIP_CODE": "address"}
"""Types that the tagger reads. A town or a country alone is no address."""
MEANT: Final = {"name": {"PERSON", "TITLE"}, "address": {"STREET_ADDRESS", "ZIP_CODE", "GPE"}}
"""Types that a name or an address may touch and be right: a title before a name, a town after a street."""

DRAWS: Final = 1000
SEED: Final = 7


def eval_pii(test: Path, say: Say = print, using: Finder | None = None) -> Document:
    """Figures over labelled documents. A value is found if every letter and digit of it lies in something found."""
    with opened(test) as stored:
        documents: list[Document] = json.load(stored)
    texts = [document["full_text"] for document in documents]
    asked = using or finder()
    began = time.process_time()
    found = asked.find(texts)
    spent = time.process_time() - began
    figures = scored(documents, found)
    plain = scored(documents, [baseline(text) for text in texts])
    say(f"{len(documents)} documents; the baseline finds {plain['recall']} with precision {plain['precision']}")
    return {
        **figures,
        "intervals": intervals(documents, found),
        "texts_per_cpu_s": round(len(documents) / max(spent, 1e-9), 1),
        **{f"baseline_{name}": plain[name] for name in ("recall", "precision", "documents_with_leak")},
        "n": len(documents),
    }


def scored(documents: Sequence[Document], found: Sequence[Sequence[Found]]) -> Document:
    """Recall over the types meant to be found, of formats and of names and addresses; by type; precision; documents that leak."""
    total, hit, leaks = Counter[str](), Counter[str](), 0
    for document, here in zip(documents, found, strict=True):
        open_ = {span["entity_type"] for span in document["spans"] if not _covered(document["full_text"], here, span)}
        for span in document["spans"]:
            total[span["entity_type"]] += 1
            hit[span["entity_type"]] += _covered(document["full_text"], here, span)
        leaks += not open_.isdisjoint(FORMATS.keys() | TAGGED.keys())
    said = [(f, document["spans"]) for document, here in zip(documents, found, strict=True) for f in here]
    return {
        "recall": _share(total, hit, FORMATS.keys() | TAGGED.keys()),
        "recall_formats": _share(total, hit, FORMATS.keys()),
        "recall_names_addresses": _share(total, hit, TAGGED.keys()),
        "precision": round(sum(_right(f, spans) for f, spans in said) / max(1, len(said)), 4),
        "by_type": {kind: round(hit[kind] / n, 4) for kind, n in sorted(total.items())},
        "documents_with_leak": leaks,
    }


def intervals(documents: Sequence[Document], found: Sequence[Sequence[Found]], draws: int = DRAWS) -> Document:
    """Of recall by type and of precision by kind: the figure and its 95% interval, and n.

    Whole templates are drawn again (Efron 1979): documents of one wording are right or wrong together.
    """
    groups = dict[str, int]()
    counts = dict[str, dict[int, list[int]]]()
    for n, (document, here) in enumerate(zip(documents, found, strict=True)):
        group = groups.setdefault(str(document.get("template_id", f"document {n}")), len(groups))
        for name, right in _each(document, here):
            count = counts.setdefault(name, {}).setdefault(group, [0, 0])
            count[0] += right
            count[1] += 1
    drawn = np.random.default_rng(SEED).integers(len(groups), size=(draws, len(groups)))
    return {name: _interval(counts[name], drawn) for name in sorted(counts)}


def _each(document: Document, here: Sequence[Found]) -> Iterator[tuple[str, bool]]:
    """What each value of a document counts for, and whether it is right."""
    for span in document["spans"]:
        if span["entity_type"] in TAGGED:
            right = _covered(document["full_text"], here, span)
            yield from ((f"recall {span['entity_type']}", right), ("recall names addresses", right))
    for each in here:
        right = _right(each, document["spans"])
        yield from ((f"precision {each.kind}", right), ("precision", right))


def _interval(counts: dict[int, list[int]], drawn: "np.ndarray[Any, np.dtype[np.int64]]") -> list[float]:
    """Figure, low end, high end, n."""
    table = np.zeros((drawn.shape[1], 2))
    for group, count in counts.items():
        table[group] = count
    right, all_ = table[:, 0][drawn].sum(axis=1), table[:, 1][drawn].sum(axis=1)
    low, high = np.quantile(right[all_ > 0] / all_[all_ > 0], (0.025, 0.975))
    total = table.sum(axis=0)
    return [round(float(each), 4) for each in (total[0] / total[1], low, high)] + [int(total[1])]


def _share(total: Counter[str], hit: Counter[str], kinds: "set[str] | Any") -> float:
    return round(sum(hit[kind] for kind in kinds) / max(1, sum(total[kind] for kind in kinds)), 4)


def _covered(text: str, found: Sequence[Found], span: Document) -> bool:
    """Every letter and digit of the span lies in something found."""
    start, end = span["start_position"], span["end_position"]
    open_ = set(range(start, end)).difference(*(range(f.start, f.end) for f in found))
    return not any(text[n].isalnum() for n in open_)


def _right(found: Found, spans: Sequence[Document]) -> bool:
    """What was found touches a labelled value of its kind; a value of a format may touch any."""
    touched = {s["entity_type"] for s in spans if s["start_position"] < found.end and found.start < s["end_position"]}
    return not touched.isdisjoint(MEANT[found.kind]) if found.kind in MEANT else bool(touched)


_CUE: Final = re.compile(
    r"\b(?:my name is|i am|i'm|this is|called|mr\.?|mrs\.?|ms\.?|dr\.?)\s+(\w+(?:\s+\w+)?)", re.IGNORECASE
)
_CAPITALS: Final = re.compile(r"(?<![.!?]\s)(?<!^)\b[A-ZÀ-Ý]\w+(?:\s+[A-ZÀ-Ý]\w+)+")
_STREET: Final = re.compile(
    r"\b\d{1,5}\s+(?:[\w.]+\s+){0,3}(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|way|court|ct|boulevard|blvd)\b"
    r"(?:,?\s+[A-Z][\w ]+,?\s+[A-Z]{2}\s+\d{5})?",
    re.IGNORECASE,
)


def baseline(text: str) -> list[Found]:
    """The simple way: formats, two words after "my name is" and the like, runs of capitals, a number before "street"."""
    found = fixed(text)
    found += [Found("name", *match.span(1)) for match in _CUE.finditer(text)]
    found += [Found("name", *match.span()) for match in _CAPITALS.finditer(text)]
    return found + [Found("address", *match.span()) for match in _STREET.finditer(text)]
