"""Acts that somebody tries to get by a yes that is none: given twice, late, by somebody else, to another price, or after the switch was turned."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import pytest

from baton.capabilities.governance.switch import reach
from baton.demo.halcyon.toolbox import call
from baton.demo.world import RecordError
from baton.engines.tools import ToolRefused
from baton.kernel.conversation import Holder, Role, TurnSaid
from tests.scenes.agents_floor import Answer, Floor, floor, world

pytestmark = pytest.mark.scene

MAIL = "ana.ruiz@example.com"


async def asked_for_a_yes(it: Floor) -> int:
    """Everything until the customer is asked for a yes; the password version before."""
    await it.begins()
    await it.customer("I forgot my password")
    await it.customer(f"It is {MAIL}")
    code = it.record.mailbox(MAIL)[0].body.removeprefix("Your code is ")[:6]
    (asked,) = await it.customer(f"The code is {code}")
    assert asked.startswith("Shall I reset")
    return version(it)


def version(it: Floor) -> int:
    return it.record.account(MAIL).password_version


async def test_a_yes_that_is_said_again_and_again_acts_once(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        before = await asked_for_a_yes(it)
        for _ in range(5):
            await it.customer("Yes please")
        assert version(it) == before + 1
        assert [e.tool for e in it.record.ledger()].count("reset_password") == 1


async def test_ten_yeses_at_once_act_once(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        before = await asked_for_a_yes(it)
        yes = [
            it.committer.append("conversation/one", TurnSaid("customer", "Yes please"), by="customer")
            for _ in range(10)
        ]
        await it.committing(asyncio.gather(*yes))
        assert version(it) == before + 1


@pytest.mark.parametrize("late_s", [601, 3600, 86_400])
async def test_a_yes_that_comes_ten_minutes_later_acts_not(tmp_path: Path, late_s: int) -> None:
    async with floor(tmp_path) as it:
        before = await asked_for_a_yes(it)
        it.clock.forward(late_s)
        await it.customer("Yes please")
        assert version(it) == before


async def test_a_clock_that_goes_back_gives_no_second_act(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        before = await asked_for_a_yes(it)
        await it.customer("Yes please")
        for back_s in (300, 3600, 86_400):
            it.clock.forward(-back_s)
            await it.customer("Yes please")
        assert version(it) == before + 1


@pytest.mark.parametrize(
    ("role", "by"),
    [
        ("rep", "rep/kim"), ("customer", "rep/kim"), ("customer", "staff/dara"), ("customer", "integration/bridge"), ("customer", "agent/assistant"),
        ("customer", "machine/m1"), ("machine", "machine/m1"), ("agent", "agent/assistant"), ("system", "system"),
    ],
)  # fmt: skip
async def test_nobody_says_yes_for_a_person(tmp_path: Path, role: Role, by: str) -> None:
    async with floor(tmp_path) as it:
        before = await asked_for_a_yes(it)
        await it.append("conversation/one", TurnSaid(role, "Yes please, reset it"), by=by)
        assert version(it) == before, (role, by)


async def test_a_yes_in_another_conversation_is_no_yes_here(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        before = await asked_for_a_yes(it)
        await it.begins("two")
        await it.customer("Yes please", "two")
        assert version(it) == before


class Price:
    """Halcyon's tools, with a quote that can be raised, and acts that can be made to wait."""

    def __init__(self) -> None:
        self.it: Floor | None = None
        self.more = 0
        self.refunded: list[str] = []
        self.waits: asyncio.Event | None = None
        self.began = asyncio.Event()

    async def __call__(self, name: str, args: Mapping[str, str], key: str) -> Answer:
        assert self.it is not None
        if name == "refund":
            self.refunded.append(args["cents"])
            self.began.set()
            if self.waits is not None:
                await self.waits.wait()
        try:
            found = call(self.it.record, name, args, key)
        except RecordError as error:
            raise ToolRefused(error.code, error.message) from error
        return (
            {**found, "cents": int(found["cents"]) + self.more} if name in {"refund_quote", "cancel_quote"} else found
        )


async def quoted(it: Floor, price: Price, wish: str = "I want a refund for my booking") -> None:
    """A wish until the customer is asked for a yes to it."""
    price.it = it
    booking = next(
        b for b in world().bookings.values() if b.state == "confirmed" and b.fare == "flex" and b.paid_cents <= 40_000
    )
    await it.begins()
    await it.customer(wish)
    await it.customer(booking.code)
    await it.customer(world().by_id[booking.customer_id].last_name)


async def test_a_price_that_changed_after_it_was_told_is_not_paid_on_the_old_yes(tmp_path: Path) -> None:
    price = Price()
    async with floor(tmp_path, price) as it:
        await quoted(it, price)
        told = it.said()[-1]
        price.more = 100
        await it.customer("yes")
        paid = [f"€{int(cents) / 100:g} " for cents in price.refunded]
        assert all(each in told for each in paid), "nothing but the price that was told is paid"
        assert len(paid) <= 1


@pytest.mark.parametrize("wish", ["I want a refund for my booking", "I want to cancel my booking"])
async def test_an_amount_that_moved_under_the_question_is_asked_anew_and_then_counts(tmp_path: Path, wish: str) -> None:
    price = Price()
    async with floor(tmp_path, price) as it:
        await quoted(it, price, wish)
        price.more = -500
        changed = await it.customer("yes")
        assert "the price has changed" in changed[-1] and "Shall I" in changed[-1]
        assert not it.record.ledger(), "nothing was done on the yes to another amount"
        await it.customer("yes")
        assert len(it.record.ledger()) == 1, "done once, on the yes to what it is now"


async def test_an_amount_that_moves_again_and_again_goes_to_a_person(tmp_path: Path) -> None:
    price = Price()
    async with floor(tmp_path, price) as it:
        await quoted(it, price)
        for _ in range(4):
            price.more -= 100
            await it.customer("yes")
        holder = it.fact(Holder)
        assert holder is not None and holder.kind == "queue" and not it.record.ledger()


async def test_the_switch_turned_while_an_act_runs_silences_the_agent_and_does_nothing_twice(tmp_path: Path) -> None:
    price = Price()
    price.waits = asyncio.Event()
    async with floor(tmp_path, price) as it:
        await quoted(it, price)
        await it.customer("yes")
        await asyncio.wait_for(price.began.wait(), 5)
        assert len(price.refunded) == 1
        spoken = len([t for t in it.turns() if t.who == "assistant"])
        await it.committing(reach.stop(it.committer, "assistant", "sam", "an incident"))
        price.waits.set()
        for _ in range(20):
            await asyncio.sleep(0.005)
            await it.rest()
        assert len([t for t in it.turns() if t.who == "assistant"]) == spoken, "it says nothing more"
        await it.customer("yes")
        holder = it.fact(Holder)
        assert holder is not None and holder.kind == "queue"
        assert len(price.refunded) == 1 and len(it.record.ledger("refund")) <= 1
