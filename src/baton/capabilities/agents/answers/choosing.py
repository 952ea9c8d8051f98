"""Choosing: where nothing surely answers, the sections that may be meant are named by their titles, and the customer takes one.

Of invented questions that nobody tuned on, the best section was the right one for 64 in 100 and among the best three for 86
(decision 0032): a tap is cheaper than a wrong answer, and than writing again.
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from baton.capabilities.knowledge.events import Articles, Cited, Passage
from baton.kernel.stream import Stream

NEAREST: Final = (
    "I found nothing that says exactly this. The closest I have is “{title}”. Shall I tell you what it says?"
)
CHOICES: Final = "I am not sure which of these answers it: {titles}. Which shall I read to you?"
TELL: Final = ("Yes, tell me", "Yes")
NO: Final = ("No", "No")
NONE: Final = ("None of these", "No")
"""What stands on the button, and what is said by tapping it."""
_PLACES: Final = (("1", "first"), ("2", "second"), ("3", "third"))
_PLACE: Final = re.compile(
    r"^\W*(?:(?:the|number|no\.?) )?(1|2|3|first|second|third)(?: one)?(?: please|,? thanks?)?\W*$", re.IGNORECASE
)


def offer(hits: Sequence[Cited], stream: Stream) -> str:
    """The citations of what may be meant, the nearest first, with a space between; one of each title."""
    articles = stream.policy(Articles)
    by_label: dict[str, str] = {}
    for hit in hits:
        passage = articles.passage(hit.cite)
        if passage is not None:
            by_label.setdefault(label(passage), hit.cite)
    return " ".join(by_label.values())


def offered(named: str, stream: Stream) -> list[Passage]:
    """The sections of an offer that are still in force."""
    articles = stream.policy(Articles)
    return [passage for cite in named.split() if (passage := articles.passage(cite)) is not None]


def label(passage: Passage) -> str:
    """The titles of a section, as a customer may tap or say them."""
    return ": ".join(filter(None, (passage.article.title, passage.section.title)))


def question(passages: Sequence[Passage]) -> str:
    """What is asked about one section that is near, or about several."""
    if len(passages) == 1:
        return NEAREST.format(title=label(passages[0]))
    *before, last = (f"“{label(passage)}”" for passage in passages)
    return CHOICES.format(titles=f"{', '.join(before)} or {last}")


def card(passages: Sequence[Passage]) -> str:
    """The sections to tap, and that it is none of them; one alone is agreed to."""
    told = [TELL, NO] if len(passages) == 1 else [*((label(each), label(each)) for each in passages), NONE]
    return msgspec.json.encode({"options": [{"label": label, "text": text} for label, text in told]}).decode()


def chosen(named: str, yes: bool, stream: Stream) -> str:
    """The citation that the customer's newest turn takes of an offer: by its titles, its place, or a yes to the first. Else empty."""
    if "#" not in named:
        return ""
    said = next((t.text for t in reversed(stream.turns) if t.role in {"customer", "machine"}), "").strip()
    passages, place = offered(named, stream), _PLACE.match(said)
    if place is not None:
        at = next(n for n, words in enumerate(_PLACES) if place[1].lower() in words)
        return passages[at].cite if at < len(passages) else ""
    taken = (p for p in passages if said.casefold().strip(' .“”"') in {label(p).casefold(), p.section.title.casefold()})
    first = passages[0] if yes and passages else None
    found = next(taken, first)
    return found.cite if found is not None else ""
