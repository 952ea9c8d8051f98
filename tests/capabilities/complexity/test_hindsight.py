"""Hindsight: how hard it turned out, by its time against the usual of intent and rep; a slow rep's work is not harder."""

import random
from math import exp

import msgspec
import pytest

from baton.capabilities.complexity.events import Complexity, ComplexityOverridden, Hindsight, Usual
from baton.capabilities.complexity.hindsight.usual import LEAST, Stretch, beyond, milli_log, usual
from baton.capabilities.complexity.measure import hindsight
from baton.capabilities.routing.events import Assigned, Transferred, WrappedUp
from baton.kernel.conversation import Holder
from baton.kernel.ports import Judgement
from baton.kernel.tables import Tables
from tests.scenes.recorded import Talk, crafts_of

pytestmark = pytest.mark.unit

REFUND = Judgement(intent="refund_status", intent_confidence=950, intent_margin=900, issues=1)
BY_HAND = Usual(stretches=300, centre=13_000, spread=500, intents={"refund_status": 200}, reps={"slow": 300})
"""Usual for refund_status with `slow`: 13,000 + 200 + 300 = 13,500 milli-nats, exp(13.5) ms = 729 s."""
USUAL_MS = round(exp(13.5))


def stretches(count: int, seed: int = 1) -> list[Stretch]:
    """Two intents, one 1.5 times as long; two reps, one 2 times as slow; noise of .3 nats."""
    chance = random.Random(seed)
    found: list[Stretch] = []
    for _ in range(count):
        intent, rep = chance.choice(("short", "long")), chance.choice(("quick", "slow"))
        factor = (1.5 if intent == "long" else 1.0) * (2.0 if rep == "slow" else 1.0)
        found.append((intent, rep, round(300_000 * factor * exp(chance.gauss(0, 0.3)))))
    return found


def talk(usual_times: Usual | None = None) -> Talk:
    scene = Talk(crafts_of("orchestration", "sentiment", "complexity", "lake", "routing"))
    if usual_times is not None:
        scene.stream.policies.add("complexity.Usual", 1, msgspec.json.encode(usual_times))
    scene.begins()
    scene.customer("Where is my refund?", REFUND)
    return scene


def served(scene: Talk, rep: str, handled_ms: int) -> Hindsight:
    scene.happens(Assigned(rep, rep, 10_000, "refunds"), by=f"rep/{rep}")
    scene.stream.facts.put(Holder("rep", rep, 1))
    scene.happens(WrappedUp(rep, "solved"), at_ms=scene.at_ms + handled_ms, by=f"rep/{rep}")
    found = scene.stream.facts.get(Hindsight)
    assert found is not None
    return found


def test_the_effects_of_intent_and_rep_are_told_apart() -> None:
    found = usual(stretches(4000))
    assert found.stretches == 4000
    assert found.intents["long"] - found.intents["short"] == pytest.approx(405, abs=40)  # ln 1.5
    assert found.reps["slow"] - found.reps["quick"] == pytest.approx(693, abs=40)  # ln 2
    assert found.spread == pytest.approx(300, abs=20)


def test_too_few_stretches_teach_nothing() -> None:
    assert usual(stretches(LEAST - 1)) == Usual()
    assert beyond(Usual(), ("short", "quick", 1)) is None


def test_time_against_the_usual_by_hand() -> None:
    assert beyond(BY_HAND, ("refund_status", "slow", round(exp(13.5)))) == 0
    assert milli_log(round(exp(14.0))) == 14_000
    assert beyond(BY_HAND, ("refund_status", "slow", round(exp(14.0)))) == 1000
    assert beyond(BY_HAND, ("refund_status", "unknown", round(exp(14.0)))) == 1600  # (14,000 - 13,200) / 500


def test_the_usual_time_is_no_sign_of_hard_work() -> None:
    found = served(talk(BY_HAND), "slow", USUAL_MS)
    assert (found.beyond, found.score, found.level, found.reasons) == (0, 300, "medium", ())


def test_a_slow_reps_usual_time_would_be_hard_work_for_another() -> None:
    found = served(talk(BY_HAND), "quick", USUAL_MS)
    assert (found.beyond, found.score, found.level, found.reasons) == (600, 480, "medium", ("over_usual",))


def test_twice_the_spread_and_a_transfer_is_high() -> None:
    scene = talk(BY_HAND)
    scene.happens(Assigned("first", "first", 10_000, "refunds"), by="rep/first")
    scene.happens(Transferred("first", "refunds"), by="rep/first")
    found = served(scene, "slow", round(exp(14.5)))
    assert (found.level, found.reasons) == ("high", ("over_usual", "transferred"))
    assert found.score == 700 + 150


def test_before_anything_is_usual_only_what_it_took_counts() -> None:
    found = served(talk(), "slow", 5_000_000)
    assert (found.score, found.level, found.beyond) == (0, "low", 0)


def test_what_the_rep_said_is_the_level() -> None:
    scene = talk(BY_HAND)
    scene.happens(ComplexityOverridden("high", "slow"), by="rep/slow")
    assert served(scene, "slow", USUAL_MS).level == "high"
    assert (now := scene.stream.facts.get(Complexity)) is not None
    assert now.overridden


def test_the_row_holds_what_came_after_beside_what_was_before() -> None:
    scene, tables = talk(BY_HAND), Tables()
    hindsight(served(scene, "quick", USUAL_MS), scene.stream, tables)
    (row,) = [fold.put for _, _, fold in tables]
    assert row == {"after": "medium", "after_score": 480, "after_reasons": "over_usual", "beyond": 600}
