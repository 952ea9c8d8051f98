"""Scenes: procedures that read, refuse, change, and ask a rep for one approval."""

from pathlib import Path

import pytest

from baton.capabilities.agents.answers.suggest import suggestions
from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven, AwaitsApproval, Underway
from baton.capabilities.agents.procedures import engine
from baton.capabilities.agents.procedures.wording import AWAITS, LINES, money
from baton.demo.halcyon.records import Booking
from baton.kernel.conversation import Decided, Holder
from tests.scenes.agents_floor import Floor, floor, world

pytestmark = pytest.mark.scene


def flex(over: bool) -> Booking:
    """A flex booking whose refund is beyond the agent's limit of €400, or within it."""
    found = (b for b in world().bookings.values() if b.state == "confirmed" and b.fare == "flex")
    return next(b for b in found if (b.paid_cents > 40_000) is over)


def last_name(booking: Booking) -> str:
    """The traveller's last name."""
    return world().by_id[booking.customer_id].last_name


def approval_of(it: Floor) -> str:
    """The approval the conversation waits for."""
    awaits = it.fact(AwaitsApproval)
    assert awaits is not None
    return awaits.approval


async def up_to_approval(it: Floor) -> Booking:
    """A refund beyond the limit, until a rep is asked."""
    booking = flex(over=True)
    await it.begins()
    await it.customer("I want a refund for my booking")
    await it.customer(booking.code)
    (said,) = await it.customer(last_name(booking))
    assert said == "That is more than I may refund alone. I ask a person to approve it; you stay here with me."
    return booking


async def test_a_refund_beyond_the_limit_waits_for_a_rep_and_carries_on_when_approved(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        booking = await up_to_approval(it)
        assert it.last().action == "ask_approval"
        assert await it.customer("are you still there?") == [AWAITS]
        spoken = len(it.said())
        await it.append("conversation/one", ApprovalGiven(approval_of(it), True, "mina.okafor"), by="rep/mina.okafor")
        (asked,) = it.said()[spoken:]
        assert asked.startswith("Shall I refund €")
        assert it.record.ledger("refund") == ()
        (done,) = await it.customer("yes")
        assert "is approved" in done
        assert [effect.subject for effect in it.record.ledger("refund")] == [booking.code]


async def test_an_approval_that_is_refused_changes_nothing_and_says_so(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await up_to_approval(it)
        spoken = len(it.said())
        await it.append("conversation/one", ApprovalGiven(approval_of(it), False, "mina.okafor"), by="rep/mina.okafor")
        assert it.said()[spoken:] == [LINES[engine.NOT_APPROVED]]
        assert it.record.ledger("refund") == ()
        underway = it.fact(Underway)
        assert underway is not None
        assert underway.result == "refused"


async def test_an_answer_to_another_approval_or_a_second_answer_moves_nothing(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await up_to_approval(it)
        spoken = len(it.said())
        await it.append("conversation/one", ApprovalGiven("another", True, "mina.okafor"), by="rep/mina.okafor")
        assert len(it.said()) == spoken
        approval = approval_of(it)
        for _ in range(2):
            await it.append("conversation/one", ApprovalGiven(approval, True, "mina.okafor"), by="rep/mina.okafor")
        assert len(it.said()) == spoken + 1


async def test_an_approval_reaches_the_assignment_stream_without_personal_words(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await up_to_approval(it)
        heard = [d.entry.event for d in it.done if d.stream.id == "assignment/main"]
        (asked,) = [event for event in heard if isinstance(event, ApprovalAsked)]
        assert (asked.conversation, asked.note, asked.queue) == ("one", "", "refunds")


async def test_a_refund_within_the_limit_is_bound_to_its_amount(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        booking = flex(over=False)
        await it.begins()
        await it.customer(f"I want a refund for my booking {booking.code}")
        (asked,) = await it.customer(last_name(booking))
        assert asked.startswith("Shall I refund €")
        await it.customer("yes")
        (run,) = [d for d in it.decisions["conversation/one"] if d.args.get("tool") == "refund"]
        (effect,) = it.record.ledger("refund")
        assert run.args["amount_cents"] == effect.answer["cents"]
        assert len(str(run.args["bound"])) == 32


async def test_a_refusal_by_rule_is_said_at_once(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        light = next(b for b in world().bookings.values() if b.state == "confirmed" and b.fare == "light")
        await it.begins()
        await it.customer(f"I want a refund for my booking {light.code}")
        (said,) = await it.customer(last_name(light))
        assert said.startswith("I cannot refund this:")
        underway = it.fact(Underway)
        assert underway is not None
        assert (underway.done, underway.result) == (True, "refused")


async def test_a_question_on_the_way_is_answered_and_the_step_is_asked_again(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("where is my refund?")
        (said,) = await it.customer("how long do refunds take?")
        assert said.startswith("Card: 5 to 10 working days.")
        assert said.endswith("like QK7M2P.")
        assert it.last().args == {"cite": "art-13#1", "then": "step"}


async def test_what_the_file_number_shows_is_told(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        bag = next(b for b in world().bags.values() if b.state == "on_the_way")
        await it.begins()
        await it.customer(f"my bag did not arrive, the file is {bag.file_number}")
        (said,) = await it.customer(world().by_id[bag.customer_id].last_name)
        assert f"Your bag {bag.file_number} is in {bag.place}: on the way." in said


async def test_never_mind_stops_a_procedure(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I want to cancel my booking")
        assert await it.customer("never mind") == ["I have not cancelled anything."]
        holder = it.fact(Holder)
        assert holder is None or holder.kind == "agent"


async def test_a_rep_is_shown_what_could_be_said_with_what_it_rests_on(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("How long do refunds take?")
        await it.customer("I want to talk to a person")
        await it.customer("How long do refunds take?")
        best = suggestions(it.stream())[0]
        assert (best.source, best.cites) == ("article", ("art-13#1",))
        assert best.text.startswith("Card: 5 to 10 working days.")


async def test_every_decision_says_why_and_holds_no_words_of_the_customer(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await up_to_approval(it)
        decisions: list[Decided] = it.decisions["conversation/one"]
        assert all(decided.why for decided in decisions)
        told = " ".join(f"{d.args}{d.why}" for d in decisions)
        booking = flex(over=True)
        assert booking.code not in told
        assert last_name(booking) not in told


def free_seat(it: Floor, booking: Booking) -> str:
    """A free seat on the flight."""
    return next(seat for seat in it.record.seats(booking.flight_id).free if seat.endswith("C"))


def standard() -> Booking:
    """A booking that may be changed, on a flight to come."""
    found = (b for b in world().bookings.values() if b.state == "confirmed" and b.fare == "standard")
    return next(b for b in found if world().flights[b.flight_id].state == "scheduled")


async def test_a_seat_is_changed_for_the_price_that_was_confirmed(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        booking = standard()
        seat = free_seat(it, booking)
        await it.begins()
        await it.customer("I want to change my seat")
        await it.customer(booking.code)
        await it.customer(last_name(booking))
        (asked,) = await it.customer(seat)
        price = it.record.seat_price(booking.code, seat)
        assert asked.startswith(f"Seat {seat} on ")
        assert money(price) in asked
        (done,) = await it.customer("yes")
        assert done.startswith(f"You have seat {seat} on ")
        assert it.record.booking(booking.code).seat == seat


async def test_a_seat_that_was_just_taken_is_asked_for_again(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        booking = standard()
        seat = free_seat(it, booking)
        await it.begins()
        await it.customer("I want to change my seat")
        await it.customer(booking.code)
        await it.customer(last_name(booking))
        await it.customer(seat)
        other = next(
            b for b in world().bookings.values()
            if b.flight_id == booking.flight_id and b.code != booking.code and b.state == "confirmed"
        )  # fmt: skip
        it.record.seat("key-of-someone-else", other.code, seat)
        (again,) = await it.customer("yes")
        assert again.startswith("Someone was faster: that seat is gone.")
        underway = it.fact(Underway)
        assert underway is not None
        assert (underway.step, "seat" in underway.slots) == ("choose", False)


async def test_a_booking_moves_to_the_flight_that_was_chosen(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        booking = standard()
        await it.begins()
        await it.customer("I need to change my flight to another day")
        await it.customer(booking.code)
        await it.customer(last_name(booking))
        (offered,) = await it.customer("25 November")
        assert "on 25 November. Which one?" in offered
        (asked,) = await it.customer("the first one")
        assert asked.startswith(f"Shall I move booking {booking.code} to ")
        await it.customer("yes")
        assert it.record.booking(booking.code).flight_id.endswith("20261125")
