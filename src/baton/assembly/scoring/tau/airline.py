"""The airline's system of record: what its tools do to reservations, seats and balances.

Written from the tools' documentation and checked against every answer in the recorded conversations (`checking.py`). A
refusal is a `Refused` with the words the record gives.
"""

from collections.abc import Iterable
from copy import deepcopy
from typing import Final

from baton.assembly.scoring.tau.arithmetic import calculated
from baton.assembly.scoring.tau.data import Database, Refused, Row, Rows, known

BAG_DOLLARS: Final = 50
INSURANCE_DOLLARS: Final = 30
NOW: Final = "2024-05-15T15:00:00"
NEW_IDS: Final = ("HATHAT", "HATHAU", "HATHAV")
CERTIFICATES: Final = (3221322, 3221323, 3221324)
AIRPORTS: Final = {
    "SFO": "San Francisco", "JFK": "New York", "LAX": "Los Angeles", "ORD": "Chicago", "DFW": "Dallas", "DEN": "Denver", "SEA": "Seattle",
    "ATL": "Atlanta", "MIA": "Miami", "BOS": "Boston", "PHX": "Phoenix", "IAH": "Houston", "LAS": "Las Vegas", "MCO": "Orlando",
    "EWR": "Newark", "CLT": "Charlotte", "MSP": "Minneapolis", "DTW": "Detroit", "PHL": "Philadelphia", "LGA": "LaGuardia",
}  # fmt: skip


class Airline:
    """Its tables, and one method a tool."""

    def __init__(self, tables: Database) -> None:
        self.users, self.reservations = Rows(tables["users"]), Rows(tables["reservations"])
        self.flights = tables["flights"]

    def state(self) -> Database:
        """All tables as they are now."""
        return {"users": self.users, "reservations": self.reservations, "flights": self.flights}

    def get_user_details(self, user_id: str) -> Row:
        """A customer with payment methods and reservation ids."""
        return known(self.users, user_id, "user")

    def get_reservation_details(self, reservation_id: str) -> Row:
        """A reservation."""
        return known(self.reservations, reservation_id, "reservation")

    def list_all_airports(self) -> Row:
        """Codes and cities."""
        return dict(AIRPORTS)

    def get_flight_status(self, flight_number: str, date: str) -> str:
        """How a flight of a day stands."""
        flight = known(self.flights, flight_number, "flight")
        return str(known(flight["dates"], date, "flight date")["status"])

    def calculate(self, expression: str) -> str:
        """The result of simple arithmetic."""
        return calculated(expression)

    def transfer_to_human_agents(self, summary: str) -> str:
        """Hand the customer to a person."""
        return "Transfer successful"

    def search_direct_flight(self, origin: str, destination: str, date: str) -> list[Row]:
        """Flights of a day that can be booked."""
        return [
            _offer(flight, flight["dates"][date])
            for flight in self.flights.values()
            if flight["origin"] == origin and flight["destination"] == destination and _open(flight, date)
        ]

    def search_onestop_flight(self, origin: str, destination: str, date: str) -> list[list[Row]]:
        """Pairs of flights with a change, the second not before the first has landed."""
        found = []
        for first in self.flights.values():
            if first["origin"] != origin:
                continue
            for second in self.flights.values():
                if second["destination"] != destination or second["origin"] != first["destination"]:
                    continue
                onward = f"2024-05-{int(date[-2:]) + 1}" if "+1" in first["scheduled_arrival_time_est"] else date
                if first["scheduled_arrival_time_est"] > second["scheduled_departure_time_est"]:
                    continue
                if _open(first, date) and _open(second, onward):
                    found.append(
                        [
                            {**_offer(first, first["dates"][date]), "date": date},
                            {**_offer(second, second["dates"][onward]), "date": onward},
                        ]
                    )
        return found

    def book_reservation(
        self, user_id: str, origin: str, destination: str, flight_type: str, cabin: str, flights: list[Row], passengers: list[Row],
        payment_methods: list[Row], total_baggages: int, nonfree_baggages: int, insurance: str,
    ) -> Row:  # fmt: skip
        """A new reservation, paid from the customer's own payment methods."""
        user = known(self.users, user_id, "user")
        new = next(code for code in NEW_IDS if code not in self.reservations)
        legs = [self._leg(leg, cabin, len(passengers)) for leg in flights]
        price = sum(leg["price"] for leg in legs) * len(passengers)
        price += INSURANCE_DOLLARS * len(passengers) if insurance == "yes" else 0
        price += BAG_DOLLARS * nonfree_baggages
        self._payable(user, payment_methods, price)
        for paid in payment_methods:
            _spend(user, paid["payment_id"], paid["amount"])
        self._seats(legs, cabin, -len(passengers))
        booked: Row = {
            "reservation_id": new, "user_id": user_id, "origin": origin, "destination": destination, "flight_type": flight_type,
            "cabin": cabin, "flights": legs, "passengers": deepcopy(passengers), "payment_history": deepcopy(payment_methods),
            "created_at": NOW, "total_baggages": total_baggages, "nonfree_baggages": nonfree_baggages, "insurance": insurance,
        }  # fmt: skip
        self.reservations[new] = booked
        user["reservations"].append(new)
        return booked

    def cancel_reservation(self, reservation_id: str) -> Row:
        """Cancel all of it; what was paid goes back where it came from."""
        reservation = known(self.reservations, reservation_id, "reservation")
        back = [{"payment_id": p["payment_id"], "amount": -p["amount"]} for p in reservation["payment_history"]]
        reservation["payment_history"].extend(back)
        reservation["status"] = "cancelled"
        return reservation

    def update_reservation_baggages(
        self, reservation_id: str, total_baggages: int, nonfree_baggages: int, payment_id: str
    ) -> Row:
        """Other bags; more that are not free are paid."""
        reservation = known(self.reservations, reservation_id, "reservation")
        more = max(0, nonfree_baggages - reservation["nonfree_baggages"])
        self._charge(reservation, payment_id, BAG_DOLLARS * more)
        reservation["total_baggages"], reservation["nonfree_baggages"] = total_baggages, nonfree_baggages
        return reservation

    def update_reservation_flights(self, reservation_id: str, cabin: str, flights: list[Row], payment_id: str) -> Row:
        """Other flights or another cabin for the whole reservation; the difference is paid or comes back."""
        reservation = known(self.reservations, reservation_id, "reservation")
        people = len(reservation["passengers"])
        legs = [self._kept(leg, reservation, cabin) or self._leg(leg, cabin, people) for leg in flights]
        difference = (sum(leg["price"] for leg in legs) - sum(leg["price"] for leg in reservation["flights"])) * people
        self._charge(reservation, payment_id, difference)
        reservation["flights"], reservation["cabin"] = legs, cabin
        return reservation

    def update_reservation_passengers(self, reservation_id: str, passengers: list[Row]) -> Row:
        """Other passengers, as many as before."""
        reservation = known(self.reservations, reservation_id, "reservation")
        if len(passengers) != len(reservation["passengers"]):
            raise Refused("number of passengers does not match")
        reservation["passengers"] = deepcopy(passengers)
        return reservation

    def send_certificate(self, user_id: str, amount: int) -> str:
        """A travel certificate for the customer."""
        user = known(self.users, user_id, "user")
        new = next(f"certificate_{n}" for n in CERTIFICATES if f"certificate_{n}" not in user["payment_methods"])
        user["payment_methods"][new] = {"source": "certificate", "amount": amount, "id": new}
        return f"Certificate {new} added to user {user_id} with amount {amount}."

    def _leg(self, leg: Row, cabin: str, people: int) -> Row:
        number, date = leg["flight_number"], leg["date"]
        flight = known(self.flights, number, "flight")
        day = flight["dates"].get(date)
        if day is None:
            raise Refused(f"flight {number} not found on date {date}")
        if day["status"] != "available":
            raise Refused(f"flight {number} not available on date {date}")
        if day["available_seats"][cabin] < people:
            raise Refused(f"not enough seats on flight {number}")
        ends = {"origin": flight["origin"], "destination": flight["destination"]}
        return {"flight_number": number, "date": date, "price": day["prices"][cabin], **ends}

    def _kept(self, leg: Row, reservation: Row, cabin: str) -> Row | None:
        """A leg that stays as it is keeps its price."""
        if reservation["cabin"] != cabin:
            return None
        same = (
            f for f in reservation["flights"] if (f["flight_number"], f["date"]) == (leg["flight_number"], leg["date"])
        )
        found = next(same, None)
        return deepcopy(found) if found else None

    def _seats(self, legs: Iterable[Row], cabin: str, by: int) -> None:
        self.flights = deepcopy(self.flights)
        for leg in legs:
            self.flights[leg["flight_number"]]["dates"][leg["date"]]["available_seats"][cabin] += by

    def _payable(self, user: Row, payments: Iterable[Row], price: int) -> None:
        paid = 0
        for each in payments:
            method = user["payment_methods"].get(each["payment_id"])
            if method is None:
                raise Refused(f"payment method {each['payment_id']} not found")
            if method["source"] in {"gift_card", "certificate"} and method["amount"] < each["amount"]:
                raise Refused(f"not enough balance in payment method {each['payment_id']}")
            paid += each["amount"]
        if paid != price:
            raise Refused(f"payment amount does not add up, total price is {price}, but paid {paid}")

    def _charge(self, reservation: Row, payment_id: str, dollars: int) -> None:
        user = known(self.users, reservation["user_id"], "user")
        method = user["payment_methods"].get(payment_id)
        if method is None:
            raise Refused("payment method not found")
        if method["source"] == "certificate":
            raise Refused("certificate cannot be used to update reservation")
        if method["source"] == "gift_card" and method["amount"] < dollars:
            raise Refused("gift card balance is not enough")
        if method["source"] == "gift_card":
            method["amount"] -= dollars
        if dollars:
            reservation["payment_history"].append({"payment_id": payment_id, "amount": dollars})


def _open(flight: Row, date: str) -> bool:
    return date in flight["dates"] and flight["dates"][date]["status"] == "available"


def _offer(flight: Row, day: Row) -> Row:
    return {**{name: value for name, value in flight.items() if name != "dates"}, **day}


def _spend(user: Row, payment_id: str, amount: int) -> None:
    method = user["payment_methods"][payment_id]
    if method["source"] == "gift_card":
        method["amount"] -= amount
    elif method["source"] == "certificate":
        del user["payment_methods"][payment_id]
