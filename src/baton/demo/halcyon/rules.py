"""The rules of the house, as the articles say them: fees, refunds, seats and check-in. Pure; money in cents."""

from baton.demo.halcyon.fleet import LEGROOM_ROWS, seat_price_cents
from baton.demo.halcyon.records import Booking, Customer, Flight, Level

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS
TAX_PERMILLE = 220  # of what a Light fare cost; the rest does not come back


def has_legroom(seat: str) -> bool:
    """Whether a seat is in rows 10 to 12 (article 21, section 2)."""
    return int(seat[:-1]) in LEGROOM_ROWS


def seat_price(seat: str, booking: Booking, customer: Customer) -> int:
    """What a seat costs this traveller before check-in (article 21, section 2)."""
    return seat_price_cents(seat, free_choice=booking.fare == "flex" or customer.level == "gold")


def refundable(booking: Booking, flight: Flight, *, already: bool) -> tuple[int, str]:
    """Cents that may be refunded, or 0 and why not (article 11)."""
    if already:
        return 0, "there is a refund on this booking already"
    if flight.state == "cancelled":
        return booking.paid_cents, ""
    if booking.state == "flown":
        return 0, "the flight was flown"
    if booking.fare == "light":
        return 0, "a Light fare that was not used is not refunded; cancel it to get the taxes"
    return booking.paid_cents - (0 if booking.fare == "flex" else 6000), ""


def back_when_cancelled(booking: Booking, flight: Flight, now_ms: int) -> tuple[int, str]:
    """Cents that come back when the customer cancels, or 0 and why it cannot be cancelled (article 3)."""
    if booking.state != "confirmed":
        return 0, f"the booking is already {booking.state}"
    if flight.departs_at_ms <= now_ms:
        return 0, "the flight has left"
    if booking.fare == "flex" or flight.state == "cancelled" or _just_booked(booking, flight, now_ms):
        return booking.paid_cents, ""
    if booking.fare == "standard":
        return max(0, booking.paid_cents - 6000), ""
    return booking.paid_cents * TAX_PERMILLE // 1000, ""


def change_fee(booking: Booking, flight: Flight, now_ms: int) -> int:
    """What a change costs beside the difference in fare (article 2, sections 1 and 3)."""
    free = booking.fare == "flex" or flight.state == "cancelled" or _just_booked(booking, flight, now_ms)
    return 0 if free else 4500


def no_check_in(flight: Flight, level: Level, now_ms: int) -> str:
    """Why check-in is not possible, or nothing (article 23)."""
    opens_ms = flight.departs_at_ms - (48 if level == "gold" else 24) * HOUR_MS
    if now_ms < opens_ms:
        return "check-in is not open yet"
    if now_ms > flight.departs_at_ms - HOUR_MS:
        return "check-in is closed"
    return "the flight is cancelled" if flight.state == "cancelled" else ""


def _just_booked(booking: Booking, flight: Flight, now_ms: int) -> bool:
    early = flight.departs_at_ms - booking.booked_at_ms >= 7 * DAY_MS
    return early and 0 <= now_ms - booking.booked_at_ms <= DAY_MS
