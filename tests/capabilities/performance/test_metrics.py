"""Every metric against a small book of contacts, worked by hand."""

from pathlib import Path

import pytest

from baton.capabilities.performance.registry import METRICS, Filters, metric_of, metrics, page, rows_of, with_beside
from baton.capabilities.performance.registry.ledger import changes, equal_mix, ledger, recontact_pairs, shares_of
from baton.capabilities.performance.registry.seen import Figure
from baton.capabilities.resolution.events import STATES
from baton.kernel.errors import BatonError
from tests.scenes.ledger_room import Room, room

pytestmark = pytest.mark.scene

CHAT = "conversation,at,role,text,customer,intent,outcome,rep,queue\n"
CALLS = "contact,customer,channel,queue,offered_at,answered_at,ended_at,hold_s,wrap_s,rep,need,abandoned\n"
CHATS = (
    "c1,2026-03-03 10:00,customer,Refund?,ana,refund,yes,,\nc1,2026-03-03 10:01,agent,Done,ana,,,,\n"  # Tuesday, contained
    "c2,2026-03-03 11:00,customer,Refund?,bo,refund,,,\nc2,2026-03-03 11:01,agent,Done,bo,,,,\n"  # contained, silent
    "c3,2026-03-04 10:00,customer,Bag?,cy,bag,,,\nc3,2026-03-04 10:01,agent,Hm,cy,,,,\n"
    "c3,2026-03-04 10:03,rep,Here it is,cy,,,kim,bags\n"  # escalated, waited 2 minutes
    "c4,2026-03-31 10:00,customer,Seat?,di,seat,yes,,\nc4,2026-03-31 10:01,agent,Done,di,,,,\n"  # contained, at the end of the file
)
BOOK = (
    # Thursday: ana rings back about the refund. Waits 10 s, talks 170 s, wraps 20 s.
    "k1,ana,voice,refunds,2026-03-05 09:00:00,2026-03-05 09:00:10,2026-03-05 09:03:00,30,20,kim,refund,\n"
    "k2,ed,voice,refunds,2026-03-05 09:10:00,2026-03-05 09:10:40,2026-03-05 09:12:40,0,0,kim,refund,\n"  # waits 40 s, talks 120 s
    "k3,fay,voice,refunds,2026-03-05 09:20:00,,2026-03-05 09:21:00,,,,refund,yes\n"  # abandoned after 60 s
    "k4,gus,voice,refunds,2026-03-05 09:30:00,,2026-03-05 09:30:03,,,,refund,yes\n"  # abandoned after 3 s: not counted
    "k5,ed,voice,refunds,2026-03-31 09:40:00,2026-03-31 09:40:05,2026-03-31 09:41:05,0,10,bo,refund,\n"  # waits 5 s, 70 s
)


async def book(here: Room) -> None:
    await here.imported("csv", CHAT + CHATS)
    await here.imported("contacts", CALLS + BOOK)


async def one(here: Room, name: str, **where: str) -> Figure:
    found = await metrics(here.store, [name], (), Filters(where=where))
    return found[0]


BOOKED = [
    ("containment", 3, 4),  # c1, c2 and c4 of four chats with an AI
    ("resolved_in_contained", 0, 3),  # c1 came back, c2 is silent, c4 is provisional
    ("verified_resolution", 0, 4),
    ("escalation", 1, 4),
    ("judged_resolution", 0, 0),  # no model knows these words
    ("ledger_reversed", 1, 7),  # ana; ed's two calls in 26 days are one need
    ("ledger_provisional", 1, 7),  # di
    ("ledger_given_up", 2, 7),  # fay, gus
    ("ledger_unaccounted", 3, 7),  # bo, cy, ed
    ("recontact_1d", 0, 7),
    ("recontact_3d", 1, 7),  # ana after two days; contacts of 31 March were not observed long enough
    ("recontact_30d", 0, 0),
    ("abandon", 1, 5),  # fay of the 4 answered by people (cy's too) and fay
    ("service_level", 2, 5),  # k1 and k5 within 20 s
    ("service_level_answered", 2, 4),  # of k1, k2, k5 and cy's
    ("service_level_flow_outs", 2, 5),  # nobody flowed out
    ("service_level_short", 2, 6),  # gus as well
    ("abandon_queued", 2, 6),  # fay and gus
    ("abandon_offered", 2, 6),
    ("abandon_short", 1, 6),  # gus after 3 s
    ("contained_unverified", 1, 4),  # bo: silent
    ("deflection", 3, 9),  # c1, c2 and c4 of all nine contacts
    ("involvement", 4, 9),
    ("answer_rate", 4, 4),
    ("assumed_resolution", 3, 4),  # c1 and c4 stated, c2 silent: success to a vendor
    ("automation", 3, 9),
    ("reopened", 1, 2),  # of ana's and di's, ana's
    ("fcr_1d", 6, 6),  # di's window reaches beyond the file; ana's call and ed's second are not first contacts
    ("fcr_3d", 5, 6),  # ana came back
    ("verified_1d", 1, 3),  # ana's chat, of hers, bo's and cy's
    ("verified_3d", 0, 3),
    ("fcr_ticket", 1, 1),  # di wrote once
    ("first_reply", 240, 4),  # a minute each
    ("first_reply_person", 180, 1),  # cy: 10:00 to 10:03
    ("hold_time", 30, 4),
    ("wrap_time", 30, 4),  # 20 and 10 s
    ("transfers", 0, 4),
    ("handled", 4, 4),
    ("copilot_conversations", 0, 1),
]


async def test_shares(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        for name, y, x in BOOKED:
            found = await one(here, name)
            assert (found.y, found.x) == (y, x), name
            of = 1 if METRICS[name].unit == "count" else x
            assert found.value == (y / of if x else None), name


async def test_handle_times_waits_and_occupancy(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        aht = await one(here, "aht", channel="voice")
        assert (aht.y, aht.x, aht.value) == (190 + 120 + 70, 3, 380 / 3)
        by_rep = {
            f.group["rep"]: f.value
            for f in await metrics(here.store, ["aht"], ["rep"], Filters(where={"channel": "voice"}))
        }
        assert by_rep == {"kim": 155.0, "bo": 70.0}
        asa = await one(here, "asa", channel="voice")
        assert asa.value == (10 + 40 + 5) / 3
        assert (asa.n, asa.clusters) == (3, 2), "calls of one rep are not independent"
        assert (await one(here, "asa", channel="chat")).value == 120.0, "cy waited from the turn before the rep's"


async def test_occupancy_counts_concurrent_contacts_once(tmp_path: Path) -> None:
    # Six chats: five that overlap from 9:00 to 9:10, then a pause, and one from 9:30 to 9:40: busy 20 of 40 minutes.
    rows = [
        f"k{n},cu{n},chat,q,2026-03-05 09:0{n}:00,2026-03-05 09:0{n}:00,2026-03-05 09:10:00,,,kim,,\n" for n in range(5)
    ]
    rows.append("k9,cu9,chat,q,2026-03-05 09:30:00,2026-03-05 09:30:00,2026-03-05 09:39:30,,30,kim,,\n")
    async with room(tmp_path) as here:
        await here.imported("contacts", CALLS + "".join(rows))
        found = await one(here, "occupancy")
        assert (found.y, found.x, found.value) == (1200, 2400, 0.5)
        await here.imported("contacts", CALLS + rows[0].replace("k0", "kx").replace("kim", "bo"))
        assert (await one(here, "occupancy")).n == 1, "a day of fewer than five contacts says nothing"


async def test_sentiment_shift_and_complexity_from_what_the_models_say(tmp_path: Path) -> None:
    from baton.kernel.ports import Judgement
    from tests.scenes.recorded import Recorded

    models = Recorded({"bad": Judgement(mood=-600), "good": Judgement(mood=800)})
    text = "c1,2026-03-03 10:00,customer,bad,ana,,,,\nc1,2026-03-03 10:01,customer,good,ana,,,,\nc2,2026-03-03 10:01,customer,bad,bo,,,,\n"
    async with room(tmp_path, models) as here:
        await here.imported("csv", CHAT + text)
        row = (await here.conversations())[0]
        shift = await one(here, "sentiment_shift")
        assert (shift.value, shift.n) == (row["last_mood"] - row["first_mood"], 1)
        assert shift.y > 0
        mix = {
            f.metric: f.y for f in await metrics(here.store, ["complexity_low", "complexity_medium", "complexity_high"])
        }
        assert sum(mix.values()) == 2


async def test_the_ledger_bar_sums_to_a_thousand(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        bar = await ledger(here.store)
        assert (bar.needs, sum(s.needs for s in bar.shares), sum(s.permille for s in bar.shares)) == (7, 7, 1000)
        assert (bar.contained.y, bar.contained.x, bar.resolved_in_contained.y) == (3, 4, 0)
        told = {(row["was"], row["state"]) for row in await changes(here.store)}
        assert {("", "provisional"), ("provisional", "confirmed"), ("confirmed", "reversed")} <= told


def test_shares_sum_to_a_thousand_whatever_the_counts() -> None:
    for counts in ([1, 1, 1, 0, 0, 0, 0, 0, 0], [7, 11, 13, 17, 19, 23, 29, 31, 37], [0] * 8 + [3]):
        assert sum(s.permille for s in shares_of(dict(zip(STATES, counts, strict=True)))) == 1000
    assert sum(s.permille for s in shares_of(dict.fromkeys(STATES, 0))) == 0


async def test_what_contained_customers_did_next_side_by_side(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        (pair,) = (await recontact_pairs(here.store)).shown
        assert (pair.issue, pair.first.channel, pair.then.channel, pair.then.rep) == ("refund", "chat", "voice", "kim")
        assert pair.first.contained
        assert pair.gap_ms == (46 * 60 + 59) * 60_000
        assert (await recontact_pairs(here.store, days=1)).total == 0
        assert [
            p.first.contained for p in (await recontact_pairs(here.store, days=30, contained_only=False)).shown
        ] == [
            False,
            True,
        ]


async def test_people_and_ai_at_equal_mix(tmp_path: Path) -> None:
    chats, calls = [], []
    for n in range(40):  # Agents: 30 of 36 easy ones met, 1 of 4 hard. Reps: 9 of 10 easy, 15 of 30 hard.
        easy = n < 36
        yes = "yes" if (n < 30 if easy else n < 37) else "no"
        intent = "easy" if easy else "hard"
        chats.append(
            f"a{n},2026-03-03 10:00,customer,Hm,cu{n},{intent},{yes},,\na{n},2026-03-03 10:01,agent,Hm,cu{n},,,,\n"
        )
        easy = n < 10
        yes, intent = "yes" if (n < 9 if easy else n < 25) else "no", "easy" if easy else "hard"
        calls.append(
            f"r{n},2026-03-03 10:00,customer,Hm,re{n},{intent},{yes},,\nr{n},2026-03-03 10:01,rep,Hm,re{n},,,kim,\n"
        )
    async with room(tmp_path, only=("lake", "resolution", "performance", "empathy")) as here:
        await here.imported("csv", CHAT + "".join(chats + calls))
        found = await equal_mix(here.store)
        compared = found.comparison
        assert (compared.left_raw.value, compared.right_raw.value) == (31 / 40, 24 / 40)
        assert (compared.overlap_left, compared.overlap_right) == (36 / 40, 10 / 40)
        assert found.sentence == (
            "No difference can be claimed: only 90% of the first side's cases and 25% of the second's are of a kind that both serve."
        )


async def test_rows_behind_a_figure_are_its_figure(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        for metric in METRICS:
            whole, (rows, total) = await one(here, metric), await rows_of(here.store, metric)
            assert (sum(r.y for r in rows), sum(r.x for r in rows)) == pytest.approx((whole.y, whole.x)), metric
            assert total == len(rows)
        parts = await metrics(here.store, ["containment"], ["channel", "intent"])
        assert sum(f.n for f in parts if f.metric == "containment") == 4
        refund, total = await rows_of(here.store, "containment", group={"intent": "refund"}, limit=1)
        assert (len(refund), total) == (1, 2)


def test_containment_never_comes_without_resolution() -> None:
    assert with_beside(["containment"]) == ["containment", "verified_resolution", "resolved_in_contained"]


async def test_what_nobody_knows_is_said(tmp_path: Path) -> None:
    with pytest.raises(BatonError, match="There is no metric 'shoes'"):
        metric_of("shoes")
    async with room(tmp_path) as here:
        await book(here)
        with pytest.raises(BatonError, match="Nothing can be grouped by 'shoe size'"):
            await metrics(here.store, ["aht"], ["shoe size"])


async def test_an_empty_log_gives_no_figure_and_no_error(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        assert {f.value for f in await metrics(here.store) if f.unit != "count"} == {None}
        assert (await ledger(here.store)).needs == 0
        assert (await equal_mix(here.store)).comparison.difference is None


def test_the_reference_page_is_what_the_registry_says() -> None:
    told = Path(__file__).parents[3] / "docs" / "reference" / "metrics.md"
    assert told.read_text() == page(), "Write it anew: .venv/bin/python -m scripts.metrics"
