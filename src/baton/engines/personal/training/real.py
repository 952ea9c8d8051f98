"""Real turns and labelled documents as training texts: MultiDoGO's slots, GoEmotions' [NAME], intents without anybody in them."""

import csv
import gzip
import json
import random
import re
import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, Final

from baton.engines.models.training.corpora import share
from baton.engines.personal.training.invented import Labelled, Mark, filled, value_of

_SLOTS: Final = {
    "name": "name", "address": "address", "zip": "address", "current_zipcode": "address", "new_zipcode": "address",
}  # fmt: skip
_UNSURE: Final = frozenset("username company_name new_city current_city".split())
"""Slots of MultiDoGO that hold people or places now and then: such turns are left out."""
_TYPES: Final = {"PERSON": "name", "STREET_ADDRESS": "address", "ZIP_CODE": "address"}
_FILLED: Final = {
    "PERSON": "name",
    "STREET_ADDRESS": "address",
    "ZIP_CODE": "zip",
    "GPE": "city",
    "ORGANIZATION": "company",
}
_SOMEBODY: Final = re.compile(r"\b(?:he|she|him)\b(?!')", re.IGNORECASE)
"""Words in whose place a name may stand."""
_PLACES: Final = (
    (re.compile(r"\b(?:at home|at work|at school|over there|out there|around here)\b", re.IGNORECASE), ("at {street}", "at {address}", "at {road}", "on {street}", "near {corner}")),
    (re.compile(r"\b(?:at|to|near|from) (?:the|my|his|her|your|their|our|a) (?:house|home|place|office|store|hotel|school|restaurant|airport|hospital|bar|gym)\b"), ("at {street}", "to {street}", "near {road}", "from {address}", "to {corner}")),
    (re.compile(r"\b[Mm]y (?:boss|friend|brother|sister|mom|dad|mother|father|husband|wife|son|daughter|girlfriend|boyfriend|ex|cousin|roommate)\b(?!')"), ("{first}", "{name}")),
    (re.compile(r"\b(?:[Tt]he|[Mm]y|[Tt]his|[Yy]our) (?:company|bank|store|airline|government|team|police|show|game|media|school|party|club|band)\b"), ("{company}", "{company}", "the {company}")),
    (re.compile(r"\b(?:[Tt]his|[Mm]y|[Tt]he|[Oo]ur) (?:country|city|town|state|world)\b"), ("{city}", "{country}")),
    (re.compile(r"\b(?:America|Canada|England|Germany|France|India|China|Russia|Australia|Europe|UK|USA|Japan|Ireland|Mexico)\b"), ("{country}", "{city}")),
    (re.compile(r"\b(?:American|British|German|French|Indian|Chinese|Russian|Australian|European|Canadian|English|Mexican|Irish)\b"), ("{nation}",)),
)  # fmt: skip
"""Words of comments in whose place an address, a person, a company, a town or a nation may stand."""
_ADDRESSED: Final = (
    "[NAME], {}",
    "{}, [NAME]",
    "{} [NAME]",
    "[NAME]: {}",
    "[NAME] says: {}",
    "{} said [NAME]",
    "{} (by [NAME])",
)
_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|\n+")
CAPITAL: Final = 0.6
"""Share of pieces that begin with a capital."""
PARTS: Final = 2
"""Half of the document templates are for fitting, half are held out while figures are made."""


def multidogo(data: Path, split: str = "train") -> Iterator[Labelled]:
    """Customer turns of six industries with the names and addresses that people gave (Peskov et al. 2019)."""
    seen: set[str] = set()
    for path in sorted((data / "multidogo").glob(f"*_{split}.tsv.gz")):
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                text, slots = row["utterance"] or "", (row["slot-labels"] or "").split()
                words = list(re.finditer(r"\S+", text))
                if text in seen or len(slots) != len(words) or not _UNSURE.isdisjoint(slots):
                    continue
                seen.add(text)
                yield Labelled(text, tuple(_joined(words, slots)), text)


def _joined(words: list[re.Match[str]], slots: list[str]) -> Iterator[Mark]:
    """Neighbouring words of one slot are one value."""
    start = 0
    for n in range(1, len(slots) + 1):
        if n == len(slots) or slots[n] != slots[start]:
            if slots[start] in _SLOTS:
                yield words[start].start(), words[n - 1].end(), _SLOTS[slots[start]]
            start = n


def emotions(data: Path) -> Iterator[Labelled]:
    """Comments of GoEmotions; where a name was masked, an invented one stands."""
    with gzip.open(data / "emotion/goemotions_train.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            masked = line.split("\t")[0]
            if "[NAME]" not in masked and share(masked, 2) == 0:
                masked = _SOMEBODY.sub("[NAME]", masked)
                yield _named(masked)
            elif "[NAME]" in masked or share(masked, 5) == 0:
                yield _named(masked)


def _named(masked: str) -> Labelled:
    chance = random.Random(masked)
    text, marks = "", list[Mark]()
    for n, part in enumerate(masked.replace("[RELIGION]", "that").split("[NAME]")):
        if n:
            name, _ = value_of(chance.choice(("first", "last", "name", "last")), "en", chance)
            marks.append((len(text), len(text) + len(name), "name"))
            text += name
        text += part
    return Labelled(text, tuple(marks), masked)


def somewhere(data: Path) -> Iterator[Labelled]:
    """Comments of GoEmotions without a name; invented places, people and companies stand where a word for one was."""
    with gzip.open(data / "emotion/goemotions_train.tsv.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            text = line.split("\t")[0]
            chance = random.Random(f"somewhere {text}")
            template = _opened(text, chance)
            if template != text:
                yield from (filled(template, "en", chance, text) for _ in range(2))


def _opened(text: str, chance: random.Random) -> str:
    """The text with slots in the place of words for places, people, companies and nations."""
    if set("[{}") & set(text):
        return text
    for pattern, slots in _PLACES:
        parts = pattern.split(text)
        text = parts[0] + "".join(chance.choice(slots) + part for part in parts[1:])
    return text


def pieces(data: Path, plain: Collection[str]) -> Iterator[Labelled]:
    """One to five plain words out of comments, with nothing beside them: a note of two words need not be a name."""
    with gzip.open(data / "emotion/goemotions_train.tsv.gz", "rt", encoding="utf-8") as lines:
        for text in dict.fromkeys(line.split("\t")[0] for line in lines):
            chance = random.Random(f"piece {text}")
            words = text.split()
            many = chance.choice((1, 1, 2, 2, 3, 4, 5))
            at = chance.randrange(max(1, len(words) - many + 1))
            part = [word.strip('.,!?;:()*"').lower() for word in words[at : at + many]]
            if part and all(word in plain for word in part):
                piece = " ".join(part)
                yield Labelled(piece[0].upper() + piece[1:] if chance.random() < CAPITAL else piece, (), piece)


def nobody(data: Path) -> Iterator[Labelled]:
    """Requests of Banking77 and CLINC150 and sentences of an invented bank's articles: nearly none of them names anybody.

    Every fourth is addressed to somebody, or said by somebody.
    """
    with (data / "intents/banking77_train.csv").open(encoding="utf-8", newline="") as lines:
        texts = [row["text"] for row in csv.DictReader(lines)]
    known = json.loads((data / "intents/clinc150_train_val.json").read_text("utf-8"))
    texts += [text for split in ("train", "oos_train") for text, _ in known.get(split, [])]
    with (data / "tau/banking/kb.jsonl").open(encoding="utf-8") as lines:
        articles = [json.loads(line)["content"] for line in lines]
    texts += [part.strip() for article in articles for part in _SENTENCE.split(article) if 20 < len(part) < 200]
    for text in dict.fromkeys(texts):
        if share(text, 2) == 0:
            yield _addressed(text) if share(text, 8) == 0 else Labelled(text, (), text)


def _addressed(text: str) -> Labelled:
    chance = random.Random(text)
    return _named(chance.choice(_ADDRESSED).replace("{}", text))


def documents(path: Path) -> list[dict[str, Any]]:
    """Labelled documents: full_text, spans, template_id."""
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))
    return found


def held_out(document: dict[str, Any]) -> bool:
    """Whether a document's template is held out while figures are made."""
    return zlib.crc32(str(document["template_id"]).encode()) % PARTS == 1


def labelled(document: dict[str, Any]) -> Labelled:
    """A document as it is."""
    spans = sorted(document["spans"], key=lambda span: int(span["start_position"]))
    marks = [
        (s["start_position"], s["end_position"], _TYPES[s["entity_type"]]) for s in spans if s["entity_type"] in _TYPES
    ]
    return Labelled(document["full_text"], tuple(marks), str(document["template_id"]))


def refilled(document: dict[str, Any], chance: random.Random) -> Labelled:
    """A document with other people and places in it."""
    text, marks, at = "", list[Mark](), 0
    whole = document["full_text"]
    for span in sorted(document["spans"], key=lambda span: int(span["start_position"])):
        text += whole[at : span["start_position"]]
        at = span["end_position"]
        slot = _FILLED.get(span["entity_type"])
        value = value_of(slot, "en", chance)[0] if slot else whole[span["start_position"] : at]
        if slot == "name" and " " not in span["entity_value"]:
            value = value.split(" ")[chance.choice((0, -1))]
        if what := _TYPES.get(span["entity_type"]):
            marks.append((len(text), len(text) + len(value), what))
        text += value
    return Labelled(text + whole[at:], tuple(marks), str(document["template_id"]))
