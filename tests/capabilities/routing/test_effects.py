"""Effects of teams: known only with enough data, at equal complexity, shrunken; then they decide who is asked."""

import random

import pytest

from baton.capabilities.routing.assigning.able import Floor
from baton.capabilities.routing.assigning.matching import best
from baton.capabilities.routing.effects.learned import Row, learned
from baton.capabilities.routing.events import Effect, Effects, Place, Post, Queue, Routing

pytestmark = pytest.mark.unit


def rows(intent: str, team: str, met: int, of: int, level: str = "low", chance: int = 1000) -> list[Row]:
    return [(intent, level, team, int(n < met), chance) for n in range(of)]


def test_by_hand() -> None:
    """100 of 100 against 60 of 100: all 160 of 200 = .8, so +.2 and -.2, of which 100 / 150 is believed."""
    found = learned([*rows("refund", "a", 100, 100), *rows("refund", "b", 60, 100)])
    assert found == Effects((Effect("refund", "a", 133, 100), Effect("refund", "b", -133, 100)))


def test_few_conversations_tell_nothing() -> None:
    assert learned([*rows("refund", "a", 50, 50), *rows("refund", "b", 10, 50)]) == Effects()


def test_who_has_the_hard_ones_is_not_worse() -> None:
    """Both meet .9 of the easy and .5 of the hard; only the mix differs."""
    one = [*rows("refund", "a", 90, 100), *rows("refund", "a", 50, 100, "high")]
    two = [*rows("refund", "b", 180, 200), *rows("refund", "b", 10, 20, "high")]
    assert learned([*one, *two]) == Effects()


def test_what_was_left_to_chance_weighs_more() -> None:
    """Of team a 100 chosen ones were met and 30 left to chance were not: they stand for many, and the team is no better."""
    chosen = [*rows("refund", "a", 100, 100), *rows("refund", "b", 60, 100)]
    assert learned(chosen).effects[0].permille > 0
    by_chance = [*rows("refund", "a", 12, 30, chance=100), *rows("refund", "b", 18, 30, chance=100)]
    assert not [e for e in learned([*chosen, *by_chance]).effects if e.team == "a" and e.permille > 0]


def test_equal_teams_are_seldom_told_apart() -> None:
    claimed = 0
    for seed in range(200):
        source = random.Random(seed)
        drawn: list[Row] = [
            ("refund", "low", source.choice("ab"), int(source.random() < 0.8), 1000) for _ in range(300)
        ]
        claimed += bool(learned(drawn).effects)
    assert claimed <= 20


def test_a_team_known_to_meet_more_is_asked_first() -> None:
    posts = [
        Post("kim", "available", 0, skills=("refunds",), capacity=1),
        Post("lee", "available", 0, skills=("bags", "refunds"), capacity=1, idle_since_ms=30_000),
    ]
    place = Place("conversation/a", "waiting", "refunds", 0, skill="refunds", intent="refund_status")
    rules = Routing((Queue("refunds", "Refunds", skill="refunds"),))
    before = best(Floor([place], posts, rules, [], 60_000))
    assert before is not None and before.choices[0].post.rep == "kim"
    known = Effects((Effect("refund_status", "bags+refunds", 80, 200),))
    after = best(Floor([place], posts, rules, [], 60_000, known))
    assert after is not None and after.choices[0].post.rep == "lee"
    other = best(
        Floor(
            [Place("conversation/a", "waiting", "refunds", 0, skill="refunds", intent="invoice")],
            posts,
            rules,
            [],
            60_000,
            known,
        )
    )
    assert other is not None and other.choices[0].post.rep == "kim"
