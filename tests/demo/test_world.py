"""The system of record: the same world for the same seed, and every change once."""

import signal
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest

from baton.demo.halcyon import procedure
from baton.demo.halcyon.toolbox import TOOLS, call
from baton.demo.world import END_MS, RecordError, SystemOfRecord, World

pytestmark = pytest.mark.unit
WORLD = World(7)
ANA = "ana.ruiz@example.com"
RESET_FOREVER = """
import sys
from baton.demo.world import SystemOfRecord, World
record = SystemOfRecord(sys.argv[1], World(7))
account = record.account("ana.ruiz@example.com").account_id
for n in range(100_000):
    record.reset_password(f"key-{n}", account)
    print(n, flush=True)
"""


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, now_ms: int = END_MS) -> None:
        self.now_ms = now_ms

    def __call__(self) -> int:
        return self.now_ms


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def record(tmp_path: Path, clock: Clock):
    opened = SystemOfRecord(tmp_path / "record.db", WORLD, clock)
    yield opened
    opened.close()


def test_the_same_seed_gives_the_same_world_and_another_seed_another() -> None:
    again, other = World(7), World(8)
    for part in ("customers", "accounts", "flights", "bookings", "refunds", "bags", "companies", "revenue"):
        assert getattr(WORLD, part) == getattr(again, part), part
    assert WORLD.bookings != other.bookings and WORLD.accounts != other.accounts
    assert len(WORLD.customers) == 800 == len({customer.email for customer in WORLD.customers})
    assert all(customer.email.endswith("@example.com") for customer in WORLD.customers)


def test_everything_in_the_world_points_to_something_that_is_there() -> None:
    assert {booking.flight_id for booking in WORLD.bookings.values()} <= set(WORLD.flights)
    assert {booking.customer_id for booking in WORLD.bookings.values()} <= set(WORLD.by_id)
    assert set(WORLD.refunds) <= set(WORLD.bookings)
    assert {bag.code for bag in WORLD.bags.values()} <= set(WORLD.bookings)
    assert {row.company_id for row in WORLD.revenue} == {company.company_id for company in WORLD.companies}
    assert all(booking.booked_at_ms < END_MS for booking in WORLD.bookings.values())


def test_net_revenue_retention_can_be_counted_from_the_rows() -> None:
    months = sorted({row.month for row in WORLD.revenue})
    first, last = months[-13], months[-1]
    before = {row.company_id: row.cents for row in WORLD.revenue if row.month == first}
    after = {row.company_id: row.cents for row in WORLD.revenue if row.month == last}
    kept = sum(after.get(company, 0) for company in before)
    assert 0.8 < kept / sum(before.values()) < 1.25
    assert set(after) - set(before) and set(before) - set(after)


def test_a_password_reset_changes_the_record_once_however_often_it_is_asked(record: SystemOfRecord) -> None:
    before = record.account(ANA)
    answers = [record.reset_password("key-1", before.account_id) for _ in range(3)]
    assert answers == [{"password_version": before.password_version + 1}] * 3
    assert record.account(ANA).password_version == before.password_version + 1
    (effect,) = record.ledger("reset_password")
    assert effect.asked == 3


def test_a_key_used_for_something_else_is_a_conflict(record: SystemOfRecord) -> None:
    record.seat("key-1", "HX4T9W", record.seats(record.booking("HX4T9W").flight_id).free[0])
    with pytest.raises(RecordError) as refused:
        record.seat("key-1", "HX4T9W", record.seats(record.booking("HX4T9W").flight_id).free[1])
    assert refused.value.code == "conflict"
    assert len(record.ledger()) == 1


def test_the_code_lies_in_the_mailbox_holds_ten_minutes_and_only_the_newest_counts(
    record: SystemOfRecord, clock: Clock
) -> None:
    account_id = record.account(ANA).account_id
    codes = []
    for n in range(2):
        record.send_code(f"code-{n}", account_id)
        codes.append(record.mailbox(ANA)[0].body.split()[3].rstrip("."))
    assert record.check_code(account_id, codes[1])["ok"] is True
    assert record.check_code(account_id, codes[0])["ok"] is False
    clock.now_ms += 600_001
    assert record.check_code(account_id, codes[1])["ok"] is False
    record.send_code("code-2", account_id)
    with pytest.raises(RecordError, match="Three codes"):
        record.send_code("code-3", account_id)


def test_a_refund_is_paid_once_and_never_above_what_is_due(record: SystemOfRecord) -> None:
    code = next(c for c, b in WORLD.bookings.items() if b.fare == "flex" and b.state == "confirmed")
    due = int(record.refund_quote(code)["cents"])
    with pytest.raises(RecordError) as refused:
        record.refund("key-1", code, due + 1)
    assert refused.value.code == "refused" and record.ledger() == ()
    record.refund("key-2", code, due)
    with pytest.raises(RecordError):
        record.refund("key-3", code, due)
    assert (
        record.refund_state(code).cents == due == sum(int(effect.answer["cents"]) for effect in record.ledger("refund"))
    )


def test_a_seat_that_was_given_up_can_be_taken_by_the_next(record: SystemOfRecord) -> None:
    flight = record.booking("HX4T9W").flight_id
    old, new = record.booking("HX4T9W").seat, record.seats(flight).free[5]
    record.seat("key-1", "HX4T9W", new)
    assert record.booking("HX4T9W").seat == new
    assert new in record.seats(flight).taken and old in record.seats(flight).free
    with pytest.raises(RecordError, match="not free"):
        record.seat("key-2", "HX4T9W", new)


def test_a_foreign_name_and_a_missing_booking_look_the_same(record: SystemOfRecord) -> None:
    told = []
    for code, name in (("QK7M2P", "Becker"), ("ZZZZZZ", "Ruiz")):
        with pytest.raises(RecordError) as refused:
            record.booking(code, name)
        told.append((refused.value.code, refused.value.message))
    assert told[0] == told[1]
    assert record.booking("qk7m2p", "RUIZ").code == "QK7M2P"


def test_anas_refund_was_returned_by_her_bank_and_can_be_sent_again(record: SystemOfRecord) -> None:
    assert (record.refund_state("QK7M2P").state, record.refund_state("QK7M2P").cents) == ("returned", 31_240)
    record.resend_refund("key-1", "QK7M2P")
    assert record.refund_state("QK7M2P").state == "sent"


def test_every_declared_tool_is_there_and_gives_what_it_says(record: SystemOfRecord) -> None:
    assert set(TOOLS) == {tool.name for tool in procedure.tools()}
    keys = (f"key-{n}" for n in count())
    flight = record.flight("HA 733").flight_id
    account = record.account(ANA).account_id
    bag = next(iter(WORLD.bags.values()))
    values = {
        "email": ANA, "account_id": account, "code": "HX4T9W", "last_name": "Ruiz", "flight_id": flight, "seat": "1A",
        "date": f"{flight[-8:-4]}-{flight[-4:-2]}-{flight[-2:]}", "file_number": bag.file_number,
    }  # fmt: skip
    for tool in procedure.tools():
        if tool.name in ("check_code", "check_in", "refund", "resend_refund", "refund_state", "seat"):
            continue
        given = {name: values[name] for name in tool.args}
        if tool.name == "bag":
            given["last_name"] = WORLD.by_id[bag.customer_id].last_name
        assert set(tool.gives) <= set(call(record, tool.name, given, next(keys))), tool.name
    with pytest.raises(RecordError, match="needs a key"):
        call(record, "reset_password", {"account_id": account})


def test_killed_in_the_middle_no_effect_is_lost_or_made_twice(tmp_path: Path) -> None:
    path = tmp_path / "record.db"
    acknowledged = -1
    for kill_after in (3, 8, 15):
        child = subprocess.Popen([sys.executable, "-c", RESET_FOREVER, str(path)], stdout=subprocess.PIPE, text=True)
        assert child.stdout is not None
        for _ in range(kill_after):
            acknowledged = int(child.stdout.readline())
        child.send_signal(signal.SIGKILL)
        child.communicate()
    record = SystemOfRecord(path, WORLD)
    effects = record.ledger("reset_password")
    assert len({effect.key for effect in effects}) == len(effects) > acknowledged
    assert record.account(ANA).password_version == WORLD.accounts[ANA].password_version + len(effects)
    record.close()
