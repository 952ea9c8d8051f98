"""`baton eval search`: is the article found that answers? In WorkArena's and tau bank's formats, by words and meaning, beside words alone.

Articles are read in pieces of a few sentences with their title; an article is as near as its nearest piece, to the question or, where it
is a long story, to the nearest of its sentences. Words count half of what their best article has. `hit@k`: a needed article is
among the first k; `recall@k`: the share of the needed ones that is.
"""

import html
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np

from baton.capabilities.agents.answers.extract import sentences
from baton.engines.models.heads import Vectors
from baton.engines.models.search import Index, Passage
from baton.engines.models.slow import SlowTier
from baton.kernel.errors import BatonError

Figures = dict[str, object]
PIECE: Final = 350
LONG: Final = 200
"""Characters from which a question is a story, and each of its sentences is asked too."""
WORDS: Final = 0.5
_BLOCK_ENDS: Final = re.compile(r"</(?:p|li|h\d|ul|ol|tr|div)>", re.IGNORECASE)
_TAG: Final = re.compile(r"<[^>]+>")


class Text(NamedTuple):
    """An article: its name in the file, title and plain text."""

    name: str
    title: str
    text: str


class Asked(NamedTuple):
    """A question and the articles it needs."""

    text: str
    needs: tuple[str, ...]


def search(kb: Path, questions: Path, told: Callable[[str], None]) -> Figures:
    """The figures, with `baseline_` for words alone.

    Raises:
        BatonError: a file is of neither format.
    """
    texts, asked = articles_of(kb), questions_of(questions)
    index = Index.build([Passage(text.name, 0, text.title, text.text) for text in texts])
    pieces = [(n, f"{text.title}. {piece}") for n, text in enumerate(texts) for piece in _pieces(text.text)]
    told(f"reading {len(pieces)} pieces of {len(texts)} articles")
    tier = SlowTier()
    near = _Near(tier, [n for n, _ in pieces], tier.embed([piece for _, piece in pieces]), len(texts))
    words, both = list[list[int]](), list[list[int]]()
    for each in asked:
        by_words = _words(index, each.text, len(texts))
        words.append(_places(by_words, each, texts))
        both.append(_places(near.to(each.text) + WORDS * by_words, each, texts))
    return {"articles": len(texts), "questions": len(asked), **_figures(both), **_figures(words, "baseline_")}


def articles_of(path: Path) -> list[Text]:
    """WorkArena's list of `item` and `article` in HTML, or one JSON object a line with `id`, `title` and `content`."""
    try:
        if path.suffix == ".jsonl":
            lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
            return [Text(each["id"], each["title"], each["content"]) for each in lines]
        return [Text(each["item"], *_plain(each["article"])) for each in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path, error) from error


def questions_of(path: Path) -> list[Asked]:
    """WorkArena's list of `question` and `item`, or tau bank's tasks with `required_documents`."""
    try:
        return [_asked(each) for each in json.loads(path.read_text(encoding="utf-8"))]
    except (ValueError, KeyError, TypeError) as error:
        raise _unreadable(path, error) from error


class _Near:
    """How near articles are to a question in meaning."""

    def __init__(self, tier: SlowTier, owner: Sequence[int], vectors: Vectors, articles: int) -> None:
        self._tier, self._owner, self._vectors, self._articles = tier, np.array(owner), vectors, articles

    def to(self, question: str) -> Vectors:
        """The cosine of each article's nearest piece."""
        asked = [question, *(part for part, _ in sentences(question) if len(question) > LONG)]
        best = np.max(self._vectors @ self._tier.embed(asked).T, axis=1)
        near = np.zeros(self._articles, dtype=np.float32)
        np.maximum.at(near, self._owner, best)
        return near


def _words(index: Index, question: str, articles: int) -> Vectors:
    """Scores by words, of the best."""
    found = np.zeros(articles, dtype=np.float32)
    for hit in index.search(question, articles):
        found[hit.passage] = hit.score
    return found / max(1.0, float(found.max()))


def _places(scores: Vectors, asked: Asked, texts: Sequence[Text]) -> list[int]:
    """At which place each needed article stands, from 0."""
    place = {texts[n].name: at for at, n in enumerate(np.argsort(-scores, kind="stable").tolist())}
    return [place.get(name, len(texts)) for name in asked.needs]


def _figures(places: Sequence[Sequence[int]], prefix: str = "") -> Figures:
    def mean(values: Sequence[float]) -> float:
        return round(float(np.mean(values)), 3) if values else 0.0

    hits = {f"{prefix}hit@{k}": mean([min(each) < k for each in places]) for k in (1, 5)}
    recalls = {f"{prefix}recall@{k}": mean([float(np.mean(np.array(each) < k)) for each in places]) for k in (10, 50)}
    return {**hits, **recalls}


def _asked(raw: dict[str, object]) -> Asked:
    if "question" in raw:
        return Asked(str(raw["question"]), (str(raw["item"]),))
    scenario, needs = raw["user_scenario"], raw["required_documents"]
    if not isinstance(scenario, dict) or not isinstance(needs, list) or not needs:
        raise TypeError("a task needs a user_scenario and required_documents")
    told = scenario["instructions"]
    return Asked(told if isinstance(told, str) else json.dumps(told), tuple(str(each) for each in needs))


def _plain(markup: str) -> tuple[str, str]:
    """The first heading and the text of an article in HTML."""
    heading = re.search(r"<h\d[^>]*>(.*?)</h\d>", markup, re.IGNORECASE | re.DOTALL)
    text = html.unescape(_TAG.sub(" ", _BLOCK_ENDS.sub("\n", markup)))
    return (html.unescape(_TAG.sub("", heading[1])).strip() if heading else ""), re.sub(r"[ \t]+", " ", text).strip()


def _pieces(text: str) -> list[str]:
    """A few sentences each."""
    found = [""]
    for part, _ in sentences(text):
        if found[-1] and len(found[-1]) + len(part) > PIECE:
            found.append("")
        found[-1] = f"{found[-1]} {part}".strip()
    return [piece for piece in found if piece]


def _unreadable(path: Path, error: Exception) -> BatonError:
    why = f"{path.name!r} is of neither format ({error}). See `baton eval search --help`."
    return BatonError("unreadable", 422, why)
