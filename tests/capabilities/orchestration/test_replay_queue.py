"""A replay of the queue: differences that a hand count gives, by the twin fed from what was logged."""

from collections.abc import Iterable, Sequence

import pytest

from baton.capabilities.orchestration.events import Line
from baton.capabilities.orchestration.replaying.altering import altered_routing
from baton.capabilities.orchestration.replaying.change import AiShare, Breathing, Change, Hours, Staffing
from baton.capabilities.orchestration.replaying.comparing import compared, seeds_for
from baton.capabilities.orchestration.replaying.traffic import Contact, Duty, Kept, Traffic
from baton.capabilities.orchestration.replaying.worlds import laws_of, paired
from baton.capabilities.routing.assigning.hours import is_open
from baton.capabilities.routing.events import Queue, Routing
from baton.engines.twin import simulate
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

MONDAY_MS = 1_767_571_200_000
"""2026-01-05, midnight UTC."""
MINUTE_MS, HOUR_MS = 60_000, 3_600_000
NINE_MS = MONDAY_MS + 9 * HOUR_MS
ROUTING = Routing((Queue("refunds", "Refunds", "refunds", target_s=60), Queue("bags", "Bags", "bags")))


def call(
    minute: float,
    waits: float = 0,
    takes: float = 10,
    rep: str = "kim",
    queue: str = "refunds",
    tried: bool = False,
    level: str = "low",
) -> Contact:
    """A call that was offered so many minutes after nine."""
    offered_ms = NINE_MS + round(minute * MINUTE_MS)
    answered_ms = offered_ms + round(waits * MINUTE_MS)
    return Contact(
        queue, "call", level, offered_ms, answered_ms, answered_ms + round(takes * MINUTE_MS), 0, rep, False, tried
    )


def left(minute: float, after: float) -> Contact:
    offered_ms = NINE_MS + round(minute * MINUTE_MS)
    return Contact("refunds", "call", "low", offered_ms, 0, offered_ms + round(after * MINUTE_MS), 0, "", True, False)


def day(
    contacts: Sequence[Contact], kept: Sequence[Kept] = (), reps: Iterable[str] = ("kim",), until: int = 12
) -> Traffic:
    duties = tuple(Duty(rep, NINE_MS, NINE_MS + until * HOUR_MS, True) for rep in reps)
    return Traffic(MONDAY_MS, MONDAY_MS + 24 * HOUR_MS, tuple(contacts), tuple(kept), duties, {})


def replayed(traffic: Traffic, change: Change, seed: int = 1) -> dict[tuple[str, str], Line]:
    to = altered_routing(change, ROUTING, lambda rules: rules)
    pair = paired(traffic, change, ROUTING, to, is_open)
    lines = compared(pair, traffic, ROUTING, simulate, seeds_for(len(traffic.contacts), seed))
    return {(line.name, line.queue): line for line in lines}


def test_one_more_rep_takes_the_wait_that_a_hand_count_gives() -> None:
    """Calls of ten minutes at 9:00 and 9:05, one rep: waits of 0 and 5 minutes. With two reps nobody waits."""
    told = replayed(day([call(0), call(5, waits=5)]), Change(staffing=(Staffing("refunds", 1, "08:00", "18:00"),)))
    wait, level = told["mean_wait", ""], told["service_level", ""]
    assert (wait.happened, wait.before.value, wait.after.value, wait.difference.value) == (
        150_000,
        150_000,
        0,
        -150_000,
    )
    assert (level.happened, level.before.value, level.after.value, level.difference.value) == (500, 500, 1000, 500)
    assert wait.method == "simulated"
    assert told["occupancy", ""].before.value == round(1000 * 20 / 720)


def test_a_rep_taken_away_leaves_the_others_the_work() -> None:
    """Calls of ten minutes at 9:00, one each: without Lee the second waits ten minutes."""
    both = [call(0), call(0, rep="lee")]
    told = replayed(day(both, reps=("kim", "lee")), Change(staffing=(Staffing("refunds", -1, "08:00", "24:00"),)))
    assert told["mean_wait", ""].before.value == 0
    assert told["mean_wait", ""].after.value == 300_000


def test_shorter_hours_are_counted_by_hand() -> None:
    """Of calls at 9:00, 10:00, 17:30 and 19:00 two come after six."""
    four = [call(minute) for minute in (0, 60, 510, 600)]
    told = replayed(day(four), Change(hours={"refunds": Hours(closes="17:00")}))
    met = told["met_closed", ""]
    assert (met.before.value, met.after.value, met.difference.value, met.method) == (0, 2, 2, "counted")
    assert told["service_level", ""].before.value == told["service_level", ""].after.value == 1000


def test_who_comes_in_hours_that_open_is_served() -> None:
    closed = Routing((Queue("refunds", "Refunds", target_s=60, opens_minute=600), ROUTING.queues[1]))
    change = Change(hours={"refunds": Hours(opens="09:00")})
    to = altered_routing(change, closed, lambda rules: rules)
    pair = paired(day([call(0), call(90)]), change, closed, to, is_open)
    assert (pair.before.closed, pair.after.closed) == (1, 0)
    assert [len(kind.arrivals_s or ()) for kind in pair.before.world.classes] == [0, 1]
    assert [len(kind.arrivals_s or ()) for kind in pair.after.world.classes] == [1, 1]


def test_what_ai_takes_is_gone_from_people() -> None:
    """AI kept 60 and passed nothing on, so it keeps all 40 that people had."""
    told = replayed(
        day([call(20 * n) for n in range(20)] + [call(20 * n, rep="lee") for n in range(20)], [Kept("refunds", "low", NINE_MS, 120.0)] * 60, ("kim", "lee")),
        Change(ai_share=(AiShare(100),)),
    )  # fmt: skip
    kept = told["kept_by_ai", ""]
    assert (kept.happened, kept.before.value, kept.after.value, kept.difference.value) == (600, 600, 1000, 400)


def test_what_ai_passes_on_comes_to_people_later() -> None:
    """AI kept 30 and passed 10 on: it keeps about three of four of the 40 it gets."""
    mine = [call(20 * n, tried=n < 10) for n in range(20)] + [call(20 * n, rep="lee") for n in range(20)]
    told = replayed(
        day(mine, [Kept("refunds", "low", NINE_MS, 120.0)] * 30, ("kim", "lee")), Change(ai_share=(AiShare(100),))
    )
    kept = told["kept_by_ai", ""]
    assert kept.before.value == round(1000 * 30 / 70)
    assert abs(kept.after.value - 1000 * (30 + 0.75 * 40) / 70) < 40
    assert kept.difference.low < kept.difference.value < kept.difference.high


def test_what_ai_gives_up_comes_to_people() -> None:
    """Half of the 40 that AI kept go to people."""
    told = replayed(
        day([call(30 * n) for n in range(20)], [Kept("refunds", "low", NINE_MS + n * 15 * MINUTE_MS, 120.0) for n in range(40)]),
        Change(ai_share=(AiShare(-50, "refunds"),)),
    )  # fmt: skip
    kept = told["kept_by_ai", ""]
    assert (kept.happened, kept.before.value) == (667, 667)
    assert abs(kept.difference.value + 333) < 40
    assert told["occupancy", ""].difference.low > 0


def test_breathers_cost_what_the_simulation_says() -> None:
    hard = [call(6 * n, takes=5, rep=("kim", "lee")[n % 2], level="high") for n in range(100)]
    told = replayed(day(hard, reps=("kim", "lee")), Change(breathers=Breathing("pause", 20, 900)))
    assert told["mean_wait", ""].difference.low > 0


def test_the_same_seed_gives_the_same_replay_and_another_seed_another() -> None:
    many = [call(4 * n, waits=n % 3, takes=3 + n % 7, rep=("kim", "lee")[n % 2]) for n in range(150)] + [
        left(4 * n, 1 + n % 5) for n in range(30)
    ]
    traffic, change = day(many, reps=("kim", "lee")), Change(routing={"starving_after_s": 60}, ai_share=(AiShare(30),))
    assert replayed(traffic, change) == replayed(traffic, change)
    assert replayed(traffic, change)["mean_wait", ""] != replayed(traffic, change, seed=2)["mean_wait", ""]


def test_a_change_of_nothing_that_counts_makes_no_difference() -> None:
    many = [call(4 * n, takes=3 + n % 7, rep=("kim", "lee")[n % 2]) for n in range(150)]
    told = replayed(day(many, reps=("kim", "lee")), Change(routing={"offer_s": 60}))
    assert {(line.difference.value, line.difference.low, line.difference.high) for line in told.values()} == {(0, 0, 0)}


def test_patience_counts_who_was_answered_as_censored() -> None:
    """Twenty left after 3 minutes each, forty were answered after one: 100 minutes of waiting, 20 of which ended it, so 5 minutes."""
    told = laws_of(day([left(n, 3) for n in range(20)] + [call(n, waits=1) for n in range(40)]))
    assert told.patience_s["refunds"] == pytest.approx(300)


def test_an_empty_period_or_one_without_reps_is_refused() -> None:
    with pytest.raises(BatonError, match="Nobody was offered to people"):
        replayed(day([]), Change(routing={"offer_s": 60}))
    with pytest.raises(BatonError, match="no queue to replay"):
        replayed(day([left(1, 2)], reps=()), Change(routing={"offer_s": 60}))


def test_more_reps_than_are_there_cannot_be_taken_away() -> None:
    with pytest.raises(BatonError, match="takes 3 away and 1 are there"):
        replayed(day([call(0)]), Change(staffing=(Staffing("refunds", -3),)))
    with pytest.raises(BatonError, match="no such day"):
        replayed(day([call(0)]), Change(staffing=(Staffing("refunds", 1, days=("sun",)),)))


def test_contacts_of_a_queue_that_nobody_serves_are_counted_apart() -> None:
    traffic = day([call(0), call(5, waits=5), left(3, 1)._replace(queue="bags")])
    pair = paired(traffic, Change(), ROUTING, ROUTING, is_open)
    assert pair.unserved == {"bags": 1}
    assert {key.queue for key in pair.keys} == {"refunds"}
