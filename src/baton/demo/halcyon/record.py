"""The system of record of Halcyon Air: what the tools of `tools.toml` read and change.

Reads look at the ledger's state first and then at the world; changes go through `Ledger.once`, so that a key acts once.
"""

import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from baton.demo.halcyon import rules
from baton.demo.halcyon.fleet import Seats
from baton.demo.halcyon.ledger import Answer, Effect, Ledger, Mail, RecordError
from baton.demo.halcyon.records import Account, Bag, Booking, Flight, Refund

if TYPE_CHECKING:
    from baton.demo.world import World

__all__ = ["Answer", "Effect", "Mail", "RecordError", "SystemOfRecord"]

T = TypeVar("T", bound=msgspec.Struct)
CODE_MS, HOUR_MS, CODES_PER_HOUR = 600_000, 3_600_000, 3
RESET = (
    "Your password was reset and you are signed out everywhere. The link to choose a new one would stand here; "
    "Halcyon's app is invented, so there is nothing to sign in to, and the reset ends with this mail."
)


class Code(msgspec.Struct, frozen=True):
    """The newest sign-in code of an account, and when codes were sent in the last hour."""

    code: str
    sent_at_ms: int
    sent_before: tuple[int, ...]


def wall_clock_ms() -> int:
    """Now, in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


class SystemOfRecord:
    """The record of one world, kept in one file. Raises `RecordError` when a thing is missing or a rule forbids."""

    def __init__(self, path: Path | str, world: "World", clock_ms: Callable[[], int] = wall_clock_ms) -> None:
        self.world, self.clock_ms = world, clock_ms
        self._ledger = Ledger(path, clock_ms)

    def close(self) -> None:
        """Let go of the file."""
        self._ledger.close()

    def ledger(self, tool: str = "") -> tuple[Effect, ...]:
        """Every change that was really made, in order; of one tool when named."""
        return self._ledger.effects(tool)

    def mailbox(self, email: str) -> tuple[Mail, ...]:
        """What the customer finds in their mailbox, the newest first."""
        return self._ledger.mailbox(email)

    def mails(self, most: int) -> tuple[Mail, ...]:
        """What this record sent last, to whomever, the newest first."""
        return self._ledger.newest(most)

    def account(self, email: str) -> Account:
        """The account of an address, as it is now."""
        known = self.world.accounts.get(email.strip().lower())
        if known is None:
            raise RecordError("not_found", "There is no account with that address.")
        return self._now("account", known.account_id, known)

    def account_by_id(self, account_id: str) -> Account:
        """The account of an id, as it is now."""
        for known in self.world.accounts.values():
            if known.account_id == account_id:
                return self._now("account", account_id, known)
        raise RecordError("not_found", f"There is no account {account_id!r}.")

    def send_code(self, key: str, account_id: str) -> Answer:
        """Send a code of six digits to the address of the account; it holds for ten minutes, three in an hour."""
        return self._once(key, "send_code", account_id, {}, lambda: self._send_code(key, account_id))

    def check_code(self, account_id: str, code: str) -> Answer:
        """Whether this is the newest code of the account and still holds."""
        body = self._ledger.get("code", account_id)
        sent = None if body is None else msgspec.json.decode(body, type=Code)
        if sent is None or sent.code != code.strip().replace(" ", ""):
            return {"ok": False, "reason": "It is not the newest code."}
        if self.clock_ms() - sent.sent_at_ms > CODE_MS:
            return {"ok": False, "reason": "It is older than ten minutes."}
        return {"ok": True, "reason": ""}

    def reset_password(self, key: str, account_id: str) -> Answer:
        """Reset the password: the version rises by one and a link is sent."""

        def change() -> Answer:
            account = self.account_by_id(account_id)
            version = account.password_version + 1
            self._ledger.put(
                "account", account_id, msgspec.structs.replace(account, password_version=version, locked=False)
            )
            self._mail(account.email, "Choose a new password", RESET)
            return {"password_version": version}

        return self._once(key, "reset_password", account_id, {}, change)

    def unlock_account(self, key: str, account_id: str) -> Answer:
        """Open a locked account."""

        def change() -> Answer:
            account = self.account_by_id(account_id)
            self._ledger.put("account", account_id, msgspec.structs.replace(account, locked=False))
            return {"locked": False}

        return self._once(key, "unlock_account", account_id, {}, change)

    def booking(self, code: str, last_name: str = "") -> Booking:
        """The booking of a code; with a last name, only when it is the traveller's."""
        known = self.world.bookings.get(code.strip().upper())
        if known is None or not self._is_named(known.customer_id, last_name):
            raise RecordError("not_found", "There is no booking with that code and name.")
        return self._now("booking", known.code, known)

    def flight(self, flight_id: str) -> Flight:
        """A flight by id (`HA733-20261202`), or the next one of a number (`HA 733`)."""
        word = flight_id.strip().upper().replace(" ", "")
        exact = self.world.flights.get(word)
        if exact is not None:
            return exact
        now_ms = self.clock_ms()
        later = [
            f for f in self.world.flights.values() if f.flight_id.startswith(f"{word}-") and f.departs_at_ms > now_ms
        ]
        if not later:
            raise RecordError("not_found", f"There is no flight {flight_id!r} in the next weeks.")
        return min(later, key=lambda found: found.departs_at_ms)

    def refund_state(self, code: str) -> Refund:
        """The refund of a booking, as it is now."""
        known = self.world.refunds.get(code)
        body = self._ledger.get("refund", code)
        if body is not None:
            return msgspec.json.decode(body, type=Refund)
        if known is None:
            raise RecordError("not_found", "There is no refund on this booking.")
        return known

    def refund_quote(self, code: str) -> Answer:
        """How much can be refunded, or why not (article 11)."""
        booking = self.booking(code)
        cents, reason = rules.refundable(booking, self.flight(booking.flight_id), already=self._has_refund(code))
        return {"cents": cents, "allowed": cents > 0, "reason": reason}

    def refund(self, key: str, code: str, cents: int) -> Answer:
        """Send money back, once. Refuses more than the quote."""

        def change() -> Answer:
            quote = self.refund_quote(code)
            if cents > int(quote["cents"]):
                raise RecordError("refused", str(quote["reason"]) or "That is more than can be refunded.")
            booking, now_ms = self.booking(code), self.clock_ms()
            refund = Refund(_number("R", key), code, cents, "approved", now_ms, None, "card")
            self._ledger.put("refund", code, refund)
            self._ledger.put("booking", code, msgspec.structs.replace(booking, state="cancelled"))
            return {"refund_id": refund.refund_id, "state": refund.state, "cents": cents}

        return self._once(key, "refund", code, {"cents": cents}, change)

    def resend_refund(self, key: str, code: str) -> Answer:
        """Send again a refund that the bank returned."""

        def change() -> Answer:
            refund = self.refund_state(code)
            if refund.state != "returned":
                raise RecordError("refused", f"The refund is {refund.state!r}; only a returned one is sent again.")
            sent = msgspec.structs.replace(refund, state="sent", sent_at_ms=self.clock_ms())
            self._ledger.put("refund", code, sent)
            return {"refund_id": sent.refund_id, "state": sent.state, "cents": sent.cents}

        return self._once(key, "resend_refund", code, {}, change)

    def bag(self, file_number: str, last_name: str = "") -> Bag:
        """A late bag by its file number."""
        known = self.world.bags.get(file_number.strip().upper())
        if known is None or not self._is_named(known.customer_id, last_name):
            raise RecordError("not_found", "There is no bag with that file number and name.")
        return known

    def seats(self, flight_id: str) -> Seats:
        """The seat map as it is now."""
        moved = [msgspec.json.decode(body, type=Booking) for body in self._ledger.changed("booking").values()]
        here = {booking.seat for booking in moved if booking.flight_id == flight_id and booking.state != "cancelled"}
        before = [self.world.bookings[booking.code] for booking in moved]
        left = {booking.seat for booking in before if booking.flight_id == flight_id}
        return Seats((self.world.seats(flight_id).taken - left) | here)

    def seat_map(self, flight_id: str) -> Answer:
        """Free and taken seats as lists in one text each."""
        seats = self.seats(flight_id)
        legroom = [seat for seat in seats.free if rules.has_legroom(seat)]
        return {"free": ",".join(seats.free), "taken": ",".join(sorted(seats.taken)), "legroom": ",".join(legroom)}

    def seat(self, key: str, code: str, seat: str) -> Answer:
        """Move a traveller to a free seat."""

        def change() -> Answer:
            booking = self.booking(code)
            if seat not in self.seats(booking.flight_id).free:
                raise RecordError("refused", f"Seat {seat!r} is not free.")
            self._ledger.put("booking", code, msgspec.structs.replace(booking, seat=seat))
            return {"seat": seat, "price_cents": self.seat_price(code, seat)}

        return self._once(key, "seat", code, {"seat": seat}, change)

    def seat_price(self, code: str, seat: str) -> int:
        """What that seat costs this traveller, in cents."""
        booking = self.booking(code)
        return rules.seat_price(seat, booking, self.world.by_id[booking.customer_id])

    def change_fee(self, code: str) -> int:
        """What moving this booking costs beside the difference in fare, in cents."""
        booking = self.booking(code)
        return rules.change_fee(booking, self.flight(booking.flight_id), self.clock_ms())

    def change_options(self, code: str, date: str) -> Answer:
        """Flights on the same route that day (`2026-12-02`), as ids in one text."""
        now = self.flight(self.booking(code).flight_id)
        day = date.replace("-", "")
        same = [f for f in self.world.flights.values() if (f.origin, f.destination) == (now.origin, now.destination)]
        there = [f.flight_id for f in same if f.flight_id.endswith(day) and f.state == "scheduled"]
        if not there:
            raise RecordError("not_found", "There are no flights with free seats that day.")
        return {"options": ",".join(there)}

    def change_flight(self, key: str, code: str, flight_id: str) -> Answer:
        """Move a booking to another flight of its route."""

        def change() -> Answer:
            booking, there = self.booking(code), self.flight(flight_id)
            fee_cents = rules.change_fee(booking, self.flight(booking.flight_id), self.clock_ms())
            moved = msgspec.structs.replace(
                booking, flight_id=there.flight_id, seat=self.seats(there.flight_id).free[-1]
            )
            self._ledger.put("booking", code, moved)
            return {"flight_id": there.flight_id, "fee_cents": fee_cents}

        return self._once(key, "change_flight", code, {"flight_id": flight_id}, change)

    def cancel_quote(self, code: str) -> Answer:
        """What comes back when the booking is cancelled now (article 3)."""
        booking = self.booking(code)
        cents, reason = rules.back_when_cancelled(booking, self.flight(booking.flight_id), self.clock_ms())
        return {"cents": cents, "allowed": not reason, "reason": reason}

    def cancel_booking(self, key: str, code: str) -> Answer:
        """Cancel a booking; what comes back becomes a refund."""

        def change() -> Answer:
            quote, booking = self.cancel_quote(code), self.booking(code)
            if not quote["allowed"]:
                raise RecordError("refused", str(quote["reason"]))
            cents = int(quote["cents"])
            self._ledger.put("booking", code, msgspec.structs.replace(booking, state="cancelled"))
            refund = Refund(_number("R", key), code, cents, "approved", self.clock_ms(), None, "card")
            self._ledger.put("refund", code, refund)
            return {"state": "cancelled", "refund_cents": cents}

        return self._once(key, "cancel_booking", code, {}, change)

    def check_in(self, key: str, code: str) -> Answer:
        """Check a traveller in, when check-in is open (article 23)."""

        def change() -> Answer:
            booking = self.booking(code)
            level = self.world.by_id[booking.customer_id].level
            reason = rules.no_check_in(self.flight(booking.flight_id), level, self.clock_ms())
            if reason:
                raise RecordError("refused", reason)
            self._ledger.put("booking", code, msgspec.structs.replace(booking, checked_in=True))
            return {"checked_in": True, "reason": ""}

        return self._once(key, "check_in", code, {}, change)

    def points(self, account_id: str) -> Answer:
        """Level and points."""
        customer = self.world.by_id[self.account_by_id(account_id).customer_id]
        return {"level": customer.level, "points": customer.points}

    def send_invoice(self, key: str, code: str, email: str) -> Answer:
        """Send the invoice of a booking to an address."""

        def change() -> Answer:
            number = _number("I", key)
            self._mail(email, f"Invoice {number}", f"The invoice of booking {code} is attached.")
            return {"invoice_number": number}

        return self._once(key, "send_invoice", code, {"email": email}, change)

    def _send_code(self, key: str, account_id: str) -> Answer:
        account, now_ms = self.account_by_id(account_id), self.clock_ms()
        body = self._ledger.get("code", account_id)
        last = None if body is None else msgspec.json.decode(body, type=Code)
        before = (
            () if last is None else tuple(at for at in (*last.sent_before, last.sent_at_ms) if now_ms - at < HOUR_MS)
        )
        if len(before) >= CODES_PER_HOUR:
            raise RecordError("refused", "Three codes in an hour is the limit. Try again in an hour.")
        code = f"{int(_digest(f'{self.world.seed}/{key}'), 16) % 1_000_000:06d}"
        self._ledger.put("code", account_id, Code(code, now_ms, before))
        self._mail(account.email, "Your code", f"Your code is {code}. It holds for ten minutes.")
        return {"code_id": _number("C", key), "expires_at_ms": now_ms + CODE_MS}

    def _once(self, key: str, tool: str, subject: str, args: Answer, change: Callable[[], Answer]) -> Answer:
        return self._ledger.once(key, tool, subject, args, change)

    def _now(self, kind: str, name: str, known: T) -> T:
        body = self._ledger.get(kind, name)
        return known if body is None else msgspec.json.decode(body, type=type(known))

    def _has_refund(self, code: str) -> bool:
        return code in self.world.refunds or self._ledger.get("refund", code) is not None

    def _is_named(self, customer_id: str, last_name: str) -> bool:
        return not last_name or self.world.by_id[customer_id].last_name.casefold() == last_name.strip().casefold()

    def _mail(self, email: str, subject: str, body: str) -> None:
        self._ledger.post(Mail(email, subject, body, self.clock_ms()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _number(letter: str, key: str) -> str:
    return f"{letter}{int(_digest(key), 16) % 90000 + 10000}"
