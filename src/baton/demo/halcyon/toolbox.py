"""The tools of `tools.toml` over the system of record: arguments as text, answers as flat values."""

from collections.abc import Callable, Mapping

import msgspec

from baton.demo.halcyon.ledger import Answer, RecordError
from baton.demo.halcyon.record import SystemOfRecord

Args = Mapping[str, str]
Tool = Callable[[SystemOfRecord, Args, str], Answer]


def _account(record: SystemOfRecord, args: Args, _key: str) -> Answer:
    account = record.account(args["email"])
    return {**_flat(account), "email_masked": account.email_masked}


def _booking(record: SystemOfRecord, args: Args, _key: str) -> Answer:
    booking = record.booking(args["code"], args["last_name"])
    return {**_flat(booking), "email": record.world.by_id[booking.customer_id].email}


def _check_code(record: SystemOfRecord, args: Args, _key: str) -> Answer:
    answer = record.check_code(args["account_id"], args["code"])
    if not answer["ok"]:
        raise RecordError("refused", str(answer["reason"]))
    return answer


TOOLS: dict[str, Tool] = {
    "account": _account,
    "send_code": lambda record, args, key: record.send_code(_needed(key), args["account_id"]),
    "check_code": _check_code,
    "reset_password": lambda record, args, key: record.reset_password(_needed(key), args["account_id"]),
    "unlock_account": lambda record, args, key: record.unlock_account(_needed(key), args["account_id"]),
    "booking": _booking,
    "flight": lambda record, args, _: _flat(record.flight(args["flight_id"])),
    "refund_state": lambda record, args, _: _flat(record.refund_state(_code(args))),
    "refund_quote": lambda record, args, _: record.refund_quote(_code(args)),
    "refund": lambda record, args, key: record.refund(_needed(key), _code(args), int(args["cents"])),
    "resend_refund": lambda record, args, key: record.resend_refund(_needed(key), _code(args)),
    "bag": lambda record, args, _: _flat(record.bag(args["file_number"], args["last_name"])),
    "seat_map": lambda record, args, _: record.seat_map(args["flight_id"]),
    "seat_quote": lambda record, args, _: {"price_cents": record.seat_price(_code(args), args["seat"].strip().upper())},
    "seat": lambda record, args, key: record.seat(_needed(key), _code(args), args["seat"].strip().upper()),
    "change_options": lambda record, args, _: record.change_options(_code(args), args["date"]),
    "change_quote": lambda record, args, _: {"fee_cents": record.change_fee(_code(args))},
    "change_flight": lambda record, args, key: record.change_flight(_needed(key), _code(args), args["flight_id"]),
    "cancel_quote": lambda record, args, _: record.cancel_quote(_code(args)),
    "cancel_booking": lambda record, args, key: record.cancel_booking(_needed(key), _code(args)),
    "check_in": lambda record, args, key: record.check_in(_needed(key), _code(args)),
    "points": lambda record, args, _: record.points(args["account_id"]),
    "send_invoice": lambda record, args, key: record.send_invoice(_needed(key), _code(args), args["email"]),
}


def call(record: SystemOfRecord, tool: str, args: Args, key: str = "") -> Answer:
    """Any tool by name: text in, a flat answer out. Changes need a `key`; the same key acts once. Raises `RecordError`."""
    if tool not in TOOLS:
        raise RecordError("not_found", f"There is no tool {tool!r}.")
    return TOOLS[tool](record, args, key)


def _needed(key: str) -> str:
    if not key:
        raise RecordError("refused", "A change needs a key, so that it happens once.")
    return key


def _code(args: Args) -> str:
    return args["code"].strip().upper()


def _flat(value: msgspec.Struct) -> Answer:
    fields = msgspec.structs.asdict(value)
    return {name: "" if found is None else found for name, found in fields.items()}
