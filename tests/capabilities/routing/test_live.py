"""Live's figures and words, each worked out by hand, and the floor as a real store gives it."""

from pathlib import Path

import msgspec
import pytest

from baton.assembly.parts import read_models
from baton.capabilities.agents.events import Agent
from baton.capabilities.routing.events import Place, Post, Queue, Routing
from baton.capabilities.routing.screen import hour, level
from baton.capabilities.routing.screen.agents import fleet
from baton.capabilities.routing.screen.alerts import alerts
from baton.capabilities.routing.screen.asked import Asked
from baton.capabilities.routing.screen.changes import changes
from baton.capabilities.routing.screen.floor import (
    Breathers,
    Floor,
    Handed,
    Need,
    Stretch,
    Taken,
    Talk,
    Verdicts,
    Waited,
    look,
)
from baton.capabilities.routing.screen.parts import changed, parts
from baton.capabilities.routing.screen.people import people
from baton.capabilities.routing.screen.queues import rows
from baton.capabilities.routing.screen.risk import risks
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.tiles import ai, load, tiles, waiting
from baton.kernel.capability import load as load_capabilities
from baton.kernel.clock import FakeClock
from baton.kernel.committer import Committer
from baton.stores.keys import SqliteKeys
from baton.stores.postgres import PostgresStore
from baton.web.board import Board
from tests.scenes import agents_floor
from tests.scenes.runner import Scene

pytestmark = pytest.mark.scene

NOW = 1_795_750_000_000
MINUTE, SECOND = 60_000, 1000
REFUNDS = Queue("refunds", "Refunds", "refunds", ("refund_status",))
BAGS = Queue("bags", "Bags", "bags", ("bag_delayed", "other"), target_s=30)
KIM = Post("kim", "available", NOW - 9 * MINUTE, "Kim", ("refunds",), idle_since_ms=NOW - MINUTE)
AGENTS = (Agent("helper", "Helper", "3", approved=True), Agent("second", "Second", approved=True))


ALL = Asked()


def seen(asked: Asked = ALL, stopped: tuple[str, ...] = (), **floor: object) -> Seen:
    made = msgspec.structs.replace(Floor(NOW), **floor)
    return Seen(made, asked, (REFUNDS, BAGS), AGENTS, stopped, names={"mara": "Mara Nilsen"})


def place(key: str, waits_s: int, queue: str = "refunds", **more: object) -> Place:
    since_ms = NOW - waits_s * SECOND
    return Place(f"conversation/{key}", "waiting", queue, since_ms, skill=queue, **more)  # type: ignore[arg-type]


def waited(
    key: str, ago_s: int, took_s: int | None = None, left: str = "", within_s: int = 0, queue: str = "refunds"
) -> Waited:
    asked = NOW - ago_s * SECOND
    answered = None if took_s is None else asked + took_s * SECOND
    return Waited(key, queue, "chat", asked, answered, left, None, within_s * SECOND or None)


def talk(key: str, holder: str, who: str = "", **more: object) -> Talk:
    usual: dict[str, object] = {
        "since_ms": NOW - MINUTE, "waits_in": None, "asked_ms": None, "channel": "chat", "intent": "refund_status",
        "started_ms": NOW - 2 * MINUTE, "last_ms": NOW - 5000, "first": 0, "last": 0, "reasons": "", "halted": "",
    }  # fmt: skip
    return Talk(key, holder, who, **{**usual, **more})  # type: ignore[arg-type]


def need(key: str, reason: str, reached: int = 0, declined: int = 0) -> Need:
    return Need(key, 0, reason, NOW - MINUTE, None, reached, None, declined, 1)


def test_service_level_counts_from_the_need_and_judges_only_what_can_be_judged() -> None:
    waits = [
        waited("in time", 600, 20),
        waited("late", 500, 21),
        waited("left", 400, left="left"),
        waited("back to the AI", 300, left="agent"),
        waited("waits, still in time", 10),
        waited("waits too long", 25),
    ]
    judged = level.in_target(waits, {"refunds": REFUNDS}, NOW)
    found = level.level(judged)
    assert (found.met, found.n) == (1, 4)
    assert (found.permille, found.low, found.high) == (250, 46, 699)


def test_an_answer_of_an_earlier_wait_does_not_answer_this_one() -> None:
    again = Waited("a", "refunds", "chat", NOW - 30 * SECOND, NOW - 90 * SECOND, "", None, None)
    assert again.waited_ms is None
    three = [waited("b", 99, 40), waited("c", 99, 10), waited("d", 99, 12)]
    assert level.middle([again, *three]) == "0:12 median, too few for an interval, of 3"


def test_a_median_has_an_interval_by_ranks() -> None:
    # By hand: of nine the ranks are (9 - 1.96 * 3) / 2 = 1.56 and 1 + (9 + 1.96 * 3) / 2 = 8.44: the second and the eighth.
    assert level.middle([waited(str(n), 99, 10 * n) for n in range(1, 10)]) == "0:50 median, 0:20 to 1:20, of 9"
    assert level.middle([]) == ""


def test_a_quote_is_kept_when_a_person_came_within_it() -> None:
    found = level.kept([waited("a", 99, 30, within_s=30), waited("b", 99, 31, within_s=30), waited("c", 99, 5)])
    assert (found.met, found.n) == (1, 2)


def test_the_hour_is_drawn_from_what_happened_in_it() -> None:
    ten_ago = NOW - NOW % hour.STEP_MS - 10 * MINUTE
    line = hour.counts([(ten_ago, ten_ago + 4 * MINUTE), (ten_ago + 2 * MINUTE, NOW + 1)], NOW)
    assert line[-7:] == [1, 2, 1, 1, 1, 1, 1]
    assert hour.shares([], NOW) == []
    assert hour.shares([(ten_ago, True), (ten_ago, False)], NOW)[-1] == 500.0


def test_an_alert_says_what_must_be_done_now() -> None:
    floor = seen(places=tuple(place(k, 301 + n) for n, k in enumerate("abc")), posts=(KIM,))
    (told,) = alerts(floor)
    assert told.title == "Refunds: 3 customers have waited longer than 5 minutes."
    assert told.text == "Kim could take it; it is being offered."
    assert told.conversation == "c"
    assert waiting(floor).kind == "bad"
    assert not alerts(seen(places=(place("a", 299),), posts=(KIM,)))


def test_nobody_who_serves_a_queue_is_an_alert_at_once() -> None:
    (told,) = alerts(seen(places=(place("a", 3, "bags"),), posts=(KIM,)))
    assert told.title == "Bags: 1 customer waits and nobody who serves it is at work."


def test_queues_stand_in_words_and_stay_in_their_order() -> None:
    floor = seen(
        places=(place("a", 21), place("b", 5)),
        posts=(KIM,),
        talks=[talk("a", "queue", waits_in="refunds"), talk("b", "rep", "kim", waits_in="refunds"), talk("c", "agent", "helper")],
    )  # fmt: skip
    refunds, bags = rows(floor)
    assert (refunds.title, refunds.waiting, refunds.kind, refunds.state) == ("Refunds", 2, "warn", "past 20\u00a0s")
    assert (refunds.people, refunds.ai, refunds.people_permille) == (2, 1, 667)
    assert (bags.kind, bags.state) == ("warn", "nobody at work")
    assert [row.id for row in rows(seen(Asked("bags")))] == ["bags"]


def test_what_is_at_risk_comes_with_its_reason_the_most_pressing_first() -> None:
    floor = seen(
        talks=[
            talk("grief", "agent", "helper"),
            talk("asked", "agent", "helper"),
            talk("fell", "rep", "kim", first=100, last=-400),
            talk("fine", "agent", "helper"),
            talk("again", "agent", "helper", reasons="systems,asked_again"),
            talk("stays", "agent", "helper"),
            talk("quiet", "agent", "helper", last_ms=NOW - 31 * MINUTE, reasons="asked_again"),
        ],
        needs=[need("grief", "bereavement"), need("asked", "asked"), need("stays", "anger", declined=1)],
    )
    found = risks(floor)
    assert [(r.key, r.why) for r in found.shown] == [
        ("grief", "Told of a death, and the AI still has it"),
        ("asked", "Asked for a person, and the AI still has it"),
        ("fell", "Mood fell from 0.1 to \N{MINUS SIGN}0.4"),
        ("again", "Asked the same twice"),
    ]
    assert found.shown[0].urgent
    assert (found.total, found.of) == (4, 6)


def test_breathers_are_told_by_team_with_their_cost_and_of_no_team_under_eight() -> None:
    waits = [Breathers("Porto", 7, 3, 35), Breathers("Lisbon", 8, 2, 35)]
    assert (
        people(seen(breathers=waits)).need
        == "Waiting for approval: Lisbon: 2 breathers, up to +3.5\N{NO-BREAK SPACE}% late each."
    )
    assert people(seen(breathers=waits[:1])).need == ""


def test_the_load_is_places_in_use_of_those_who_serve() -> None:
    posts = (
        msgspec.structs.replace(KIM, held=3),
        msgspec.structs.replace(KIM, rep="lou", held=2, offered=1),
        msgspec.structs.replace(KIM, rep="max", presence="break"),
    )
    told = load(seen(posts=posts))
    assert (told.value, told.kind) == ("100\u00a0%", "warn")
    assert told.says == "Over the limit: waits grow fast from here. 6 of 6 places in use. Nobody has room now."


def test_an_agent_that_escalates_clearly_more_than_usual_is_marked_and_met_never_stands_alone() -> None:
    floor = seen(
        verdicts=[Verdicts("helper", "chat", "refund_status", "met", 6), Verdicts("helper", "chat", None, "silent", 4)],
        handed=[Handed("helper", "chat", "refund_status", 1020, 158, 20, 18)],
        talks=[talk("a", "agent", "helper")],
    )
    helper, second = fleet(floor).agents
    assert helper.above
    assert helper.serves
    assert (helper.met.met, helper.met.n, helper.live) == (6, 10, 1)
    assert (helper.usual.met, helper.usual.n) == (140, 1000)
    assert not second.serves
    assert ai(floor).sub == "met 60\u00a0% (31 to 83) of 10"
    stopped = fleet(seen(stopped=("helper",)))
    assert [a.state for a in stopped.agents] == ["stopped", "running"]
    assert stopped.agents[1].serves


def test_an_agent_of_a_queue_of_its_own_serves_there_and_is_not_on_stand_by() -> None:
    floor = seen()
    first, second = floor.agents
    floor.agents = (first, msgspec.structs.replace(second, queues=("bags",)))
    assert [a.serves for a in fleet(floor).agents] == [True, True]
    floor.stopped = (first.id,)
    assert [a.serves for a in fleet(floor).agents] == [False, True]


def test_where_every_agent_is_stopped_somebody_is_told() -> None:
    assert [a.title for a in alerts(seen(stopped=("*",)))] == ["Every AI agent is stopped."]


def test_only_parts_that_changed_are_sent_again() -> None:
    before = parts(seen(posts=(KIM,)), [], None)
    after = parts(seen(posts=(KIM,), places=(place("a", 3),)), [], None)
    assert not changed(parts(seen(posts=(KIM,)), [], None), [p.seen for p in before])
    assert {p.id for p in changed(after, [p.seen for p in before])} == {"tile-waiting", "queues"}


def test_a_filter_shows_one_queue_everywhere() -> None:
    floor = seen(
        Asked("bags"),
        places=(place("a", 3), place("b", 4, "bags")),
        posts=(KIM,),
        talks=[talk("x", "agent", "helper"), talk("y", "agent", "helper", intent=None)],
        waits=[waited("a", 9, 3), waited("b", 9, 3, queue="bags")],
        stretches=[Stretch("a", "refunds", "chat", NOW - 9000, NOW - 6000, None)],
    )
    now, service, _, _, agents, _ = tiles(floor)
    assert (now.value, agents.value) == ("1", "1")
    assert "1 wait." in service.says
    assert not people(floor).cards


def test_a_takeover_is_among_the_changes() -> None:
    (line,) = changes(seen(taken=[Taken(512, "a", "mara", "Mara Nilsen", NOW - MINUTE)]), []).shown
    assert (line.text, line.who, line.conversation) == ("Took over a conversation at once.", "Mara Nilsen", "a")


STORY = """
kim sits down: refunds; holds 1
customer: Where is my refund? I want to speak to a person
15 s pass
kim takes it
customer b: Where is my refund? I want to speak to a person
25 s pass
mara takes over b
customer c: Where is my refund? I want to speak to a person
7 s pass
"""


async def test_the_floor_is_read_from_a_real_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = load_capabilities(
        [f"baton.capabilities.{name}" for name in (*agents_floor.FLOOR, "ai_use", "floor", "lake", "resolution")]
    )
    monkeypatch.setattr(agents_floor, "crafts", lambda more=(): everything)
    async with agents_floor.floor(tmp_path) as on:
        await on.policy(Routing(queues=(REFUNDS,)))
        scene = Scene(on)
        for line in STORY.strip().splitlines():
            await scene.line(line)
        board = Board(on.committer)
        await board.refresh()
        now_ms = on.clock.now_ms()
        told = await look(on.committer.store, board, now_ms, now_ms + MINUTE)
        assert sorted((w.conversation, w.waited_ms) for w in told.waits) == [
            ("b", 25_000),
            ("c", None),
            ("one", 15_000),
        ]
        assert [taken.conversation for taken in told.taken] == ["b"]
        shown = Seen(told, Asked(), (REFUNDS,))
        assert (waiting(shown).value, waiting(shown).since_ms) == ("1", now_ms - 7000)
        assert {t.key: t.holder for t in told.talks}["b"] == "rep"


async def test_the_floor_is_read_from_either_store(postgres_url: str, tmp_path: Path) -> None:
    crafts = load_capabilities(
        [f"baton.capabilities.{name}" for name in (*agents_floor.FLOOR, "ai_use", "floor", "lake", "resolution")]
    )
    store = PostgresStore(postgres_url)
    await store.open(read_models(crafts))
    try:
        committer = Committer(store, crafts, SqliteKeys(tmp_path / "keys.db"), agents_floor.models(), FakeClock(NOW))
        assert await look(store, Board(committer), NOW, NOW + MINUTE) == Floor(NOW)
    finally:
        await store.close()
