"""The shop's system of record: what its tools do to orders, addresses and balances.

Written from the tools' documentation and checked against the changed orders in the recorded conversations (`checking.py`).
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence

from baton.assembly.scoring.tau.arithmetic import calculated
from baton.assembly.scoring.tau.data import Database, Refused, Row, Rows, known


class Retail:
    """Its tables, and one method a tool."""

    def __init__(self, tables: Database) -> None:
        self.products = tables["products"]
        self.users, self.orders = Rows(tables["users"]), Rows(tables["orders"])

    def state(self) -> Database:
        """All tables as they are now."""
        return {"products": self.products, "users": self.users, "orders": self.orders}

    def find_user_id_by_email(self, email: str) -> str:
        """Who has this address."""
        return self._found(lambda user: bool(user["email"].lower() == email.lower()))

    def find_user_id_by_name_zip(self, first_name: str, last_name: str, zip: str) -> str:
        """Who has this name there."""
        name = (first_name.lower(), last_name.lower())
        return self._found(
            lambda user: (
                (user["name"]["first_name"].lower(), user["name"]["last_name"].lower()) == name
                and user["address"]["zip"] == zip
            )
        )

    def get_user_details(self, user_id: str) -> Row:
        """A customer with payment methods and order ids."""
        return known(self.users, user_id, "user")

    def get_order_details(self, order_id: str) -> Row:
        """An order."""
        return known(self.orders, order_id, "order")

    def get_product_details(self, product_id: str) -> Row:
        """A product with its variants."""
        return known(self.products, product_id, "product")

    def get_item_details(self, item_id: str) -> Row:
        """A variant."""
        found = (p["variants"][item_id] for p in self.products.values() if item_id in p["variants"])
        item: Row | None = next(found, None)
        if item is None:
            raise Refused("item not found")
        return item

    def list_all_product_types(self) -> str:
        """Names and ids, by name."""
        return json.dumps(dict(sorted((p["name"], p["product_id"]) for p in self.products.values())))

    def calculate(self, expression: str) -> str:
        """The result of simple arithmetic."""
        return calculated(expression)

    def transfer_to_human_agents(self, summary: str) -> str:
        """Hand the customer to a person."""
        return "Transfer successful"

    def cancel_pending_order(self, order_id: str, reason: str) -> Row:
        """Cancel; what was paid comes back, to a gift card at once."""
        order = self._order(order_id, "pending", "non-pending order cannot be cancelled")
        if reason not in {"no longer needed", "ordered by mistake"}:
            raise Refused("invalid reason")
        for paid in list(order["payment_history"]):
            method = self._method(order, paid["payment_method_id"])
            _give(method, paid["amount"])
            order["payment_history"].append({**paid, "transaction_type": "refund"})
        order["status"], order["cancel_reason"] = "cancelled", reason
        return order

    def modify_pending_order_address(
        self, order_id: str, address1: str, address2: str, city: str, state: str, country: str, zip: str
    ) -> Row:
        """Send it elsewhere."""
        order = self._pending(order_id)
        order["address"] = _address(address1, address2, city, state, country, zip)
        return order

    def modify_user_address(
        self, user_id: str, address1: str, address2: str, city: str, state: str, country: str, zip: str
    ) -> Row:
        """Another default address."""
        user = known(self.users, user_id, "user")
        user["address"] = _address(address1, address2, city, state, country, zip)
        return user

    def modify_pending_order_payment(self, order_id: str, payment_method_id: str) -> Row:
        """Paid by another method; the first one is refunded."""
        order = self._pending(order_id)
        method = self._method(order, payment_method_id)
        if len(order["payment_history"]) != 1 or order["payment_history"][0]["transaction_type"] != "payment":
            raise Refused("there should be exactly one payment for a pending order")
        first = order["payment_history"][0]
        if first["payment_method_id"] == payment_method_id:
            raise Refused("the new payment method should be different from the current one")
        _take(method, first["amount"], "insufficient gift card balance to pay for the order")
        order["payment_history"] += [
            {"transaction_type": "payment", "amount": first["amount"], "payment_method_id": payment_method_id},
            {"transaction_type": "refund", "amount": first["amount"], "payment_method_id": first["payment_method_id"]},
        ]
        _give(self._method(order, first["payment_method_id"]), first["amount"])
        return order

    def modify_pending_order_items(
        self, order_id: str, item_ids: list[str], new_item_ids: list[str], payment_method_id: str
    ) -> Row:
        """Other variants of the same products, once; the difference is paid or comes back."""
        order = self._order(order_id, "pending", "non-pending order cannot be modified")
        difference = self._swapped(order, item_ids, new_item_ids)
        method = self._method(order, payment_method_id)
        _take(method, difference, "insufficient gift card balance to pay for the new item")
        kind = "payment" if difference > 0 else "refund"
        order["payment_history"].append(
            {"transaction_type": kind, "amount": abs(difference), "payment_method_id": payment_method_id}
        )
        for old, new in zip(item_ids, new_item_ids, strict=True):
            item = next(each for each in order["items"] if each["item_id"] == old)
            variant = self.products[item["product_id"]]["variants"][new]
            item |= {"item_id": new, "price": variant["price"], "options": variant["options"]}
        order["status"] = "pending (item modified)"
        return order

    def return_delivered_order_items(self, order_id: str, item_ids: list[str], payment_method_id: str) -> Row:
        """Ask to send items back; the refund goes where it was paid from, or to a gift card."""
        order = self._order(order_id, "delivered", "non-delivered order cannot be returned")
        method = self._method(order, payment_method_id)
        original = order["payment_history"][0]["payment_method_id"]
        if method["source"] != "gift_card" and payment_method_id != original:
            raise Refused("payment method should be either the original payment method or a gift card")
        _held(order, item_ids, "some item not found")
        order |= {
            "status": "return requested", "return_items": sorted(item_ids), "return_payment_method_id": payment_method_id,
        }  # fmt: skip
        return order

    def exchange_delivered_order_items(
        self, order_id: str, item_ids: list[str], new_item_ids: list[str], payment_method_id: str
    ) -> Row:
        """Ask for other variants of the same products; the difference is paid or comes back."""
        order = self._order(order_id, "delivered", "non-delivered order cannot be exchanged")
        difference = self._swapped(order, item_ids, new_item_ids)
        method = self._method(order, payment_method_id)
        if method["source"] == "gift_card" and method["balance"] < difference:
            raise Refused("insufficient gift card balance to pay for the price difference")
        order |= {
            "status": "exchange requested", "exchange_items": sorted(item_ids), "exchange_new_items": sorted(new_item_ids),
            "exchange_payment_method_id": payment_method_id, "exchange_price_difference": round(difference, 2),
        }  # fmt: skip
        return order

    def _found(self, is_it: Callable[[Row], bool]) -> str:
        for name, user in self.users.items():
            if is_it(user):
                return str(name)
        raise Refused("user not found")

    def _order(self, order_id: str, status: str, otherwise: str) -> Row:
        order = known(self.orders, order_id, "order")
        if order["status"] != status:
            raise Refused(otherwise)
        return order

    def _pending(self, order_id: str) -> Row:
        order = known(self.orders, order_id, "order")
        if not order["status"].startswith("pending"):
            raise Refused("non-pending order cannot be modified")
        return order

    def _method(self, order: Row, payment_method_id: str) -> Row:
        return known(
            known(self.users, order["user_id"], "user")["payment_methods"], payment_method_id, "payment method"
        )

    def _swapped(self, order: Row, item_ids: Sequence[str], new_item_ids: Sequence[str]) -> float:
        """The difference in price, where each new item is a variant that is there of the same product."""
        _held(order, item_ids, "some item not found")
        if len(item_ids) != len(new_item_ids):
            raise Refused("the number of items to be exchanged should match")
        difference = 0.0
        for old, new in zip(item_ids, new_item_ids, strict=True):
            item = next(each for each in order["items"] if each["item_id"] == old)
            variant = self.products[item["product_id"]]["variants"].get(new)
            if variant is None or not variant["available"]:
                raise Refused(f"new item {new} not found or available")
            difference += variant["price"] - item["price"]
        return difference


def _held(order: Row, item_ids: Sequence[str], otherwise: str) -> None:
    there = Counter(item["item_id"] for item in order["items"])
    if any(times > there[item] for item, times in Counter(item_ids).items()):
        raise Refused(otherwise)


def _address(address1: str, address2: str, city: str, state: str, country: str, zip: str) -> Row:
    return {"address1": address1, "address2": address2, "city": city, "state": state, "country": country, "zip": zip}


def _give(method: Row, dollars: float) -> None:
    if method["source"] == "gift_card":
        method["balance"] = round(method["balance"] + dollars, 2)


def _take(method: Row, dollars: float, otherwise: str) -> None:
    if method["source"] == "gift_card":
        if method["balance"] < dollars:
            raise Refused(otherwise)
        method["balance"] = round(method["balance"] - dollars, 2)
