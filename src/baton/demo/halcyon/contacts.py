"""The month walked through once: every contact in order of time, who served it, how long it took and what followed.

Texts are not made here, so that a month of contacts takes a second and the telling can begin with the newest.
"""

import heapq
import random
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import msgspec

from baton.demo.halcyon import fate
from baton.demo.halcyon.company import company, is_open, queue_of, rep_truth
from baton.demo.halcyon.demand import COMPLEXITIES, DAY_MS, HOUR_MS, demand
from baton.demo.halcyon.journeys import journeys
from baton.demo.halcyon.needs import Need, needs
from baton.demo.halcyon.roster import Roster
from baton.demo.halcyon.serving import AiEnd, Coming, Contact, RepEnd, Served, story_id
from baton.demo.halcyon.story import Channel, Next, Path

if TYPE_CHECKING:
    from baton.demo.world import World


def contacts(world: "World", days: int, end_ms: int, per_day: float) -> list[Contact]:
    """Every contact of the last `days` days, the oldest first."""
    walk = _Walk(world.seed, days, end_ms)
    for need in needs(world, days, end_ms, per_day):
        walk.expect(Coming(need.at_ms, need, 1, need.channel, need.complexity, False, "", 0))
    return sorted(
        (*walk.through(), *journeys(world, days, end_ms)), key=lambda contact: (contact.coming.at_ms, contact.id)
    )


class _Walk:
    def __init__(self, seed: int, days: int, end_ms: int) -> None:
        self.seed, self.days, self.end_ms = seed, days, end_ms
        self.roster = Roster(seed)
        self.zone = ZoneInfo(company().time_zone)
        self._heap: list[tuple[int, int, Coming]] = []
        self._order = count()

    def expect(self, coming: Coming) -> None:
        heapq.heappush(self._heap, (coming.at_ms, next(self._order), coming))

    def through(self) -> Iterator[Contact]:
        while self._heap:
            coming = heapq.heappop(self._heap)[2]
            later = self._in_hours(coming)
            if later.at_ms != coming.at_ms:
                self.expect(later)
            elif coming.at_ms < self.end_ms:
                yield self._happens(coming)

    def _in_hours(self, coming: Coming) -> Coming:
        """Who wants a person at night asks when there is one."""
        queue = queue_of(coming.need.intent)
        needs_a_person = coming.person_first or coming.need.intent in queue.person_first
        if not needs_a_person or is_open(queue, coming.at_ms):
            return coming
        chance = self._chance(coming, "hours")
        return msgspec.structs.replace(coming, at_ms=next_open_ms(coming) + chance.randrange(2 * HOUR_MS))

    def _happens(self, coming: Coming) -> Contact:
        chance, need = self._chance(coming, "contact"), coming.need
        age = min(1.0, (self.end_ms - coming.at_ms) / (self.days * DAY_MS))
        closed = not is_open(queue_of(need.intent), coming.at_ms)
        by_ai = not coming.person_first and fate.ai_takes(chance, need, coming.contact, coming.channel, age)
        by_ai = by_ai or (closed and need.intent != "bereavement_fare")
        agent = _agent(chance, need) if by_ai else ""
        ai = fate.ai_end(chance, need, coming.contact, coming.complexity, agent) if by_ai else None
        ai_s = _ai_s(chance, coming, ai) if ai else 0
        if ai and ai.ended:
            return self._follow(chance, coming, "ai_only", agent, ai_s, ai, None, closed=False)
        if closed:
            return self._follow(chance, coming, "ai_only", agent, ai_s, ai, None, closed=True)
        served = self._serve(chance, coming, coming.at_ms + ai_s * 1000, age)
        return self._follow(chance, coming, "ai_then_rep" if ai else "rep_only", agent, ai_s, ai, served, closed=False)

    def _serve(self, chance: random.Random, coming: Coming, asked_ms: int, age: float) -> Served:
        need, queue = coming.need, queue_of(coming.need.intent).id
        local = datetime.fromtimestamp(asked_ms / 1000, self.zone)
        incident = bool(need.incident)
        wait_s = fate.wait_s(chance, local.hour, weekday=local.weekday(), incident=incident, channel=coming.channel)
        if coming.why == "called_back":
            wait_s = 0
        rep, free_ms = self.roster.take(chance, queue, need.language, coming.channel, coming.complexity, asked_ms)
        wait_s = max(wait_s, (free_ms - asked_ms) // 1000)
        if coming.channel != "email" and wait_s > 30 and chance.random() < 0.05 + min(0.3, wait_s / 1800):
            left = RepEnd("gave_up", met=False)
            return Served("", left, min(wait_s, 30 + chance.randrange(600)), 0, 0, 0, (), abandoned=True)
        truth, skill = rep_truth(rep.id, (self.end_ms - asked_ms) / DAY_MS), rep.skills[queue]
        rounds = {"low": 2, "medium": 3, "high": 5}[coming.complexity]
        suggested = fate.suggestions(chance, truth, rounds, gap=need.gap is not None)
        end = fate.rep_end(chance, need, coming.complexity, truth, suggested, skill)
        talk_s = fate.talk_s(chance, need, coming.complexity, truth, skill, age)
        hold_s = int(talk_s * chance.uniform(0.1, 0.35)) if coming.channel == "voice" and chance.random() < 0.35 else 0
        wrap_s = int(fate.WRAP_S[coming.complexity] * chance.lognormvariate(0, 0.4))
        until_ms = asked_ms + (wait_s + talk_s + hold_s + wrap_s) * 1000
        self.roster.occupy(rep, coming.channel, until_ms)
        return Served(rep.id, end, wait_s, talk_s, hold_s, wrap_s, suggested, abandoned=False)

    def _follow(
        self,
        chance: random.Random,
        coming: Coming,
        path: Path,
        agent: str,
        ai_s: int,
        ai: AiEnd | None,
        served: Served | None,
        *,
        closed: bool,
    ) -> Contact:
        """What follows from how it ended: nothing, a return, a call back or the next queue."""
        seemed = _seemed(ai, served, closed=closed)
        settled = bool((ai and ai.settled) or (served and served.end.met))
        made = settled and not (served and served.end.promise)
        turned = settled and seemed and _turns_out_wrong(chance, coming.need, served)
        settled = settled and not turned
        follow, after_h = self._next(chance, coming, served, settled=settled, turned=turned, closed=closed)
        ended_ms = coming.at_ms + 1000 * (ai_s + (served.wait_s + served.talk_s + served.hold_s if served else 0))
        channel = _next_channel(chance, coming, follow)
        then_ms = next_open_ms(coming) + chance.randrange(HOUR_MS) if closed else ended_ms + int(after_h * HOUR_MS)
        after = self._expect_next(chance, coming, follow, channel, then_ms) if follow else None
        happens = after is not None and after.at_ms < self.end_ms
        return Contact(
            id=story_id(self.seed, coming.need.id, coming.contact),
            coming=coming,
            path=path,
            agent=agent,
            ai_s=ai_s,
            ai=ai,
            served=served,
            closed=closed,
            callback_ms=then_ms if closed else 0,
            made=made,
            settled=settled,
            seemed=seemed or turned,
            next=follow,
            next_id=story_id(self.seed, coming.need.id, coming.contact + 1) if happens else "",
            next_channel=channel if follow else None,
            next_after_h=round((after.at_ms - ended_ms) / HOUR_MS, 2) if after else None,
        )

    def _next(
        self, chance: random.Random, coming: Coming, served: Served | None, *, settled: bool, turned: bool, closed: bool
    ) -> tuple[Next, float]:
        if closed:
            return "called_back", 0.0
        if served and served.end.ended == "transferred":
            return "transferred", chance.uniform(0.02, 0.12)
        if served and served.end.promise and served.end.keeps:
            return "", 0.0
        back = turned and coming.contact < 4
        back = back or fate.comes_back(chance, coming.need, coming.contact, by_ai=served is None, met=settled)
        return ("comes_back", fate.returns_after_h(chance)) if back else ("", 0.0)

    def _expect_next(self, chance: random.Random, coming: Coming, follow: Next, channel: Channel, at_ms: int) -> Coming:
        person_first = follow != "comes_back" or (channel != "chat" and chance.random() < 0.55)
        harder = follow == "comes_back" and chance.random() < 0.35
        place = min(2, COMPLEXITIES.index(coming.complexity) + harder)
        after = Coming(
            at_ms, coming.need, coming.contact + 1, channel, COMPLEXITIES[place], person_first, follow, coming.at_ms
        )
        after = self._in_hours(after)
        self.expect(after)
        return after

    def _chance(self, coming: Coming, label: str) -> random.Random:
        return random.Random(f"{self.seed}/{label}/{coming.need.id}/{coming.contact}")


def next_open_ms(coming: Coming) -> int:
    """The next full half hour at which people serve the queue of a contact."""
    queue, half_hour = queue_of(coming.need.intent), HOUR_MS // 2
    at_ms = coming.at_ms // half_hour * half_hour + half_hour
    while not is_open(queue, at_ms):
        at_ms += half_hour
    return at_ms


def _seemed(ai: AiEnd | None, served: Served | None, *, closed: bool) -> bool:
    """Whether who only reads the conversation would call it settled."""
    if closed:
        return False
    if served is not None:
        return served.end.ended in ("said_thanks", "refused_correctly") or (served.end.met and not served.end.promise)
    return ai is not None and ai.ended in ("said_thanks", "refused_correctly", "left_in_silence")


def _turns_out_wrong(chance: random.Random, need: Need, served: Served | None) -> bool:
    """It looked settled and was not: the bank returned the money, the seat was lost. Rarer when a person did it."""
    row = demand().intent[need.intent]
    return chance.randrange(1000) < (row.reversed // 2 if served else row.reversed)


def _next_channel(chance: random.Random, coming: Coming, follow: Next) -> Channel:
    if follow == "called_back":
        return "voice"
    if follow == "transferred" or coming.need.persona == "machine":
        return coming.channel
    channels: tuple[Channel, ...] = ("voice", "chat", "messaging", "email")
    return chance.choices(channels, (52, 24, 10, 14))[0]


def _agent(chance: random.Random, need: Need) -> str:
    if need.intent in ("bag_delayed", "bag_lost") and chance.random() < 0.7:
        return "bag-tracer"
    if need.intent in ("refund_status", "refund_request") and chance.random() < 0.3:
        return "refund-agent"
    return "assistant"


def _ai_s(chance: random.Random, coming: Coming, ai: AiEnd) -> int:
    """How long the AI's part takes, most of it the customer's typing."""
    rounds = {"low": 3, "medium": 4, "high": 5}[coming.complexity] + (ai.ended == "gave_up")
    pace_s = {"chat": 26, "voice": 14, "email": 900, "messaging": 60}[coming.channel]
    return int(rounds * pace_s * chance.lognormvariate(0, 0.35)) + 10
