"""Words for what an intent is called in a sentence, in each language of the company."""

TOPICS = {
    "en": {
        "booking_new": "a new booking", "booking_change": "a change of flight", "booking_cancel": "a cancellation", "refund_status": "a refund",
        "refund_request": "a refund", "bag_delayed": "a late bag", "bag_lost": "a lost bag", "seat_change": "a seat", "check_in": "check-in",
        "password_reset": "signing in", "account_locked": "a locked account", "loyalty_points": "points", "invoice_request": "an invoice",
        "corporate_plan": "a corporate plan", "special_assistance": "help at the airport", "bereavement_fare": "a journey for a funeral",
        "flight_status": "a flight's time", "complaint": "a complaint", "card_payment_problem": "a payment", "travel_documents": "travel papers",
        "pet_travel": "travelling with a pet", "other": "something else",
    },
    "es": {"refund_status": "reembolsos", "bag_delayed": "maletas", "seat_change": "asientos", "password_reset": "accesos"},
    "de": {"refund_status": "Erstattungen", "bag_delayed": "Gepäck", "booking_change": "Umbuchungen", "password_reset": "Anmeldungen"},
}  # fmt: skip
ASKED = {
    "en": {
        "file": "the file number of the bag",
        "email": "the e-mail address of the account",
        "code": "the booking code and the last name",
    },
    "es": {
        "file": "el número de expediente",
        "email": "el correo de la cuenta",
        "code": "el código de reserva y el apellido",
    },
    "de": {
        "file": "die Aktennummer",
        "email": "die E-Mail-Adresse des Kontos",
        "code": "den Buchungscode und den Nachnamen",
    },
}
NEXT_DAY = {"en": ("today", "tomorrow"), "es": ("hoy", "mañana"), "de": ("heute", "morgen")}
