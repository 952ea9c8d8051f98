"""What comes of a contact: the chances behind containment, needs met, handover, returning. Pure given its source of chance.

Calibrated so that the AI contains about 70 % of what it takes first and truly settles about 52 %, as the field reports, and so
that people, who get the harder work, do better at equal work although their raw figures are worse.
"""

import math
import random
from typing import Literal

import msgspec

from baton.demo.halcyon.company import RepTruth
from baton.demo.halcyon.demand import demand
from baton.demo.halcyon.needs import Need
from baton.demo.halcyon.story import Channel, Complexity, Ended, Reason, Suggestion

CONTAINED = {"low": 1.64, "medium": 0.92, "high": 0.02}  # log-odds that the AI keeps what it took
AI_MET = {"low": 2.45, "medium": 1.1, "high": -0.45}  # log-odds that what it kept is settled
REP_MET = {"low": 2.2, "medium": 0.78, "high": -0.32}  # the same for people
PATIENCE = {"patient": 0.15, "angry": -0.45, "confused": -0.2, "vulnerable": -0.6, "machine": 0.25}
AI_FIRST: dict[Channel, float] = {"chat": 0.95, "voice": 0.52, "email": 0.72, "messaging": 0.93}
MINUTES = {"low": 4.0, "medium": 8.0, "high": 16.0}
WRAP_S = {"low": 35, "medium": 60, "high": 105}


class AiEnd(msgspec.Struct, frozen=True):
    """How the AI's part ends: kept (`ended`) or passed on (`reason`)."""

    ended: Ended | None
    reason: Reason | None
    settled: bool
    false_claim: bool = False


class RepEnd(msgspec.Struct, frozen=True):
    """How a rep's part ends. `promise` is what they promise, if anything, and whether it is kept."""

    ended: Ended
    met: bool
    promise: Literal["", "write", "call_back"] = ""
    keeps: bool = False


def ai_takes(chance: random.Random, need: Need, contact: int, channel: Channel, age: float) -> bool:
    """Whether the AI answers first. `age` runs from 1 (start of the history) to 0 (now): the AI is given more as time goes."""
    if need.intent == "bereavement_fare":
        return False
    hard = {"low": 0.12, "medium": -0.03, "high": -0.24}[need.complexity]
    again = -0.30 if contact > 1 else 0.0
    return need.persona == "machine" or chance.random() < AI_FIRST[channel] + hard + again + 0.05 - 0.12 * age


def ai_end(chance: random.Random, need: Need, contact: int, complexity: Complexity, agent: str) -> AiEnd:
    """What the AI makes of a contact."""
    row = demand().intent[need.intent]
    known = -0.6 if need.gap else 0.0
    again = -0.45 if contact > 1 else 0.0
    shift = row.contain / 100 + PATIENCE[need.persona] + known + again
    if chance.random() >= logistic(CONTAINED[complexity] + shift):
        return AiEnd(None, _reason(chance, need), settled=False)
    weaker = -0.35 if agent == "refund-agent" else 0.0
    odds = AI_MET[complexity] + row.met / 100 + (-3.5 if need.gap else 0.0) + (-0.5 if need.incident else 0.0) + weaker
    if chance.random() < logistic(odds):
        if chance.randrange(1000) < row.refuse:
            return AiEnd("refused_correctly", None, settled=True)
        return AiEnd("said_thanks" if chance.random() < 0.62 else "left_in_silence", None, settled=True)
    endings: tuple[Ended, ...] = ("gave_up", "left_in_silence", "said_thanks")
    ended = chance.choices(endings, (44, 43, 13))[0]
    return AiEnd(ended, None, settled=False, false_claim=ended == "said_thanks" and bool(row.tool))


def rep_end(
    chance: random.Random,
    need: Need,
    complexity: Complexity,
    truth: RepTruth,
    suggestions: tuple[Suggestion, ...],
    skill: int,
) -> RepEnd:
    """What a rep makes of a contact."""
    row = demand().intent[need.intent]
    if chance.random() < {"low": 0.03, "medium": 0.06, "high": 0.09}[complexity] - 0.008 * skill:
        return RepEnd("transferred", met=False)
    picked = sum(found.picked for found in suggestions) / max(1, len(suggestions))
    share = logistic(REP_MET[complexity] + row.met / 300) * truth.met / 1000 + picked * truth.ai_helps / 1000
    if chance.random() < share:
        if chance.randrange(1000) < row.refuse:
            return RepEnd("refused_correctly", met=True)
        return RepEnd("said_thanks" if chance.random() < 0.8 else "left_in_silence", met=True)
    if chance.random() < 0.5:
        keeps = chance.random() < 0.5
        return RepEnd(
            "left_in_silence", met=keeps, promise="write" if chance.random() < 0.7 else "call_back", keeps=keeps
        )
    return RepEnd("gave_up" if chance.random() < 0.5 else "left_in_silence", met=False)


def suggestions(chance: random.Random, truth: RepTruth, rounds: int, *, gap: bool) -> tuple[Suggestion, ...]:
    """What a rep does with the AI's suggestions at each of their answers."""
    found = []
    for turn in range(rounds):
        shown = chance.random() < 0.82
        picked = shown and chance.randrange(1000) < (truth.uses_ai * (15 if gap else 100) // 100)
        edited = picked and chance.randrange(1000) < truth.edits
        found.append(Suggestion(turn, shown, picked, edited, own_words=not picked))
    return tuple(found)


def tool_for(need: Need, complexity: Complexity) -> str:
    """The tool that changes the record when this need is met, or nothing: a question only wants an answer."""
    tool = demand().intent[need.intent].tool
    asks_only = need.gap is not None or (tool == "resend_refund" and complexity == "low")
    return "" if asks_only else tool


def comes_back(chance: random.Random, need: Need, contact: int, *, by_ai: bool, met: bool) -> bool:
    """Whether a customer whose need was not met asks again; some give up on the company instead."""
    if met or contact >= 4:
        return False
    keen = {"patient": -0.04, "angry": 0.08, "confused": -0.02, "vulnerable": -0.06, "machine": 0.15}[need.persona]
    return chance.random() < (0.56 if by_ai else 0.52) + keen


def returns_after_h(chance: random.Random) -> float:
    """Hours until a customer asks again: half within a day and a half, a few after a week (log-normal)."""
    return round(min(260.0, max(0.7, chance.lognormvariate(math.log(33), 0.85))), 2)


def talk_s(chance: random.Random, need: Need, complexity: Complexity, truth: RepTruth, skill: int, age: float) -> int:
    """A rep's handle time without hold and wrap-up, in seconds. Skill and months make everyone faster at equal work."""
    minutes = MINUTES[complexity] * demand().intent[need.intent].minutes / 100 * truth.pace / 1000
    learned = (1.12 - 0.04 * skill) * (0.96 + 0.08 * age)
    return int(60 * minutes * learned * chance.lognormvariate(0, 0.33)) + 40


def wait_s(chance: random.Random, hour: int, *, weekday: int, incident: bool, channel: Channel) -> int:
    """Seconds in the queue beside waiting for a free rep: mostly short, long at the peaks, on Mondays and in incidents."""
    crowded = 0.08 + demand().hours[hour] / 500 + (0.10 if weekday == 0 else 0.0) + (0.35 if incident else 0.0)
    usual_s = 150 if chance.random() < crowded else 8
    slower = {"chat": 0.9, "voice": 1.0, "email": 30.0, "messaging": 1.6}[channel]
    return int(usual_s * slower * chance.lognormvariate(0, 0.6))


def logistic(odds: float) -> float:
    """The chance of these log-odds."""
    return 1 / (1 + math.exp(-odds))


def _reason(chance: random.Random, need: Need) -> Reason:
    if need.gap:
        return "out_of_scope" if chance.random() < 0.65 else "two_failed_attempts"
    if need.persona == "machine":
        return "over_limit" if chance.random() < 0.6 else "two_failed_attempts"
    reasons: tuple[Reason, ...] = (
        "asked_for_person",
        "anger",
        "two_failed_attempts",
        "vulnerable",
        "over_limit",
        "failed_check",
    )
    weights = {
        "patient": (46, 2, 38, 0, 8, 6),
        "angry": (40, 36, 16, 0, 4, 4),
        "confused": (38, 3, 50, 2, 4, 3),
        "vulnerable": (30, 3, 18, 42, 4, 3),
    }[need.persona]
    return chance.choices(reasons, weights)[0]
