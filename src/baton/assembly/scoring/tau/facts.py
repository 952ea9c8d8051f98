"""Facts of the record: what a policy may ask of the thing a call would change. Looked up here for each call, never told by a model.

Words (`Facts.words`) and whole numbers (`Facts.numbers`; money in cents, times in hours) by name; what does not apply is left out.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

from baton.assembly.scoring.tau.airline import NOW, Airline
from baton.assembly.scoring.tau.data import Row
from baton.assembly.scoring.tau.retail import Retail

FREE_BAGS: Final = {"basic_economy": 0, "economy": 1, "business": 2}
MEMBER_BAGS: Final = {"regular": 0, "silver": 1, "gold": 2}
CANCELLED_DOLLARS: Final = 100
DELAYED_DOLLARS: Final = 50
GONE: Final = frozenset({"flying", "landed"})
Args = Mapping[str, Any]


class Facts(NamedTuple):
    """What the record says."""

    words: dict[str, str]
    numbers: dict[str, int]


def shop(record: Retail, tool: str, args: Args) -> Facts:
    """What the shop's record says of a call."""
    if tool in {"get_user_details", "modify_user_address"}:
        return Facts({"owner": str(args["user_id"])}, {})
    order = record.orders.get(str(args.get("order_id", "")))
    if order is None:
        return Facts({}, {})
    words, numbers = {"owner": order["user_id"], "status": order["status"]}, {}
    method = record.users[order["user_id"]]["payment_methods"].get(args.get("payment_method_id", ""))
    if method is not None:
        words["method"] = method["source"]
        words["original"] = _yes(args["payment_method_id"] == order["payment_history"][0]["payment_method_id"])
        if method["source"] == "gift_card":
            numbers["balance"] = _cents(method["balance"])
    numbers["payments"] = len(order["payment_history"])
    numbers["total"] = _cents(order["payment_history"][0]["amount"])
    if "item_ids" in args:
        words |= _items(record, order, args, numbers)
    return Facts(words, numbers)


def airline(record: Airline, tool: str, args: Args) -> Facts:
    """What the airline's record says of a call."""
    if tool == "book_reservation":
        return _booking(record, args)
    if tool == "send_certificate":
        return _certificate(record, args)
    if tool == "get_user_details":
        return Facts({"owner": str(args["user_id"])}, {})
    reservation = record.reservations.get(str(args.get("reservation_id", "")))
    if reservation is None:
        return Facts({}, {})
    return _reservation(record, reservation, args)


OF: Final[Mapping[str, Callable[..., Facts]]] = {"retail": shop, "airline": airline}


def _items(record: Retail, order: Row, args: Args, numbers: dict[str, int]) -> dict[str, str]:
    items = {item["item_id"]: item for item in order["items"]}
    old, new = list(args["item_ids"]), list(args.get("new_item_ids", ()))
    known = bool(old) and all(each in items for each in old)
    words = {"items": _yes(known)}
    if not new or not known or len(old) != len(new):
        return words | ({"swap": "no"} if new else {})
    variants = [record.products[items[a]["product_id"]]["variants"].get(b) for a, b in zip(old, new, strict=True)]
    swap = all(variant is not None and variant["available"] for variant in variants)
    words |= {"swap": _yes(swap), "other": _yes(all(a != b for a, b in zip(old, new, strict=True)))}
    if swap:
        numbers["difference"] = _cents(sum(v["price"] for v in variants if v) - sum(items[a]["price"] for a in old))
    return words


def _reservation(record: Airline, reservation: Row, args: Args) -> Facts:
    user = record.users[reservation["user_id"]]
    people = len(reservation["passengers"])
    statuses = [_status(record, leg) for leg in reservation["flights"]]
    words = {
        "owner": reservation["user_id"], "cabin": reservation["cabin"], "insured": reservation["insurance"], "member": user["membership"],
        "flown": _yes(any(status in GONE for status in statuses)), "cancelled": _yes(reservation.get("status") == "cancelled"),
        "cancelled_by_airline": _yes("cancelled" in statuses),
    }  # fmt: skip
    numbers = {
        "hours": _hours(reservation["created_at"]), "people": people, "bags": reservation["total_baggages"],
        "free_bags": people * (FREE_BAGS[reservation["cabin"]] + MEMBER_BAGS[user["membership"]]),
        "paid_bags": reservation["nonfree_baggages"],
    }  # fmt: skip
    method = user["payment_methods"].get(args.get("payment_id", ""))
    if method is not None:
        words["method"] = method["source"]
    if "flights" in args:
        words |= _route(record, reservation, args)
    if "passengers" in args:
        numbers["new_people"] = len(args["passengers"])
    for name in ("total_baggages", "nonfree_baggages"):
        if isinstance(args.get(name), int):
            numbers[name] = args[name]
    return Facts(words, numbers)


def _route(record: Airline, reservation: Row, args: Args) -> dict[str, str]:
    before = [(leg["flight_number"], leg["date"]) for leg in reservation["flights"]]
    after = [(leg["flight_number"], leg["date"]) for leg in args["flights"]]
    stops = [(leg["origin"], leg["destination"]) for leg in reservation["flights"]]
    flights = [record.flights.get(number) for number, _ in after]
    legs = [(flight["origin"], flight["destination"]) for flight in flights if flight]
    joined = len(legs) == len(after) and bool(legs) and legs[0][0] == stops[0][0] and legs[-1][1] == stops[-1][1]
    turns = {stop for pair in legs for stop in pair}
    return {
        "same_flights": _yes(before == after), "same_cabin": _yes(args.get("cabin") == reservation["cabin"]),
        "same_trip": _yes(joined and reservation["destination"] in turns and reservation["origin"] in turns),
    }  # fmt: skip


def _booking(record: Airline, args: Args) -> Facts:
    user = record.users.get(str(args["user_id"]))
    if user is None:
        return Facts({}, {})
    people, cabin = len(args["passengers"]), str(args["cabin"])
    methods = [user["payment_methods"].get(paid["payment_id"]) for paid in args["payment_methods"]]
    sources = [method["source"] for method in methods if method]
    free = people * (FREE_BAGS.get(cabin, 0) + MEMBER_BAGS[user["membership"]])
    words = {"owner": str(args["user_id"]), "own_methods": _yes(len(sources) == len(methods) and bool(methods))}
    numbers = {
        "people": people, "free_bags": free, "total_baggages": args["total_baggages"], "nonfree_baggages": args["nonfree_baggages"],
        "certificates": sources.count("certificate"), "credit_cards": sources.count("credit_card"), "gift_cards": sources.count("gift_card"),
    }  # fmt: skip
    return Facts(words, numbers)


def _certificate(record: Airline, args: Args) -> Facts:
    user = record.users.get(str(args["user_id"]))
    if user is None:
        return Facts({}, {})
    held = [record.reservations[code] for code in user["reservations"] if code in record.reservations]
    fits = any(args["amount"] == _gesture(record, user, reservation) for reservation in held)
    return Facts({"owner": str(args["user_id"]), "fits": _yes(fits)}, {"amount": int(args["amount"])})


def _gesture(record: Airline, user: Row, reservation: Row) -> int:
    """Dollars that may be given for a reservation; 0 where nothing may."""
    if user["membership"] == "regular" and reservation["insurance"] != "yes" and reservation["cabin"] != "business":
        return 0
    statuses = {_status(record, leg) for leg in reservation["flights"]}
    people = len(reservation["passengers"])
    if "cancelled" in statuses:
        return CANCELLED_DOLLARS * people
    changed = reservation.get("status") == "cancelled" or len(reservation["payment_history"]) > 1
    return DELAYED_DOLLARS * people if "delayed" in statuses and changed else 0


def _status(record: Airline, leg: Row) -> str:
    return str(record.flights[leg["flight_number"]]["dates"].get(leg["date"], {}).get("status", "unknown"))


def _hours(created_at: str) -> int:
    since = datetime.fromisoformat(NOW) - datetime.fromisoformat(created_at)
    return int(since.total_seconds() // 3600)


def _cents(dollars: float) -> int:
    return round(dollars * 100)


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
