"""What the fast tier says of one turn: integers in permille, labels and spans, never text."""

from typing import Literal

import msgspec

Solved = Literal["yes", "no", "none"]


class Judged(msgspec.Struct, frozen=True, gc=False):
    """One text as the fast tier understood it. Scores are permille; a span is (start, end) in characters of the text.

    `confirms` is about the need: "yes" when the customer says it is solved or thanks for the help, "no" when they say it
    still is not, "none" otherwise. `affirms` and `denies` are the plain yes and no to what was just asked. `intent` is ""
    when the text holds no request, or when the tier is not sure enough: then `intent_runner_up` is the best guess and
    `intent_confidence` its confidence, and the slow tier may be asked.
    """

    mood: int = 0
    frustration: int = 0
    asks_person: int = 0
    distress: int = 0
    intent: str = ""
    intent_confidence: int = 0
    intent_runner_up: str = ""
    intent_margin: int = 0
    unsure: bool = False
    confirms: Solved = "none"
    affirms: bool = False
    denies: bool = False
    small_talk: bool = False
    language: str = ""
    questions: int = 0
    asks_person_span: tuple[int, int] | None = None
    distress_span: tuple[int, int] | None = None
    unheard: str = ""
    """The language of the text, where it is surely one in which nobody measured what distress goes unheard."""
