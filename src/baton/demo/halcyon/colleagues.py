"""A scripted rep, so that the demo has people at work: takes or passes, replies, uses suggestions or not, and wraps up."""

import random
from collections.abc import Sequence
from typing import Literal

import msgspec

from baton.demo.halcyon.company import INTENTS, Gap, Intent, truths
from baton.demo.halcyon.hearing import hear
from baton.demo.halcyon.needs import Need
from baton.demo.halcyon.phrases import Voice, speaks
from baton.demo.halcyon.terms import ASKED, TOPICS
from baton.demo.halcyon.visitors import Said
from baton.demo.people import Rep

PLAIN = {
    "code": "your booking", "flight": "your flight", "route": "your route", "origin": "the airport", "city": "your airport",
    "amount": "the amount", "refund": "your refund", "file": "your bag", "seat": "your seat", "first": "there", "last": "you",
    "email": "your address", "masked": "your address", "points": "your points", "company": "your company", "days": "some",
    "hours": "some", "principal": "your principal", "limit": "some", "authority": "yours",
}  # fmt: skip


class Offer(msgspec.Struct, frozen=True):
    """What a rep does with an offer, and after how many seconds."""

    delay_s: float
    act: Literal["take", "pass"]


class WrapUp(msgspec.Struct, frozen=True):
    """How a rep closes: the disposition's id, whether the need was met, and in how many hours a promise is due, if any."""

    delay_s: float
    disposition: str
    need_met: bool
    promise_h: int | None


class Colleague:
    """One scripted rep. Deterministic by seed and by what happens."""

    def __init__(self, rep: Rep, seed: int, speed: float = 1.0) -> None:
        self.rep, self.speed, self.truth = rep, speed, truths().rep[rep.id]
        self.chance = random.Random(f"{seed}/colleague/{rep.id}")

    def on_offer(self, held: int) -> Offer:
        """Take or pass an offer while holding `held` conversations; nobody takes more than their places."""
        full = held >= self.rep.places
        passes = full or self.chance.random() < 0.04
        return Offer(self.chance.uniform(2, 12) / self.speed, "pass" if passes else "take")

    def on_suggestion(self, text: str) -> tuple[Literal["use", "edit", "no"], str]:
        """What becomes of a suggestion, and the text that is then sent (empty when refused)."""
        if self.chance.randrange(1000) >= self.truth.uses_ai:
            return "no", ""
        if self.chance.randrange(1000) < self.truth.edits:
            ending = self.chance.choice((" Tell me if not.", " I'll keep an eye on it.", " Does that fit?"))
            return "edit", text.rstrip() + ending
        return "use", text

    def serve(self, intent: str, *, language: str = "en", need: Need | None = None, first_name: str = "") -> "Serving":
        """Begin a conversation. Give the `need` when it is known, so that the rep can name codes and amounts."""
        return Serving(self, intent, language, need, first_name)


class Serving:
    """One conversation of one scripted rep."""

    def __init__(self, colleague: Colleague, intent: str, language: str, need: Need | None, first_name: str) -> None:
        self.colleague, self.need = colleague, need
        self.chance = random.Random(colleague.chance.random())
        self.intent: Intent = next((known for known in INTENTS if known == intent), "other")
        self.language = language if speaks(language, self.intent) else "en"
        self.gap: Gap | None = need.gap if need else None
        self.voice = Voice(self.chance, self.language, self._slots(first_name))
        self.solves = (
            self.chance.random() < {"low": 0.92, "medium": 0.8, "high": 0.62}[need.complexity if need else "medium"]
        )
        self._heard, self._stage = 0, 0

    def next_turn(self, seen: Sequence[Said]) -> tuple[float, str] | None:
        """What the rep says next and after how many seconds, or None while it is the customer's turn or all is said."""
        news = [said for said in seen[self._heard :] if said.role in ("customer", "machine")]
        self._heard = len(seen)
        if self._stage == 0:
            self._stage = 1
            return self._say(self.voice.says("rep", "hello"), 3)
        if not news or self._stage > 4:
            return None
        return self._replies(" ".join(said.text for said in news))

    def wrap_up(self) -> WrapUp:
        """How the rep closes the conversation."""
        delay_s = self.chance.uniform(15, 60) * self.colleague.truth.pace / 1000 / self.colleague.speed
        if self.solves:
            return WrapUp(delay_s, "answered" if self.gap else "solved", need_met=True, promise_h=None)
        if self.chance.random() < 0.6:
            return WrapUp(delay_s, "promise_made", need_met=False, promise_h=self.chance.choice((24, 48, 72)))
        return WrapUp(delay_s, "other_team", need_met=False, promise_h=None)

    @property
    def finished(self) -> bool:
        """Whether the rep has said all they will say, so that it can be wrapped up once the customer is silent."""
        return self._stage > 3

    def _replies(self, customer: str) -> tuple[float, str] | None:
        self._stage += 1
        if self._stage == 2:
            return self._say(self.voice.says("rep", "look"), 6)
        if self._stage == 3:
            return self._say(self._result(), 25)
        thanked = any(word in customer.lower() for word in ("thank", "thx", "gracias", "danke", "cheers", "bye"))
        if thanked or hear(customer).asked is None:
            self._stage = 5
            return self._say(self.voice.says("rep", "close" if self.solves else "close_open"), 3)
        return self._say(self.voice.says("rep", "simple"), 5)

    def _result(self) -> str:
        if not self.solves:
            return f"{self.voice.says('rep', 'sorry')} {self.voice.says('rep', 'promise')}"
        return self.gap.answer if self.gap else self.voice.of(self.intent, "rep")

    def _say(self, text: str, thinking_s: float) -> tuple[float, str]:
        pace = self.colleague.truth.pace / 1000
        typing_s = len(text) / 8.0
        return (thinking_s * self.chance.uniform(0.6, 1.4) * pace + typing_s) / self.colleague.speed, text

    def _slots(self, first_name: str) -> dict[str, str]:
        days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
        known = self.need.slots if self.need else PLAIN
        day = self.chance.choice(days)
        topic = TOPICS[self.language].get(self.intent, TOPICS["en"][self.intent])
        name = {"first": first_name} if first_name else {}
        own = {"rep": self.colleague.rep.name.split(" ")[0], "day": day, "due": day, "topic": topic}
        return PLAIN | known | own | {"need": ASKED[self.language]["code"]} | name
