"""Live's cover, mix, alerts with an owner and waits in an outage, each worked out by hand."""

import msgspec
import pytest

from baton.capabilities.floor.events import Budget
from baton.capabilities.routing.events import Pace, Place, Post, Queue
from baton.capabilities.routing.screen import level
from baton.capabilities.routing.screen.alerts import alerts
from baton.capabilities.routing.screen.asked import Asked
from baton.capabilities.routing.screen.changes import changes
from baton.capabilities.routing.screen.cover import cover, expected
from baton.capabilities.routing.screen.floor import Floor, Talk, Waited
from baton.capabilities.routing.screen.led import Cover, Help, Led, Lending, Owned, Span, Third
from baton.capabilities.routing.screen.mix import mix
from baton.capabilities.routing.screen.people import people
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.tiles import service

pytestmark = pytest.mark.unit

NOW = 1_795_750_000_000
MINUTE = 60_000
REFUNDS = Queue("refunds", "Refunds", "refunds", ("refund_status",))
BAGS = Queue("bags", "Bags", "bags", ("bag_delayed", "other"), target_s=30)
KIM = Post("kim", "available", NOW, "Kim", ("refunds",), capacity=1, held=1)
LEE = Post("lee", "available", NOW, "Lee", ("bags",), capacity=3)
ALL = Asked()


def seen(led: Led | None = None, **floor: object) -> Seen:
    made = msgspec.structs.replace(Floor(NOW, led=led or Led()), **floor)
    return Seen(made, ALL, (REFUNDS, BAGS), names={"mara": "Mara Nilsen"}, budget=Budget(120, 30))


def waited(key: str, ago_s: int, took_s: int | None = None, queue: str = "refunds") -> Waited:
    asked = NOW - ago_s * 1000
    return Waited(key, queue, "chat", asked, None if took_s is None else asked + took_s * 1000, "", None, None)


def talk(key: str, holder: str, level: str | None, intent: str = "refund_status") -> Talk:
    return Talk(key, holder, "kim", NOW, None, None, "chat", intent, NOW, NOW, 0, 0, "", "", level)


def test_the_next_hour_is_erlang_a_by_hand() -> None:
    # One rep, one arrival and one handle time a minute, patience of ten minutes, within 0 s: who is answered at once meets an idle rep.
    # With a = 1 and theta = 1/10 per minute: p0 = 1 / (1 + sum over n >= 1 of 1 / prod over i < n of (1 + i / 10)).
    weights, weight = [1.0], 1.0
    for n in range(60):
        weight /= 1 + n / 10
        weights.append(weight)
    assert expected(60, MINUTE, 1, 0) == round(1000 / sum(weights))
    assert expected(60, MINUTE, 0.9, 20) == 0, "nobody is there"
    assert expected(60, MINUTE, 10, 20) > 990


def test_a_queue_that_falls_short_says_how_many_more_keep_it_and_who_could_come() -> None:
    waits = [waited(str(n), 60 * n) for n in range(1, 31)]
    told = cover(seen(waits=waits, posts=(KIM, LEE), paces=(Pace("refunds", 4 * MINUTE),)))
    (short,) = told.short
    assert (short.queue, short.arrivals, short.target_permille) == ("refunds", 30, 800)
    assert short.expected_permille == expected(30, 4 * MINUTE, 1, 20)
    assert short.more == next(n for n in range(1, 9) if expected(30, 4 * MINUTE, 1 + 3 * n, 20) >= 800)
    assert short.then_permille == expected(30, 4 * MINUTE, 1 + 3 * short.more, 20)
    assert short.lend == (("lee", "Lee"),)
    assert (told.overtime_left, told.partner_left, told.judged) == (120, 30, 1)
    assert not cover(seen(waits=waits[:4], posts=(KIM,))).short, "of fewer than five nothing is expected"


def test_cover_that_was_bought_counts_as_one_more_and_is_taken_from_the_budget() -> None:
    waits = [waited(str(n), 60 * n) for n in range(1, 31)]
    bought = Cover("c1", "refunds", "overtime", 60, "mara", "Mara", NOW - MINUTE, NOW + 59 * MINUTE)
    told = cover(seen(Led(covers=[bought]), waits=waits, posts=(KIM,), paces=(Pace("refunds", 4 * MINUTE),)))
    assert (told.overtime_left, [title for title, _ in told.bought]) == (60, ["Refunds"])
    before = cover(seen(waits=waits, posts=(KIM,), paces=(Pace("refunds", 4 * MINUTE),))).short[0]
    assert not told.short or told.short[0].more == before.more - 1


def test_the_mix_is_by_queue_and_never_by_person() -> None:
    told = mix(
        seen(
            talks=[
                talk("a", "rep", "high"), talk("b", "queue", "low"), talk("c", "agent", "medium"), talk("d", "agent", None),
                talk("e", "rep", "low", "bag_delayed"),
            ]
        )
    )  # fmt: skip
    refunds, bags = told.rows
    assert (refunds.people, refunds.ai, refunds.ungraded, refunds.total) == ((1, 0, 1), (0, 1, 0), 1, 3)
    assert (bags.people, told.everything.people, told.everything.ai) == ((1, 0, 0), (2, 0, 1), (0, 1, 0))
    assert not mix(seen()).rows


def place(key: str, waits_s: int) -> Place:
    return Place(f"conversation/{key}", "waiting", "refunds", NOW - waits_s * 1000, skill="refunds")


def test_an_alert_has_an_owner_and_is_gone_once_somebody_is_done_until_another_waits_too_long() -> None:
    line = (place("a", 400), place("b", 310))
    mine = Owned("long-refunds", "taken", "mara", "Mara", NOW - MINUTE, NOW - MINUTE)
    (alert,) = alerts(seen(Led(owned=[mine]), places=line, posts=(KIM,)))
    assert (alert.owner, alert.staff) == ("Mara", "mara")
    done = msgspec.structs.replace(mine, state="done", at_ms=NOW, until_ms=NOW)
    assert not alerts(seen(Led(owned=[done]), places=line, posts=(KIM,)))
    earlier = msgspec.structs.replace(mine, state="done", until_ms=NOW - MINUTE)
    assert alerts(seen(Led(owned=[earlier]), places=line, posts=(KIM,))), "b came past five minutes since"
    old = msgspec.structs.replace(mine, at_ms=NOW - 31 * MINUTE)
    assert alerts(seen(Led(owned=[old]), places=line, posts=(KIM,)))[0].owner == ""


def test_help_stands_first() -> None:
    led = Led(helps=[Help("a", "kim", NOW - MINUTE), Help("over", "kim", NOW)])
    first, second = alerts(seen(led, talks=[talk("a", "rep", "high")], places=(place("b", 400),), posts=(KIM,)))
    assert (first.id, first.title, first.conversation) == ("help-a", "Kim asks for help: refund status.", "a")
    assert second.id == "long-refunds"


def test_waits_in_an_outage_are_left_out_and_marked() -> None:
    outage = Span("o1", "refunds", NOW - 20 * MINUTE, NOW - 10 * MINUTE)
    waits = [
        waited("in", 15 * 60, 400),
        waited("before", 30 * 60, 5),
        waited("after", 5 * 60, 5),
        waited("other", 15 * 60, 5, "bags"),
    ]
    judged = level.in_target(waits, {"refunds": REFUNDS, "bags": BAGS}, NOW, [outage])
    assert (level.level(judged).met, level.level(judged).n) == (3, 3)
    assert "1 wait in an outage is left out." in service(seen(Led(outages=[outage]), waits=waits)).says
    everywhere = msgspec.structs.replace(outage, queues="", ended_ms=0)
    assert level.level(level.in_target(waits, {}, NOW, [everywhere])).n == 1


def test_who_is_moved_says_until_when_and_what_was_led_is_in_the_changes() -> None:
    led = Led(
        loans=[Lending("lee", "refunds", NOW + MINUTE, "mara", NOW - MINUTE, 512)],
        covers=[Cover("c1", "bags", "partner", 30, "mara", "Mara", NOW - 2 * MINUTE, NOW + MINUTE, 256)],
        thirds=[Third(768, "a", "mara", "Mara", NOW - 3 * MINUTE)],
    )
    shown = seen(led, posts=(LEE,))
    assert people(shown).cards[0].lent_ms == NOW + MINUTE
    assert [(c.position, c.text, c.who) for c in changes(shown, []).shown] == [
        (512, "Lee serves Refunds for a while.", "Mara Nilsen"),
        (256, "One more on Bags for 30 minutes, partner.", "Mara"),
        (768, "Spoke in a conversation as a third.", "Mara"),
    ]
