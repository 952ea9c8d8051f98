"""Invented phrases as examples: each line speaks for its own head, and against those it cannot be mistaken for."""

from collections.abc import Iterator
from typing import Final

from baton.engines.models.training.corpora import Example, share
from baton.engines.models.training.grammar import Grown, grow

SIGNALS: Final = (
    "frustration",
    "asks_person",
    "distress",
    "solved_yes",
    "solved_no",
    "affirms",
    "denies",
    "small_talk",
)
OWN_WEIGHT: Final = 3.0

_FOR_A_PERSON: Final = (
    "and i want to speak to a human",
    "can i talk to a person about it",
    "i need to talk to someone",
    "get me an agent please",
    "let me speak to a manager",
    "please connect me with a representative",
)
_ANGRY: Final = (
    "this is ridiculous,",
    "i have been waiting for weeks,",
    "nobody answers me,",
    "for the third time:",
    "i am really angry,",
    "you people are useless,",
)
COMBINED: Final = 5
"""One request in this many also comes with a wish for a person, and one with anger: the need is the same."""

_MAY_COME_WITH: Final = {
    "asks_person": {"frustration", "solved_no", "denies"},
    "distress": set[str](),
    "solved_yes": {"affirms", "denies", "small_talk"},
    "solved_no": {"frustration", "denies"},
    "affirms": {"solved_yes"},
    "denies": {"solved_yes", "solved_no"},
    "small_talk": set[str](),
    "frustration": {"solved_no", "asks_person", "distress"},
    "pleased": {"solved_yes"},
    "distress_decoy": {"frustration", "solved_no"},
    "complaint": {"frustration"},
    "bag_lost": {"frustration"},
    "special_assistance": {"distress"},
    "refund_status": {"frustration", "solved_no"},
}
_MOODS: Final = {
    "frustration": "negative",
    "solved_no": "negative",
    "distress": "negative",
    "complaint": "negative",
    "pleased": "positive",
    "solved_yes": "positive",
    "asks_person": "neutral",
    "affirms": "neutral",
    "denies": "neutral",
    "neutral": "neutral",
    "small_talk": "neutral",
}
_NO_REQUEST: Final = frozenset(
    "asks_person distress solved_yes solved_no affirms denies small_talk frustration pleased neutral".split()
)


def is_invented(example: Example) -> bool:
    """Whether an example was grown from a line here; the others come from public corpora."""
    return example.group.startswith(("intents/", "signals/"))


def held_out(example: Example, parts: int) -> bool:
    """Whether an example is kept for measuring: one line in `parts` of each section, one public text in `parts`."""
    if is_invented(example):
        return int(example.group.rsplit("/", 1)[1]) % parts == parts // 2
    return share(example.group, parts) == 0


def intents() -> Iterator[Example]:
    """Halcyon Air's requests, each a counter-example of every signal that it cannot carry."""
    for grown in grow("intents"):
        known = _against(grown) | {"intent": grown.section, "mood": _MOODS.get(grown.section, "neutral")}
        if grown.section == "bereavement_fare":
            known |= {"distress": 1, "mood": "negative"}
        group = f"intents/{grown.section}/{grown.line}"
        yield Example(grown.text, known, group, OWN_WEIGHT)
        yield from _combined(grown.text, grown.section, group)


def _combined(text: str, intent: str, group: str) -> Iterator[Example]:
    """A request said together with something else."""
    if share(f"person {text}", COMBINED) == 0:
        wish = _FOR_A_PERSON[share(text, len(_FOR_A_PERSON))]
        yield Example(f"{text} {wish}", {"intent": intent, "asks_person": 1}, group, OWN_WEIGHT)
    if share(f"anger {text}", COMBINED) == 0:
        anger = _ANGRY[share(text, len(_ANGRY))]
        yield Example(f"{anger} {text}", {"intent": intent, "frustration": 1, "mood": "negative"}, group, OWN_WEIGHT)


def signals() -> Iterator[Example]:
    """What a turn says beside or instead of a request."""
    for grown in grow("signals"):
        known = _against(grown)
        if grown.section in SIGNALS:
            known[grown.section] = 1
        if grown.section in _MOODS:
            known["mood"] = _MOODS[grown.section]
        if grown.section == "other":
            known["intent"] = "other"
        elif (
            grown.section in _NO_REQUEST
            and not grown.also
            and grown.section not in ("frustration", "distress", "solved_no")
        ):
            known["intent"] = "none"
        yield Example(grown.text, known, f"signals/{grown.section}/{grown.line}", OWN_WEIGHT)


def _against(grown: Grown) -> dict[str, int | str]:
    may = _MAY_COME_WITH.get(grown.section, set())
    polite = {"solved_yes", "small_talk", "affirms"}  # openers and closers say hello, yes and thanks
    unknown = may | (polite if grown.section not in SIGNALS else {"small_talk"}) | set(grown.also)
    return {name: 0 for name in SIGNALS if name not in unknown}
