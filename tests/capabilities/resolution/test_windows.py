"""The ledger for other windows: a worked example, shares that sum to all needs for each W, and W = 7 as the log itself keeps it."""

import random
from pathlib import Path

import pytest

from baton.capabilities.resolution.events import STATES
from baton.capabilities.resolution.judging.needs import WINDOWS_DAYS
from baton.capabilities.resolution.reading.windowed import told, window_of, windows
from baton.kernel.conversation import Started
from baton.kernel.ports import Judgement
from baton.web.asked import Asked
from tests.scenes.ledger_room import room
from tests.scenes.recorded import Recorded

pytestmark = pytest.mark.scene

MODELS = Recorded(
    {
        "Where is my refund?": Judgement(intent="refund_status", intent_confidence=900, intent_margin=500),
        "Thanks, that is solved.": Judgement(confirms=950, mood=500),
    }
)
ASK = ("customer", "Where is my refund?")
SOLVED = ("customer", "Thanks, that is solved.")
ALONE = ("lake", "resolution", "orchestration", "sentiment")
ALL = Asked("all")


async def test_four_days_later_by_hand(tmp_path: Path) -> None:
    """Ana comes back after 2 days and is helped again, Bo does not come back, Cy is still talking; 4 days have passed.

    W = 1: Ana's window closed before she returned: two needs, both confirmed; with Bo's three. W = 3: Ana's return reversed hers, and the
    window of the second contact is open; Bo's is confirmed. W = 7 and more: Bo's is provisional. Cy's is open for every W.
    """
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("ana-1", "ana", ASK, SOLVED, why="resolved")
        await here.talked("bo", "bo", ASK, SOLVED, why="resolved")
        await here.pass_days(2)
        await here.talked("ana-2", "ana", ASK, SOLVED, channel="voice", why="resolved")
        await here.pass_days(2)
        await here.append("conversation/cy", Started(customer="cy"), by="customer")
        found, _ = await windows(here.store, ALL, here.clock.now_ms())
        counts = {days: {s: n for s, n in w.counts.items() if n} for days, w in found.items()}
        later = {"provisional": 1, "reversed": 1, "open": 1}
        assert counts == {
            1: {"confirmed": 3, "open": 1}, 3: {"confirmed": 1, "reversed": 1, "open": 1}, 7: later, 14: later, 30: later,
        }  # fmt: skip
        assert all(abs(sum(s.value for s in w.shares.values()) - 1) < 1e-9 for w in found.values())
        assert found[1].shares["confirmed"].value == 0.75
        assert found[1].shares["confirmed"].clusters == 3, "Ana's two needs are one customer's"


async def test_filters_ask_about_the_contact_that_a_need_began_with(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        began = here.clock.now_ms()
        await here.talked("chat", "ana", ASK, SOLVED, why="resolved")
        await here.pass_days(2)
        await here.talked("call", "ana", ASK, channel="voice")
        now = here.clock.now_ms()
        asked = {
            "chat": Asked("all", channel="chat"),
            "voice": Asked("all", channel="voice"),
            "later": Asked("", from_ms=began + 1000),
        }
        found = {name: [n.need for n in await told(here.store, each, 7, now)] for name, each in asked.items()}
        assert found == {"chat": ["chat"], "voice": [], "later": []}, "what began before the period is no need of it"
        assert [n.need for n in await told(here.store, asked["voice"], 1, now)] == ["call"], (
            "for W = 1 it is one of its own"
        )


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_seven_days_are_what_the_log_keeps(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    rows = [
        f"k{n},cu{chance.randrange(6)},{chance.choice(['voice', 'email'])},q{chance.randrange(2)},2026-03-{day:02d} 09:{n:02d},"
        f"2026-03-{day:02d} 09:{n:02d}:20,2026-03-{day:02d} 10:00,kim,refund,{chance.choice(['yes', 'no', ''])}"
        for n in range(50)
        for day in [chance.randrange(1, 31)]
    ]
    head = "contact,customer,channel,queue,offered_at,answered_at,ended_at,rep,need,outcome\n"
    async with room(tmp_path) as here:
        await here.imported("contacts", head + "\n".join(rows) + "\n")
        kept = {str(row["need"]): (row["state"], row["conversations"]) for row in await here.needs()}
        found = await told(here.store, ALL, 7, here.clock.now_ms() + 400 * 86_400_000)
        assert {n.need: (n.state, len(n.conversations)) for n in found} == kept
        everything = [window_of(days, await told(here.store, ALL, days, 0)) for days in WINDOWS_DAYS]
        assert all(sum(w.counts[s] for s in STATES) == w.needs for w in everything)
