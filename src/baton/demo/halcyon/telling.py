"""A contact told in words: turn after turn, with the mood rising and falling, and who says what for whom."""

import random
import re

import msgspec

from baton.demo.halcyon.fate import tool_for
from baton.demo.halcyon.manner import as_written
from baton.demo.halcyon.needs import weekday
from baton.demo.halcyon.phrases import FOREIGN, Voice, book
from baton.demo.halcyon.serving import Contact
from baton.demo.halcyon.story import Line
from baton.demo.halcyon.tangles import tangled
from baton.demo.halcyon.terms import ASKED, NEXT_DAY, TOPICS
from baton.demo.people import rep as rep_of

DAY_MS = 86_400_000
STARTS = {"patient": 150, "angry": -380, "confused": -120, "vulnerable": -260, "machine": 0}
BY_EMAIL = frozenset({"password_reset", "account_locked", "loyalty_points"})
BY_CODE = frozenset({"password_reset", "account_locked"})
SHALL = re.compile(r"(Shall I|Soll ich|¿Tomo|¿Lo hago)[^?]*\?$")


class Told(msgspec.Struct, frozen=True):
    """The lines of a contact, the mood at each customer line (permille) and where the handover and the rep's answers are."""

    lines: tuple[Line, ...]
    moods: tuple[int, ...]
    handover_line: int
    rep_answers: tuple[int, ...]


def tell(seed: int, contact: Contact, due_ms: int) -> Told:
    """The words of a contact, the same for the same seed. `due_ms` is the day a rep names."""
    told = _Teller(seed, contact, due_ms).told()
    return msgspec.structs.replace(told, lines=tangled(contact.coming, told.lines))


class _Teller:
    def __init__(self, seed: int, contact: Contact, due_ms: int) -> None:
        self.contact, self.need = contact, contact.coming.need
        self.chance = random.Random(f"{seed}/words/{contact.id}")
        self.voice = Voice(self.chance, self.need.language, self._slots(due_ms))
        self.lines: list[Line] = []
        self.moods: list[int] = []
        self.answers: list[int] = []
        self.handover_line = -1
        again = {"comes_back": -220, "transferred": -120, "called_back": 0, "": 0}[contact.coming.why]
        self.mood = STARTS[self.need.persona] + again + self.chance.randrange(-80, 80)
        self.part = "ai"

    def told(self) -> Told:
        """Both parts, as far as there are both."""
        if self.contact.ai:
            self._with_ai()
        if self.contact.served:
            self.part = "rep"
            self._with_rep()
        return Told(tuple(self.lines), tuple(self.moods), self.handover_line, tuple(self.answers))

    def _with_ai(self) -> None:
        ai = self.contact.ai
        self._customer(self._opening())
        if ai is None or ai.reason == "policy":
            return self._hand_over("policy")
        greeting = self.voice.says("agent", "spoken_disclosure" if self._spoken_english() else "disclosure")
        if self.chance.random() < 0.62:
            self._agent(f"{greeting} {self.voice.says('agent', 'ask')}")
            self._gives_details()
            self._agent(self._answer())
        else:
            self._agent(f"{greeting} {self._answer()}")
        if ai.reason:
            return self._towards_a_person(ai.reason)
        return self._kept()

    def _kept(self) -> None:
        ai = self.contact.ai
        if ai is None:
            return
        if ai.ended == "refused_correctly":
            self._customer(self._says("refused_ok"), -100)
        elif ai.ended == "gave_up":
            self._loses_patience(rounds=2)
            self._customer(self._says("gives_up"), -260)
        elif self.contact.settled or (self.contact.seemed and ai.settled):
            self._solved(thanks=ai.ended == "said_thanks")
        elif ai.ended == "said_thanks":
            self._solved(thanks=True)
        else:
            self._left_alone()

    def _solved(self, *, thanks: bool) -> None:
        if self.contact.coming.complexity != "low" or self.chance.random() < 0.2:
            self._customer(self._again(), -90)
            self._agent(self._once_more())
        tool = self._tool()
        if tool and self.need.persona != "machine":
            self._carried_out(tool)
        if thanks:
            self._customer(self._says("thanks"), 520)
            if self.chance.random() < 0.5:
                self._agent(self.voice.says("agent", "bye"))
        elif self.chance.random() < 0.4:
            self._customer(self._says("lukewarm"), 60)

    def _carried_out(self, tool: str) -> None:
        if self.need.intent in BY_CODE:
            self._customer(f"{self.chance.randrange(1_000_000):06d}", 20)
        if not SHALL.search(self.lines[-1].text):
            self._agent(self._table("shall", tool))
        self._customer(self._says("works"), 60)
        self._agent(self._table("done", tool))

    def _left_alone(self) -> None:
        if self.chance.random() < 0.65:
            self._customer(self._again(), -170)
            self._agent(self._once_more())
        if self.chance.random() < 0.45:
            self._customer(self._says("lukewarm"), -60)
            if self.chance.random() < 0.3:
                self._agent(self.voice.says("agent", "anything"))

    def _loses_patience(self, rounds: int) -> None:
        for n in range(rounds):
            self._customer(self._again() if n == 0 else self._says("irritated"), -200)
            fits = n == 0 and self.chance.random() < 0.6
            self._agent(self._once_more() if fits else self.voice.says("agent", "unsure"))

    def _towards_a_person(self, reason: str) -> None:
        if reason in ("two_failed_attempts", "out_of_scope"):
            self._loses_patience(rounds=2 if reason == "two_failed_attempts" else 1)
            self._customer(self._again(), -120)
        elif reason == "anger":
            self._loses_patience(rounds=1)
            self._customer(
                f"{self._says('angry')} {self._says('wants_person') if self.chance.random() < 0.4 else ''}".strip(),
                -420,
            )
        elif reason == "asked_for_person":
            if self.chance.random() < 0.5:
                self._loses_patience(rounds=1)
            self._customer(self._says("wants_person"), -140)
        elif reason == "vulnerable":
            self._customer(self._says("vulnerable"), -160)
        elif self._tool() and self.need.persona != "machine":
            if not SHALL.search(self.lines[-1].text):
                self._agent(self._table("shall", self._tool()))
            self._customer(self._says("works"), 30)
        self._hand_over(reason)

    def _hand_over(self, reason: str) -> None:
        self.handover_line = len(self.lines)
        said = self.voice.says("agent", "closed") if self.contact.closed else self.voice.says("hands_over", reason)
        self._agent(said)
        self.handover_line = len(self.lines) - 1
        if self.contact.closed and self.chance.random() < 0.5:
            self._customer(self._says("lukewarm"), -40)

    def _with_rep(self) -> None:
        served = self.contact.served
        if served is None:
            return
        cold = not self.contact.ai
        if served.abandoned:
            if cold:
                self._customer(self._opening())
            if self.need.persona != "machine" and self.contact.coming.channel != "voice":
                self._customer(self._says("waiting") if self.chance.random() < 0.6 else self._says("gives_up"), -260)
            return
        self._greeted(cold=cold)
        self._worked_on()
        self._ends()

    def _greeted(self, *, cold: bool) -> None:
        written = self.contact.coming.channel != "voice"
        if cold and written:
            self._customer(self._opening())
        self._rep(self.voice.says("rep", "cold_hello" if cold and not written else "hello"), 0.6)
        if cold and not written:
            self._customer(self._opening())
        if self.mood <= -450 and self.need.persona != "machine":
            self._customer(self._says("angry") if not cold else self._says("irritated"), -60)
            self._rep(self.voice.says("rep", "soothe"), 0.8, answer=True, lift=170)
        elif not cold and self.chance.random() < 0.7:
            self._customer(self._says("gist"), 20)
        if cold:
            self._rep(self.voice.says("rep", "ask"), 0.6)
            self._gives_details()

    def _worked_on(self) -> None:
        rounds = {"low": 0, "medium": 1, "high": 3}[self.contact.coming.complexity]
        for n in range(rounds):
            self._rep(self.voice.says("rep", "look"), 2.0, answer=n == 0)
            if self.need.persona in ("confused", "vulnerable") and self.chance.random() < 0.6:
                self._customer(self._says(self.need.persona), -40)
                self._rep(self.voice.says("rep", "simple"), 1.2, answer=True, lift=80)
            elif self.chance.random() < 0.5:
                self._customer(self._again(), -50)
            elif self.need.persona != "machine":
                self._customer(self._says("patient" if self.mood > -200 else "waiting"), 0)

    def _ends(self) -> None:
        served = self.contact.served
        if served is None:
            return
        end = served.end
        if end.ended == "transferred":
            self._rep(self.voice.says("rep", "transfer"), 1.0)
            return
        if end.ended == "refused_correctly":
            self._rep(self._refusal(), 1.5, answer=True)
            self._customer(self._says("refused_ok"), -60)
        elif end.met and not end.promise:
            self._rep(self._solution(), 1.5, answer=True, lift=200)
            if end.ended == "said_thanks":
                self._customer(self._says("moved" if self.mood < -100 else "thanks"), 480)
        else:
            self._unsolved(promised=bool(end.promise), gave_up=end.ended == "gave_up")
        if self.chance.random() < 0.75:
            self._rep(self.voice.says("rep", "close" if end.met and not end.promise else "close_open"), 0.5)

    def _unsolved(self, *, promised: bool, gave_up: bool) -> None:
        templates = book(self.need.language)[self.need.intent]["cannot"]
        dated = tuple(template for template in templates if ("{due}" in template) == promised)
        chosen = self.voice.fits(dated)
        text = self.voice.from_template(self.chance.choice(chosen)) if chosen else self.voice.says("rep", "sorry")
        if promised and not chosen:
            text = f"{text} {self.voice.says('rep', 'promise')}"
        self._rep(text, 1.5, answer=True)
        self._customer(self._says("gives_up" if gave_up else "unmoved"), -220 if gave_up else -120)

    def _opening(self) -> str:
        coming, need = self.contact.coming, self.need
        if need.persona == "machine":
            return self.voice.says("machine", "open")
        if coming.why == "comes_back":
            return self.voice.of(need.intent, "back")
        if need.gap is not None:
            return self.voice.from_template(self.chance.choice(need.gap.questions))
        said = self.voice.opens(need.intent)
        if need.persona in ("angry", "vulnerable", "confused") and self.chance.random() < 0.35:
            extra = "irritated" if need.persona == "angry" else need.persona
            said = f"{said}{'' if said[-1] in '.?!' else '.'} {self._says(extra)}"
        return said

    def _answer(self) -> str:
        """What the AI answers; to a subject without an article, mostly that it does not know."""
        if self.contact.ai and self.contact.ai.ended == "refused_correctly":
            return self._refusal()
        if self.need.gap is not None and self.chance.random() < 0.6:
            return self.voice.says("agent", "unsure")
        helps = self.contact.ai is not None and self.contact.ai.settled
        if helps or self.chance.random() < 0.35:
            return self.voice.of(self.need.intent, "agent")
        return self.voice.beside(self.need.intent, "agent")

    def _once_more(self) -> str:
        return f"{self.voice.says('agent', 'repeat')} {self._answer()}"

    def _solution(self) -> str:
        return self.need.gap.answer if self.need.gap is not None else self.voice.of(self.need.intent, "rep")

    def _refusal(self) -> str:
        return (
            self.voice.says("rep", "refuse")
            if self.need.language in FOREIGN
            else self.voice.of(self.need.intent, "refuse")
        )

    def _again(self) -> str:
        if self.need.persona == "machine":
            return self.voice.says("machine", "again")
        return self.voice.of(self.need.intent, "again")

    def _says(self, kind: str) -> str:
        if self.need.persona == "machine":
            plain = {"thanks": "thanks", "moved": "thanks", "gives_up": "gives_up"}
            return self.voice.says("machine", plain.get(kind, "again"))
        return self.voice.says("customer", kind)

    def _gives_details(self) -> None:
        if self.need.persona == "machine":
            return self._customer(self.voice.says("machine", "detail"))
        if self.need.persona == "confused" and self.chance.random() < 0.35:
            self._customer(self._says("confused"), -60)
            if self.part == "ai":
                self._agent(self.voice.says("agent", "ask"))
            else:
                self._rep(self.voice.says("rep", "simple"), 1.0)
        return self._customer(self.voice.of(self.need.intent, "detail"))

    def _table(self, table: str, tool: str) -> str:
        if self.need.language in FOREIGN:
            return self.voice.says("say", table)
        return self.voice.says(table, "name" if tool == "change_flight" and self.voice.mark == "n" else tool)

    def _tool(self) -> str:
        return tool_for(self.need, self.contact.coming.complexity)

    def _customer(self, text: str, change: int = -20) -> None:
        self.mood = max(-1000, min(1000, self.mood + change + self.chance.randrange(-40, 40)))
        channel, first = self.contact.coming.channel, self.voice.slots["first"]
        first_letter = channel == "email" and any(line.role == "customer" for line in self.lines)
        shown = "messaging" if first_letter else channel
        said = as_written(self.chance, text, self.need.persona, shown, self.mood, first, self.need.language)
        self.lines.append(Line("machine" if self.need.persona == "machine" else "customer", said, 1.0, self.part))
        self.moods.append(self.mood)

    def _agent(self, text: str) -> None:
        last = self.lines[-1] if self.lines else None
        if last is not None and last.role == "agent":
            text = f"{self.lines.pop().text} {text}"
        self.lines.append(Line("agent", text, 0.12, self.part))

    def _rep(self, text: str, pace: float, *, answer: bool = False, lift: int = 10) -> None:
        if answer:
            self.answers.append(len(self.lines))
        self.mood = min(1000, self.mood + lift)
        self.lines.append(Line("rep", text, pace, self.part))

    def _spoken_english(self) -> bool:
        return self.contact.coming.channel == "voice" and self.need.language == "en"

    def _slots(self, due_ms: int) -> dict[str, str]:
        coming, need, language = self.contact.coming, self.need, self.need.language
        served = self.contact.served
        past_ms = coming.last_ms or coming.at_ms - self.chance.randrange(2, 6) * DAY_MS
        kind = "file" if need.intent in ("bag_delayed", "bag_lost") else "email" if need.intent in BY_EMAIL else "code"
        same_day = self.contact.callback_ms - coming.at_ms < DAY_MS // 3
        topic = TOPICS[language].get(need.intent, TOPICS["en"][need.intent])
        slots = need.slots | {
            "day": weekday(past_ms if coming.why else coming.at_ms + self.chance.randrange(1, 6) * DAY_MS, language),
            "due": weekday(due_ms, language),
            "rep": rep_of(served.rep).name.split(" ")[0] if served and served.rep else "",
            "topic": topic,
            "need": ASKED[language][kind],
            "opens": "8:00" if need.intent in ("corporate_plan", "invoice_request") else "7:00",
            "next_day": NEXT_DAY[language][0 if same_day else 1],
        }
        detail = self.chance.choice(book(language)[need.intent]["detail"])
        return slots | {"detail": Voice(self.chance, language, slots).from_template(detail)}
