"""Hours where the queue is: every answer beside the time-zone data of Python, with clock changes both ways."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from baton.capabilities.routing.assigning.hours import DAY_MS, MINUTE_MS, is_open, local_minute, opens_next_ms
from baton.capabilities.routing.events import Queue
from baton.capabilities.routing.rules.zones import zone

pytestmark = pytest.mark.unit

NOW_MS = 1_767_571_200_000
"""2026-01-05 00:00 UTC."""
NAMES = (
    "Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati", "Etc/GMT+12", "Asia/Kolkata",
    "Africa/Casablanca", "America/Santiago",
)  # fmt: skip
ZONES = {name: found for name in NAMES if (found := zone(name, NOW_MS))}


def ms(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp() * 1000)


def oracle(queue: Queue, at_ms: int) -> bool:
    """Whether the clock on the wall there shows opening hours of a day on which the queue works."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(queue.zone))
    minute, today = local.hour * 60 + local.minute, local.date()
    begins = {day: day.weekday() not in queue.closed_days and day.isoformat() not in queue.closed_dates
              for day in (today, today - timedelta(days=1))}  # fmt: skip
    if queue.opens_minute < queue.closes_minute:
        return begins[today] and queue.opens_minute <= minute < queue.closes_minute
    return (
        begins[today]
        if minute >= queue.opens_minute
        else minute < queue.closes_minute and begins[today - timedelta(days=1)]
    )


def drawn(source: random.Random) -> Queue:
    opens, closes = source.sample(range(0, 1441, 30), 2)
    return Queue(
        "q", "Q", opens_minute=min(opens, 1439), closes_minute=closes, zone=source.choice(NAMES),
        closed_days=tuple(source.sample(range(7), source.randrange(3))), closed_dates=("2026-03-29", "2026-11-01"),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(20))
def test_open_whenever_the_clock_on_the_wall_says_so(seed: int) -> None:
    source = random.Random(seed)
    for _ in range(500):
        queue = drawn(source)
        at_ms = NOW_MS + source.randrange(3 * 365 * DAY_MS)
        assert is_open(queue, at_ms, ZONES.values()) == oracle(queue, at_ms), (queue, at_ms)


@pytest.mark.parametrize("seed", range(10))
def test_it_opens_next_when_it_is_first_open_again(seed: int) -> None:
    source = random.Random(1000 + seed)
    for _ in range(20):
        queue = drawn(source)
        at_ms = (NOW_MS + source.randrange(400 * DAY_MS)) // MINUTE_MS * MINUTE_MS
        if oracle(queue, at_ms):
            continue
        opens_ms = opens_next_ms(queue, at_ms, ZONES.values())
        first = next(t for t in range(at_ms, at_ms + 9 * DAY_MS, 15 * MINUTE_MS) if oracle(queue, t))
        assert first - 15 * MINUTE_MS < opens_ms <= first
        assert oracle(queue, opens_ms)


def test_when_clocks_go_forward_an_hour_that_is_skipped_opens_at_the_change() -> None:
    queue = Queue("q", "Q", opens_minute=150, closes_minute=600, zone="Europe/Berlin")
    zones = [found for name in ("Europe/Berlin",) if (found := zone(name, NOW_MS))]
    assert opens_next_ms(queue, ms("2026-03-29T00:00+01:00"), zones) == ms("2026-03-29T03:00+02:00")
    assert not is_open(queue, ms("2026-03-29T01:59+01:00"), zones)
    assert is_open(queue, ms("2026-03-29T03:00+02:00"), zones)


def test_when_clocks_go_back_the_hour_that_comes_twice_is_open_both_times() -> None:
    queue = Queue("q", "Q", opens_minute=120, closes_minute=180, zone="Europe/Berlin")
    berlin = zone("Europe/Berlin", NOW_MS)
    assert berlin is not None
    open_at = [
        at
        for at in range(ms("2026-10-25T00:00+02:00"), ms("2026-10-25T05:00+01:00"), 600_000)
        if is_open(queue, at, (berlin,))
    ]
    assert (open_at[0], open_at[-1]) == (ms("2026-10-25T02:00+02:00"), ms("2026-10-25T02:50+01:00"))
    assert len(open_at) == 12


def test_each_queue_has_its_own_clock() -> None:
    zones = [found for name in ("Asia/Tokyo", "America/Lima") if (found := zone(name, NOW_MS))]
    tokyo, lima = Queue("t", "T", zone="Asia/Tokyo"), Queue("l", "L", zone="America/Lima")
    assert local_minute(tokyo, NOW_MS, zones) == 9 * 60
    assert local_minute(lima, NOW_MS, zones) == 19 * 60


def test_a_holiday_is_closed_all_day_there() -> None:
    queue = Queue("q", "Q", opens_minute=540, closes_minute=1020, zone="Asia/Tokyo", closed_dates=("2026-05-05",))
    tokyo = zone("Asia/Tokyo", NOW_MS)
    assert tokyo is not None
    assert not is_open(queue, ms("2026-05-05T12:00+09:00"), (tokyo,))
    assert opens_next_ms(queue, ms("2026-05-04T18:00+09:00"), (tokyo,)) == ms("2026-05-06T09:00+09:00")


def test_no_such_zone() -> None:
    assert zone("Mars/Olympus", NOW_MS) is None
    assert zone("../etc/passwd", NOW_MS) is None
