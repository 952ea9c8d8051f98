"""`baton eval grounding`: does support tell sentences that an article supports from those it does not?

Invented sentences about the invented company (`pairs.toml`; scored on the part that was not looked at while the check was
made) and, where the development data is there, statements made of WorkArena's articles: "The <item> is <value>." against the
same with the value of another article's item. Beside it the share of words found in the article.
"""

import html
import json
import re
import tomllib
from collections.abc import Callable, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from baton.demo.policies import articles
from baton.kernel.replies.grounding import FLOOR, grounded, overlap

Figures = dict[str, object]
Score = Callable[[str, Sequence[str]], int]


class Told(NamedTuple):
    """A sentence, the passages it should rest on, and whether they support it."""

    sentence: str
    sources: tuple[str, ...]
    supported: bool


def score(data: Path) -> Figures:
    """The figures."""
    invented, public = pairs("test"), workarena(data / "itsm" / "workarena_kb.json")
    figures = _figures(invented)
    if public:
        figures |= {f"workarena_{name}": value for name, value in _figures(public).items()}
    return figures


def pairs(part: str) -> list[Told]:
    """The invented sentences of a part: `dev` or `test`."""
    sections = {a.id: tuple(f"{s.title}\n{s.text}" for s in a.sections) for a in articles().articles}
    listed = tomllib.loads(files(__package__).joinpath("pairs.toml").read_text(encoding="utf-8"))["article"]
    return [
        Told(sentence, sections[f"art-{each['id']}"], kind == "supported")
        for each in listed
        if each["part"] == part
        for kind in ("supported", "unsupported")
        for sentence in each[kind]
    ]


def workarena(path: Path) -> list[Told]:
    """Statements made of WorkArena's articles, each once right and once with another item's value; none without the file."""
    if not path.exists():
        return []
    items = json.loads(path.read_text(encoding="utf-8"))
    found: list[Told] = []
    for n, item in enumerate(items):
        source = (_plain(item["article"]),)
        for value, right in ((item["value"], True), (items[(n + 1) % len(items)]["value"], False)):
            found.append(Told(f"The {item['item']} is {value}.", source, right))
    return found


def auroc(right: Sequence[int], wrong: Sequence[int]) -> float:
    """The chance that a supported sentence has more support than one that is not (ties count half)."""
    above = sum((r > w) + 0.5 * (r == w) for r in right for w in wrong)
    return round(above / (len(right) * len(wrong)), 4)


def _figures(told: Sequence[Told]) -> Figures:
    passed = [(each.supported, grounded(each.sentence, each.sources) >= FLOOR) for each in told]
    right = [passes for supported, passes in passed if supported]
    wrong = [passes for supported, passes in passed if not supported]
    return {
        "auroc": _auroc(told, grounded), "baseline_auroc": _auroc(told, overlap),
        "supported_said": round(sum(right) / len(right), 4), "unsupported_said": round(sum(wrong) / len(wrong), 4), "sentences": len(told),
    }  # fmt: skip


def _auroc(told: Sequence[Told], by: Score) -> float:
    scored = [(each.supported, by(each.sentence, each.sources)) for each in told]
    return auroc([s for supported, s in scored if supported], [s for supported, s in scored if not supported])


def _plain(page: str) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", re.sub(r"</(?:p|li|h\d)>", "\n", page)))
