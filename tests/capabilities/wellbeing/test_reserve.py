"""The reserve: an easy conversation goes to people before the AI, by a share of policy's, and only where somebody is free who should get one."""

import pytest

from baton.capabilities.routing.events import MAIN, RepReady
from baton.capabilities.wellbeing.events import EasyNext, ReserveDue, Wellbeing
from baton.kernel.conversation import Decided, TurnSaid
from baton.kernel.ports import Judgement
from tests.capabilities.wellbeing.floor import Floor

pytestmark = pytest.mark.unit
EASY = "Where is my refund?"


def reserving(permille: int = 1000) -> Floor:
    """A floor with a rep for refunds, and a customer's sentence that is understood."""
    floor = Floor(Wellbeing(reserve_permille=permille))
    floor.models.said[EASY] = Judgement(intent="refund_status", intent_confidence=950, intent_margin=900)
    floor.ready("kim", "refunds", capacity=1)
    return floor


def asked(floor: Floor, name: str = "a") -> tuple[str, list[Decided]]:
    """A customer comes and asks something easy; what was decided about it."""
    conversation = floor.begins(name)
    floor.settle()
    rest = floor.happens(conversation, TurnSaid("customer", EASY), "customer")
    floor.settle()
    return conversation, [c.event for c in rest.caused if isinstance(c.event, Decided)]


def eased(floor: Floor) -> None:
    floor.happens(MAIN, EasyNext("kim", floor.now_ms + 600_000))
    floor.settle()


def test_after_a_breather_an_easy_one_is_kept_for_the_rep() -> None:
    floor = reserving()
    eased(floor)
    conversation, (decided, *_) = asked(floor)
    assert (decided.action, decided.args["reason"], decided.args["queue"]) == ("escalate", "reserved", "refunds")
    assert "breather" in decided.why
    assert floor.offer_of(conversation) == "kim"


def test_without_a_breather_or_a_trainee_the_ai_has_it() -> None:
    floor = reserving()
    conversation, decided = asked(floor)
    assert "escalate" not in {each.action for each in decided}
    assert floor.holder(conversation).kind == "agent"


def test_a_trainee_gets_easy_ones_too() -> None:
    floor = reserving()
    floor.happens(MAIN, RepReady("lee", "available", "Lee", ("refunds:2",), capacity=1))
    conversation, (decided, *_) = asked(floor)
    assert "trainee" in decided.why
    assert floor.holder(conversation).kind == "queue"


def test_by_default_nothing_is_kept() -> None:
    floor = reserving(permille=0)
    eased(floor)
    conversation, _ = asked(floor)
    assert floor.streams[conversation].facts.get(ReserveDue) is None
    assert floor.holder(conversation).kind == "agent"


def test_whoever_waits_goes_first_and_who_has_another_skill_gets_none() -> None:
    floor = reserving()
    eased(floor)
    waiting = floor.waits("high")
    assert floor.offer_of(waiting) == ""
    conversation, _ = asked(floor)
    assert floor.holder(conversation).kind == "agent", "a reserve makes no line longer"
    other = Floor(Wellbeing(reserve_permille=1000))
    other.models.said[EASY] = Judgement(intent="refund_status", intent_confidence=950, intent_margin=900)
    other.ready("kim", "bags", capacity=1)
    eased(other)
    conversation, _ = asked(other)
    assert other.holder(conversation).kind == "agent"


def test_about_the_share_of_policy_asks() -> None:
    floor = reserving(permille=300)
    eased(floor)
    for n in range(200):
        floor.begins(f"share-{n}")
        floor.settle()
    due = sum(floor.streams[f"conversation/share-{n}"].facts.get(ReserveDue) is not None for n in range(200))
    assert 40 <= due <= 80
