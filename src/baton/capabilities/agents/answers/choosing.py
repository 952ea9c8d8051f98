"""Choosing: where nothing surely answers, what may be meant is named by its titles, and the customer takes one.

Of invented questions in words of their own, the best section was the right one for 50 to 64 in 100 and among the best three for 75 to
86 (decision 0032): a tap is cheaper than a wrong answer, and than writing again. A procedure stands beside the sections where the turn is
near to what customers say who want it.
"""

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from baton.capabilities.agents.events import Procedure, Procedures
from baton.capabilities.knowledge.events import Articles, Cited, Passage
from baton.kernel.stream import Stream

NEAREST: Final = (
    "I found nothing that says exactly this. The closest I have is “{title}”. Shall I tell you what it says?"
)
CHOICES: Final = "I am not sure which of these you mean: {titles}. Which one?"
MOST: Final = 3
TELL: Final = ("Yes, tell me", "Yes")
NO: Final = ("No", "No")
NONE: Final = ("None of these", "No")
"""What stands on the button, and what is said by tapping it."""
_PLACES: Final = (("1", "first"), ("2", "second"), ("3", "third"))
_PLACE: Final = re.compile(
    r"^\W*(?:(?:the|number|no\.?) )?(1|2|3|first|second|third)(?: one)?(?: please|,? thanks?)?\W*$", re.IGNORECASE
)


class Choice(NamedTuple):
    """A section or a procedure that may be meant: its citation or id, and what it is called."""

    name: str
    label: str


def offer(hits: Sequence[Cited], procedure: Procedure | None, stream: Stream) -> str:
    """The names of what may be meant, the nearest first, with a space between: one of each title, and `procedure` among them."""
    articles, by_label = stream.policy(Articles), dict[str, str]()
    for hit in hits[: MOST - (procedure is not None)]:
        passage = articles.passage(hit.cite)
        if passage is not None:
            by_label.setdefault(_label(passage), hit.cite)
    return " ".join([*by_label.values(), *([procedure.id] if procedure is not None else [])])


def offered(names: str, stream: Stream) -> list[Choice]:
    """What of an offer is still in force."""
    articles, procedures = stream.policy(Articles), stream.policy(Procedures)
    found = []
    for name in names.split():
        passage, procedure = articles.passage(name), procedures.of(name)
        if passage is not None:
            found.append(Choice(name, _label(passage)))
        elif procedure is not None:
            found.append(Choice(name, procedure.title))
    return found


def _label(passage: Passage) -> str:
    """The titles of a section, as a customer may tap or say them."""
    return ": ".join(filter(None, (passage.article.title, passage.section.title)))


def question(choices: Sequence[Choice]) -> str:
    """What is asked about one section that is near, or about several things."""
    if len(choices) == 1:
        return NEAREST.format(title=choices[0].label)
    *before, last = (f"“{choice.label}”" for choice in choices)
    return CHOICES.format(titles=f"{', '.join(before)} or {last}")


def card(choices: Sequence[Choice]) -> str:
    """What can be tapped, and that it is none of it; one alone is agreed to."""
    told = [TELL, NO] if len(choices) == 1 else [*((each.label, each.label) for each in choices), NONE]
    return msgspec.json.encode({"options": [{"label": label, "text": text} for label, text in told]}).decode()


def chosen(names: str, yes: bool, stream: Stream) -> str:
    """What the customer's newest turn takes of an offer: by its title, its place, or a yes to the first of it. Else empty."""
    choices = offered(names, stream) if names else []
    if yes or not choices:
        return choices[0].name if choices else ""
    said = next((turn.text for turn in reversed(stream.asking())), "").strip()
    place = _PLACE.match(said) if len(choices) > 1 else None
    if place is not None:
        at = next(n for n, words in enumerate(_PLACES) if place[1].lower() in words)
        return choices[at].name if at < len(choices) else ""
    return next((each.name for each in choices if _bare(said) == _bare(each.label)), "")


def _bare(said: str) -> str:
    """A title as it is told apart: without the signs that somebody who copies it leaves or adds."""
    return said.casefold().strip(' .“”"')
