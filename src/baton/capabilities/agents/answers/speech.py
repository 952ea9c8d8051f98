"""Speech acts: what a customer's turn does in the talk, as a label. Patterns for what must not be missed, the model for the rest."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final, Literal

from baton.capabilities.agents.answers.wanting import how_to, inquires
from baton.capabilities.agents.events import Heard
from baton.capabilities.agents.procedures.replies import reply
from baton.kernel.conversation import Turn
from baton.kernel.ports import Judgement
from baton.kernel.stream import Stream
from baton.kernel.words import content_words

Act = Literal["greeting", "thanks", "bye", "solved", "unsolved", "yes", "no", "small_talk", "identity", "says"]

ALIKE_PERMILLE: Final = 600
"""Shared content words, of all, from which a turn repeats an earlier one."""
FELL: Final = 400
SURE: Final = 500
SHORT: Final = 60
GUESS: Final = 250
"""Permille from which a guess is worth one question."""
PLAIN: Final = 24
_DENIALS: Final = ("n't", "not", "still", "didnt", "doesnt", "isnt", "no,", "no ", "nt ")
_RELIEFS: Final = ("work", "solv", "fixed", "sorted", "help", "answer", "that", "all set", "in again")
_GREETING: Final = re.compile(
    r"^\W*(?:hi|hello|hey|good (?:morning|afternoon|evening|day)|hallo|guten tag|hola|buenos d[ií]as)\b[\w ]{0,12}\W*$",
    re.IGNORECASE,
)
_THANKS: Final = re.compile(
    r"^\W*(?:ok |okay |great |perfect |many )*\W*(?:thanks?|thank you|thx|cheers|danke|gracias)\b[^?]{0,30}$",
    re.IGNORECASE,
)
_BYE: Final = re.compile(
    r"^\W*(?:bye|goodbye|good ?night|see you|have a (?:nice|good) \w+|tsch[uü]ss|adi[oó]s)\b[^?]{0,20}$", re.IGNORECASE
)
_SOLVED: Final = re.compile(
    r"\b(?:that|it|this|everything)(?:'s| is| has)?\s*(?:now )?(?:worked|works|solved|fixed|sorted|helped|helps|answers? (?:it|my question))\b"
    r"|\bthat(?:'?s| is| was| would be) (?:all|it|everything|perfect|great|what i (?:needed|wanted))\b|\bproblem solved\b|\bi'?m (?:all set|in again)\b",
    re.IGNORECASE,
)
_UNSOLVED: Final = re.compile(
    r"\b(?:did ?n[o']?t|does ?n[o']?t|is ?n[o']?t|not|no,? (?:that|it)) (?:really )?(?:help|work|answer|solve|what i)\w*\b|\bstill (?:not|no|does|can'?t|cannot|locked|the same|nothing|waiting)\b"
    r"|\bthat'?s not (?:what|my|it|right)\b|\bnot (?:helpful|useful|what i (?:asked|meant))\b|\byou (?:don'?t|do not|did not|didn'?t) (?:understand|answer|listen)",
    re.IGNORECASE,
)
_IDENTITY: Final = re.compile(
    r"\b(?:are you|is this|am i (?:talking|speaking|chatting|writing) (?:to|with))\b[^.!]{0,20}\b(?:person|human|bot|robot|ai|machine|computer|chatbot|real)\b"
    r"|^\W*(?:who|what) are you\b|\bwhat can you (?:do|help)\b",
    re.IGNORECASE,
)
_QUESTION: Final = re.compile(
    r"\?|(?:^|[.,;:!]|\b(?:and|so|but))\W*(?:how|what|when|where|which|who|why|can|could|may|do|does|am|is|are|will|would|until when|for how)\b",
    re.IGNORECASE,
)


def hear(text: str, judged: Judgement, stream: Stream, mood_before: int | None, answered: bool) -> Heard:
    """What the turn being worked does.

    Args:
        mood_before: the customer's mood on the turn before, where one is known.
        answered: whether the agent has just tried to answer, so that repeating means it did not help.
    """
    question = "?" in text or bool(_QUESTION.search(text))
    return Heard(
        act=act_of(text, judged),
        position=stream.entry.position,
        question=question,
        general=question and inquires(text),
        how=how_to(text),
        again=answered and _repeats(text, stream.turns),
        fell=mood_before is not None and judged.mood < 0 and mood_before - judged.mood >= FELL,
        intent=judged.intent,
        guess="" if judged.intent or judged.intent_confidence < GUESS else judged.intent_runner_up,
        language=judged.language,
    )


def act_of(text: str, judged: Judgement) -> Act:
    """The speech act of one text."""
    short = len(text) <= SHORT
    if short and _GREETING.search(text):
        return "greeting"
    low = text.lower()
    if judged.denies >= SURE or (_any(_DENIALS, low) and _UNSOLVED.search(low)):
        return "unsolved"
    if judged.confirms >= SURE or (_any(_RELIEFS, low) and _SOLVED.search(low)):
        return "solved"
    if short and (act := _polite(text)):
        return act
    if short and ("you" in low or " i " in low or "is this" in low) and _IDENTITY.search(text):
        return "identity"
    if judged.small_talk >= SURE and not judged.intent and "?" not in text:
        return "small_talk"
    return "says"


def _polite(text: str) -> Act | None:
    if _THANKS.search(text):
        return "thanks"
    if _BYE.search(text):
        return "bye"
    said = reply(text) if len(text) <= PLAIN else ""
    return said or None


def _any(markers: tuple[str, ...], text: str) -> bool:
    """A cheap look before a costly pattern."""
    return any(marker in text for marker in markers)


def _repeats(text: str, turns: list[Turn]) -> bool:
    words = content_words(text)
    if len(words) < 3:
        return False
    before = (content_words(earlier) for earlier in _earlier(turns))
    return any(len(words & had) * 1000 >= ALIKE_PERMILLE * len(words | had) for had in before)


def _earlier(turns: list[Turn]) -> Iterator[str]:
    said = (turn.text for turn in reversed(turns[:-1]) if turn.role in {"customer", "machine"})
    return islice(said, 2)
