"""A scripted customer who talks to the real product: asks, answers what is asked, thanks, asks for a person, or leaves.

Deterministic by seed and by what is said to it. What it wants, and what would truly satisfy it, is known.
"""

import random
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import msgspec

from baton.demo.arrivals import gaps_s
from baton.demo.halcyon import library
from baton.demo.halcyon.company import Intent
from baton.demo.halcyon.demand import Asked, demand
from baton.demo.halcyon.hearing import Heard, hear
from baton.demo.halcyon.journeys import returning
from baton.demo.halcyon.manner import as_written
from baton.demo.halcyon.needs import Need, Pools
from baton.demo.halcyon.phrases import Voice
from baton.demo.halcyon.story import Channel
from baton.demo.halcyon.tangles import tangles, with_more
from baton.demo.halcyon.terms import ASKED, TOPICS

if TYPE_CHECKING:
    from baton.demo.world import World

Ending = Literal["", "said_thanks", "left_in_silence", "gave_up"]
CodeOf = Callable[[str], str | None]
SPEED_CHARS_PER_S = {"patient": 6.0, "angry": 7.5, "confused": 3.2, "vulnerable": 2.8, "machine": 400.0}
PATIENCE = {"patient": 3, "angry": 1, "confused": 2, "vulnerable": 2, "machine": 4}
WAITS_S = {"patient": 900, "angry": 240, "confused": 480, "vulnerable": 600, "machine": 3600}
SEAT = re.compile(r"\b(\d{1,2}[A-F])\b")


class Said(msgspec.Struct, frozen=True):
    """One turn as the customer channel shows it."""

    role: Literal["customer", "agent", "rep", "machine"]
    text: str


class Visitor:
    """One customer in one conversation. `done` says that they have left; `ending` how; `satisfied` whether the need was met.

    With `back`, a customer who comes again about that need.
    """

    def __init__(
        self,
        seed: int,
        n: int,
        pools: Pools,
        at_ms: int,
        code_of: CodeOf,
        speed: float = 1.0,
        *,
        back: Need | None = None,
    ) -> None:
        self.chance = random.Random(f"{seed}/visitor/{n}")
        rows = demand().intent
        intent: Intent = self.chance.choices(list(rows), [row.weight for row in rows.values()])[0]
        self.need = back or pools.need(Asked(at_ms, intent, ""), self.chance)
        self.comes_back = back is not None
        self.at_ms, self.code_of, self.speed = at_ms, code_of, speed
        self.voice = Voice(self.chance, self.need.language, self._slots())
        self.satisfied, self.ending, self.done = False, "", False
        self._heard, self._missed, self._mood = 0, 0, {"angry": -380, "vulnerable": -260}.get(self.need.persona, 100)
        self._asked_person, self._rep_spoke = False, 0
        self._told: dict[str, int] = {}
        self._tangles = list(tangles(self.need, self.need.complexity))

    @property
    def need_id(self) -> str:
        """The need, known truth for measuring."""
        return self.need.id

    @property
    def channel(self) -> Channel:
        """The channel they would use."""
        return self.need.channel

    @property
    def waits_s(self) -> float:
        """How long they stay without hearing anything."""
        return WAITS_S[self.need.persona] / self.speed

    def next_turn(self, seen: Sequence[Said]) -> tuple[float, str] | None:
        """What they say next and after how many seconds; None when they wait for the other side or, with `done`, have left.

        Call it at the start and whenever something new was said; everything said so far is given, their own turns too.
        """
        if self.done:
            return None
        if not any(said.role in ("customer", "machine") for said in seen):
            return self._asks(self._opening())
        news = [said for said in seen[self._heard :] if said.role in ("agent", "rep")]
        self._heard = len(seen)
        return self._answers(news) if news else None

    def tired(self) -> tuple[float, str] | None:
        """What they do after `waits_s` without a word: leave, sometimes saying so."""
        return self._leave("gave_up", self._says("gives_up") if self.chance.random() < 0.6 else "")

    def _answers(self, news: list[Said]) -> tuple[float, str] | None:
        text, by_rep = " ".join(said.text for said in news), news[-1].role == "rep"
        heard = hear(text)
        self._rep_spoke += by_rep
        if not by_rep and (heard.person_comes or heard.only_greets):
            return None
        if heard.offers_callback and not by_rep:
            return self._leave("left_in_silence", self.need.customer.phone)
        if heard.asked and heard.asked != "helped":
            return self._gives(heard.asked, text)
        if self._is_met(heard, by_rep=by_rep):
            return self._met(asked=heard.asked == "helped")
        if by_rep and self._rep_spoke == 1:
            return self._asks(self.voice.of(self.need.intent, "detail"))
        return self._not_helped(by_rep=by_rep)

    def _is_met(self, heard: Heard, *, by_rep: bool) -> bool:
        """Whether this answer is what was needed. An agent's must be done, or cite an article about it; subjects without one never are."""
        if by_rep:
            return self._rep_spoke >= 2 + (self.need.complexity == "high")
        if heard.not_understood or self.need.gap is not None:
            return False
        if heard.done:
            return True
        fits = any(self.need.intent in _intents(number) for number in heard.articles)
        likely = {"low": 0.9, "medium": 0.5, "high": 0.15}[self.need.complexity]
        return fits and self.chance.random() < likely

    def _met(self, *, asked: bool) -> tuple[float, str] | None:
        self.satisfied = True
        self._mood += 400
        if asked or self.chance.random() < 0.7:
            return self._leave("said_thanks", self._says("thanks"))
        return self._leave("left_in_silence", "")

    def _not_helped(self, *, by_rep: bool) -> tuple[float, str] | None:
        self._missed += not by_rep
        self._mood -= 180
        patience = PATIENCE[self.need.persona]
        if by_rep:
            return self._say(self._says("patient")) if self.chance.random() < 0.5 else None
        if self._missed > patience + 1:
            return self._leave("gave_up", self._says("gives_up"))
        if self._missed >= patience and not self._asked_person and self.need.persona != "machine":
            self._asked_person = True
            angry = f"{self._says('angry')} " if self.need.persona == "angry" else ""
            return self._say(angry + self._says("wants_person"))
        kind = "irritated" if self._missed > 1 else ""
        return self._say(self._says(kind) if kind else self._again())

    def _gives(self, asked: str, text: str) -> tuple[float, str] | None:
        """Answer a question; asked the same a fourth time, they have had enough."""
        self._told[asked] = self._told.get(asked, 0) + 1
        if self._told[asked] > 3:
            self._asked_person = True
            return self._say(self._says("wants_person"))
        slots = self.need.slots
        if asked == "code":
            code = self.code_of(slots["email"])
            return self._say(code or "no code came so far", plain=code is not None)
        if asked == "seat":
            seats = SEAT.findall(text)
            return self._say(self.chance.choice(seats) if seats else "14C", plain=True)
        if asked == "confirm":
            return self._say(self._says("works"))
        soon = datetime.fromtimestamp(self.at_ms / 1000, UTC) + timedelta(days=self.chance.randrange(3, 20))
        values = {
            "email": slots["email"],
            "booking": slots["code"],
            "last_name": slots["last"],
            "booking_and_name": f"{slots['code']}, {slots['last']}",
            "file": slots["file"],
            "date": f"{soon:%Y-%m-%d}",
            "flight": slots["flight"],
            "choice": "the first one",
        }
        return self._say(values[asked], plain=True)

    def _asks(self, text: str) -> tuple[float, str]:
        """Say what they want, and one more thing that makes it hard, if there is one left."""
        written = self._written(text)
        if self._tangles:
            written = with_more(self.chance, self.need, "chat", written, self._tangles.pop(0))
        return self._say(written, plain=True)

    def _say(self, text: str, *, plain: bool = False) -> tuple[float, str]:
        written = text if plain else self._written(text)
        typing_s = len(written) / SPEED_CHARS_PER_S[self.need.persona]
        return (1.5 + typing_s + self.chance.expovariate(1 / 3)) / self.speed, written

    def _leave(self, ending: Ending, text: str) -> tuple[float, str] | None:
        self.done, self.ending = True, ending
        return self._say(text) if text else None

    def _written(self, text: str) -> str:
        channel = "chat" if self.need.channel in ("voice", "email") else self.need.channel
        need = self.need
        return as_written(self.chance, text, need.persona, channel, self._mood, need.customer.first_name, need.language)

    def _opening(self) -> str:
        if self.need.persona == "machine":
            return self.voice.says("machine", "open")
        if self.comes_back:
            return self.voice.of(self.need.intent, "back")
        if self.need.gap is not None:
            return self.voice.from_template(self.chance.choice(self.need.gap.questions))
        return self.voice.opens(self.need.intent)

    def _again(self) -> str:
        if self.need.persona == "machine":
            return self.voice.says("machine", "again")
        return self.voice.of(self.need.intent, "again")

    def _says(self, kind: str) -> str:
        if self.need.persona == "machine":
            return self.voice.says(
                "machine", kind if kind in ("thanks", "gives_up") else "detail" if kind == "works" else "again"
            )
        return self.voice.says("customer", kind)

    def _slots(self) -> dict[str, str]:
        need = self.need
        day = f"{datetime.fromtimestamp(self.at_ms / 1000, UTC) + timedelta(days=self.chance.randrange(2, 12)):%A}"
        topic = TOPICS[need.language].get(need.intent, TOPICS["en"][need.intent])
        return need.slots | {"day": day, "due": day, "rep": "", "topic": topic, "need": ASKED[need.language]["code"]}


def live(
    seed: int, world: "World", *, at_ms: int, per_hour: float = 30.0, speed: float = 1.0, code_of: CodeOf
) -> Iterator[tuple[float, Visitor]]:
    """Customers without end: seconds after the one before, and who comes. `code_of` reads the newest code in a mailbox.

    The first are those whose journey (`truth.toml`) has one more contact to come.
    """
    pools, back = Pools(world), returning(world, at_ms)
    for n, gap_s in enumerate(gaps_s(seed, at_ms, per_hour)):
        after_s = gap_s / speed
        at_ms += int(after_s * 1000)
        yield after_s, Visitor(seed, n, pools, at_ms, code_of, speed, back=back[n] if n < len(back) else None)


def newest_code(bodies: Sequence[str]) -> str | None:
    """The six digits in the newest of a mailbox's messages (newest first), if any."""
    for body in bodies:
        found = re.search(r"\b(\d{6})\b", body)
        if found:
            return found[1]
    return None


def _intents(number: int) -> tuple[str, ...]:
    try:
        return library.article(number).head.intents
    except KeyError:
        return ()


__all__ = ["Need", "Said", "Visitor", "live", "newest_code"]
