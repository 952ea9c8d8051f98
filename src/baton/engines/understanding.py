"""Understanding: the models port over the fast tier and the search index, with answers kept for the cycle that asked ahead."""

from collections.abc import Callable, Sequence
from typing import Protocol

from msgspec.structs import replace

from baton.engines.models.judged import Judged
from baton.engines.models.resolution_head import ResolutionHead
from baton.engines.models.slow import Guess
from baton.kernel.errors import BatonError
from baton.kernel.ports import Ending, Hit, Judgement, Met

HITS = 3
TALK = 500
"""Permille from which a turn only greets, thanks, says yes or no."""


class Tier(Protocol):
    """Judges texts: a pure function of (text, version)."""

    version: str

    def judge_many(self, texts: Sequence[str]) -> list[Judged]:
        """One judgement a text, the same alone or in any batch."""
        ...


def told(judged: Judged) -> Judgement:
    """A judgement in the kernel's words."""
    return Judgement(
        mood=judged.mood, frustration=judged.frustration, asks_person=judged.asks_person, distress=judged.distress,
        intent=judged.intent, intent_confidence=judged.intent_confidence, intent_runner_up=judged.intent_runner_up,
        intent_margin=judged.intent_margin, confirms=1000 * (judged.confirms == "yes"),
        denies=1000 * (judged.confirms == "no"), affirms=1000 * judged.affirms, refuses=1000 * judged.denies,
        small_talk=1000 * judged.small_talk, issues=judged.questions, language=judged.language,
        asks_person_span=judged.asks_person_span or (0, 0), distress_span=judged.distress_span or (0, 0),
        unsure=judged.unsure, unheard=judged.unheard,
    )  # fmt: skip


class Searches(Protocol):
    """An index of passages."""

    def search_many(self, queries: Sequence[str], k: int) -> Sequence[Sequence[Hit]]:
        """The best `k` passages of each query, best first."""
        ...


class Outcomes(Protocol):
    """Judges whether needs were met: a pure function of (ending, version)."""

    def met(self, ending: Ending) -> Met:
        """The chance in permille."""
        ...


class OwnHead(Protocol):
    """An organisation's own head: names intents by the words of a text, a pure function of (text, head)."""

    def by_words(self, text: str) -> Guess:
        """The intent, or that the words are unsure."""
        ...


def no_heads(name: str) -> OwnHead:
    """Before an organisation taught intents of its own."""
    raise BatonError("no_head", 500, f"There is no head {name!r}. Switch to another version of the intents.")


class NoIndex:
    """Before there are articles, nothing is found."""

    def search_many(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        """Nothing for anyone."""
        return [[] for _ in queries]


class Understanding:
    """The embedded models port: everything is asked in batches, one event at a time is only how it is read."""

    def __init__(
        self, tier: Tier, index: Searches | None = None, outcomes: Outcomes | None = None,
        heads: Callable[[str], OwnHead] = no_heads,
    ) -> None:  # fmt: skip
        self.version = tier.version
        self._outcomes = outcomes or ResolutionHead()
        self._tier, self._index = tier, index or NoIndex()
        self._judged: dict[str, Judgement] = {}
        self._found: dict[str, Sequence[Hit]] = {}
        self.heads = heads

    def use(self, index: Searches) -> None:
        """Search these passages from now on."""
        self._index = index
        self._found.clear()

    def forget(self) -> None:
        """Drop every text that was asked about, and what was said of it."""
        self._judged, self._found = {}, {}

    def ahead(self, texts: Sequence[str]) -> None:
        """Ask about all of `texts` in one call. What was asked for earlier commits is forgotten."""
        new = list(dict.fromkeys(texts))
        self._judged = dict(zip(new, map(told, self._tier.judge_many(new)), strict=True)) if new else {}
        self._found = dict(zip(new, self._index.search_many(new, HITS), strict=True)) if new else {}

    def judge(self, text: str, head: str = "") -> Judgement:
        """What the fast tier says of `text`; its intent by the organisation's own `head`, where one is named."""
        found = self._judged.get(text)
        if found is None:
            found = self._judged[text] = told(self._tier.judge_many([text])[0])
        return named(found, self.heads(head).by_words(text)) if head else found

    def search(self, text: str) -> Sequence[Hit]:
        """The passages that answer `text` best."""
        if text not in self._found:
            self._found[text] = self._index.search_many([text], HITS)[0]
        return self._found[text]

    def met(self, ending: Ending) -> Met:
        """How likely the need of a conversation that is over was met."""
        return self._outcomes.met(ending)


def named(judged: Judgement, own: Guess) -> Judgement:
    """A judgement with the intent of an own head. What is only talk stays no request, whatever its words are near to."""
    talk = max(judged.small_talk, judged.affirms, judged.refuses) >= TALK
    return replace(
        judged, intent="" if talk else own.intent, intent_confidence=own.intent_confidence,
        intent_runner_up=own.intent_runner_up, intent_margin=own.intent_margin, unsure=own.unsure and not talk,
    )  # fmt: skip
