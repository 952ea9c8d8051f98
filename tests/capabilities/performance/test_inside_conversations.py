"""Metrics of what happens inside conversations, of languages, teams and ratings: each worked by hand."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
from sqlalchemy import Table

from baton.capabilities.empathy.tables import NEEDS as NEEDED
from baton.capabilities.performance.events import Rated
from baton.capabilities.performance.registry import metrics, rows_of
from baton.capabilities.performance.tables import AI_USE, OFFERS, RATINGS
from baton.capabilities.resolution.tables import NEEDS, PROMISES
from baton.capabilities.routing.tables import CONVERSATIONS as WAITS
from baton.kernel.errors import BatonError
from tests.capabilities.performance.test_metrics import CALLS, CHAT, book, one
from tests.scenes.ledger_room import Room, room

pytestmark = pytest.mark.scene

T = 1_772_500_000_000
PERSON: list[Mapping[str, object]] = [  # reached after 30 s; after 90 s; never, and the AI spoke on; declined
    {"epoch": 1, "needed_ms": T, "queued_ms": T + 2000, "reached_ms": T + 30_000, "reached": 1, "clicks": 1},
    {
        "epoch": 2,
        "needed_ms": T,
        "queued_ms": T + 4000,
        "reached_ms": T + 90_000,
        "reached": 1,
        "clicks": 3,
        "refused": 1,
    },
    {"epoch": 3, "needed_ms": T, "clicks": 0, "stayed_with_ai": 1, "missed": 1, "reason": "legal"},
    {"epoch": 4, "needed_ms": T, "declined": 1},
]
OFFERED = [{"rep": "kim", "day": "2026-03-03", "taken": 3, "passed": 1, "unanswered": 1}]
WAITED = [{"told_ms": 60_000, "within_ms": 120_000, "waited_ms": 90_000, "answered_ms": T}]
RATED = [{"scale": "csat", "score": 5}, {"scale": "nps", "score": 6}, {"scale": "ces", "score": 6}]
PROMISED = [{"promise": "a", "state": "kept"}, {"promise": "b", "state": "broken"}, {"promise": "c", "state": "open"}]
USED = [
    {
        "rep": "kim",
        "day": "2026-03-03",
        "requested": 4,
        "shown": 8,
        "picked": 2,
        "edited": 1,
        "own_words": 1,
        "reworked": 1,
    }
]


async def filled(here: Room, table: Table, conversation: str, rows: Sequence[Mapping[str, object]]) -> None:
    """Rows of one conversation, as the measures would have written them."""
    for row in rows:
        told = {"conversation": conversation, **row}
        names, marks = ", ".join(told), ", ".join("?" * len(told))
        await here.store.many(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", [tuple(told.values())])


FILLED: list[tuple[Table, Sequence[Mapping[str, object]]]] = [
    (NEEDED, PERSON), (OFFERS, OFFERED), (WAITS, WAITED), (RATINGS, RATED), (PROMISES, PROMISED), (AI_USE, USED),
]  # fmt: skip
HAPPENED = [
    ("time_to_person", 120, 2),
    ("person_in_60s", 1, 3),  # whoever declined is left out
    ("time_to_queue", 6, 2),
    ("clicks_to_person", 4, 2),
    ("missed_escalations", 1, 3),
    ("refused_escalations", 1, 3),
    ("declined_person", 1, 4),
    ("empathy_debt", 1, 3),
    ("complaints", 1, 4),  # of four chats, one in which somebody spoke of legal steps
    ("offers_passed", 1, 4),
    ("offers_unanswered", 1, 5),
    ("quote_kept", 1, 1),
    ("quote_error", 30, 1),
    ("csat", 1, 1),
    ("nps", -1, 1),
    ("ces", 6, 1),
    ("promises_kept", 1, 2),
    ("suggestions_requested", 4, 1),
    ("suggestions_picked", 2, 4),
    ("suggestions_edited", 1, 4),
    ("suggestions_own_words", 1, 4),
    ("silent_rework", 1, 3),
    ("assist_rate", 3, 8),
    ("copilot_conversations", 1, 1),
]


async def test_what_happened_in_one_conversation(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        (seen, *_), _ = await rows_of(here.store, "escalation", group={"path": "agent_rep"})
        await here.store.many("DELETE FROM routing_conversations", [()])
        for table, rows in FILLED:
            await filled(here, table, seen.id, rows)
        for name, y, x in HAPPENED:
            found = await one(here, name)
            assert (found.y, found.x) == (y, x), name


async def test_other_languages_beside_the_most_frequent_one(tmp_path: Path) -> None:
    # Three of four English needs are met, one of two German ones: 50 % - 75 % = -25 points.
    rows = "".join(
        f"l{n},2026-03-03 10:00,customer,Hm,cu{n},easy,{'no' if n in (0, 4) else 'yes'},,\nl{n},2026-03-03 10:01,agent,Hm,cu{n},,,,\n"
        for n in range(6)
    )
    async with room(tmp_path) as here:
        await here.imported("csv", CHAT + rows)
        assert (await one(here, "parity_resolution")).value is None
        met = {str(need["need"]): need["state"] for need in await here.rows(NEEDS)}
        failed = [need for need, state in met.items() if state not in {"provisional", "confirmed"}]
        german = [failed[0], next(need for need in met if need not in failed)]
        await here.store.many("UPDATE lake_conversations SET language = 'en'", [()])
        await here.store.many(
            "UPDATE lake_conversations SET language = 'de' WHERE conversation = ?", [(g,) for g in german]
        )
        told = await one(here, "parity_resolution")
        assert told.value == pytest.approx(-0.25)
        assert told.low is not None
        assert told.low < -0.25
        assert told.note == "2 of other languages less 4 of 'en'."


async def test_the_load_of_a_team_is_never_one_rep(tmp_path: Path) -> None:
    rows = [
        f"w{n},cu{n},voice,q,2026-03-05 09:{n}0:00,2026-03-05 09:{n}0:00,2026-03-05 09:{n}5:00,,,kim,,\n"
        for n in range(5)
    ]
    async with room(tmp_path) as here:
        await here.imported("contacts", CALLS + "".join(rows))
        load = await one(here, "work_load")
        assert (load.y, load.x) == (5 * 300, 45 * 60), "five calls of five minutes, low complexity, in 45 minutes"
        with pytest.raises(BatonError, match="for teams only"):
            await metrics(here.store, ["work_load"], ["rep"])
        assert "work_load" not in {f.metric for f in await metrics(here.store, (), ["rep"])}


async def test_the_last_rating_on_a_scale_counts_beside_who_answered(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.talked("t1", "ana", ("customer", "Hello"))
        await here.talked("t2", "bo", ("customer", "Hello"))
        await here.append("conversation/t1", Rated("csat", 2), by="customer")
        await here.append("conversation/t1", Rated("csat", 5), by="customer")
        csat, response = await metrics(here.store, ["csat"])
        assert (csat.metric, csat.y, csat.x) == ("csat", 1, 1)
        assert (response.metric, response.y, response.x) == ("rating_response", 1, 2)


async def test_what_has_no_data_says_so(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        told = await one(here, "adherence")
        assert (told.value, told.note) == (None, "no data: there are no schedules yet")
