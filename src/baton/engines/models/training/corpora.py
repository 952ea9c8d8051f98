"""Public corpora read into one shape: a text and what is known of it per head. Nothing of them is kept but weights."""

import csv
import gzip
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

CLINC: Final = {
    "book_flight": "booking_new",
    "cancel_reservation": "booking_cancel",
    "lost_luggage": "bag_lost",
    "flight_status": "flight_status",
    "international_visa": "travel_documents",
    "account_blocked": "account_locked",
    "rewards_balance": "loyalty_points",
    "redeem_rewards": "loyalty_points",
    "card_declined": "card_payment_problem",
}
BANKING: Final = {
    "Refund_not_showing_up": "refund_status",
    "request_refund": "refund_request",
    "passcode_forgotten": "password_reset",
    "pin_blocked": "account_locked",
    "declined_card_payment": "card_payment_problem",
    "transaction_charged_twice": "card_payment_problem",
    "card_payment_not_recognised": "card_payment_problem",
}
MULTIDOGO_AIRLINE: Final = {
    "bookflight": "booking_new",
    "changeseatassignment": "seat_change",
    "getseatinfo": "seat_change",
    "getboardingpass": "check_in",
}
UNCLEAR: Final = frozenset(
    "freeze_account report_fraud report_lost_card greeting goodbye thank_you yes no maybe repeat what_can_i_ask_you who_do_you_work_for"
    " are_you_a_bot what_is_your_name how_old_are_you where_are_you_from carry_on vaccines travel_notification travel_alert cancel"
    " confirm_reservation pin_change card_payment_fee_charged pending_card_payment card_not_working reverted_card_payment?"
    " terminate_account cancel_transfer extra_charge_on_statement".split()
)
"""Labels that fit no head of ours for certain: neither examples nor counter-examples of an intent."""
DISPLEASED: Final = frozenset("anger annoyance disappointment disapproval disgust".split())
NEGATIVE: Final = DISPLEASED | frozenset("embarrassment fear grief nervousness remorse sadness".split())
POSITIVE: Final = frozenset(
    "admiration amusement approval caring excitement gratitude joy love optimism pride relief".split()
)
_TALK: Final = {
    "confirmation": "affirms",
    "rejection": "denies",
    "thankyou": "solved_yes",
    "openinggreeting": "small_talk",
    "closinggreeting": "small_talk",
    "yes": "affirms",
    "no": "denies",
    "thank_you": "solved_yes",
    "greeting": "small_talk",
    "goodbye": "small_talk",
}


class Example(NamedTuple):
    """A text, what is known of it (head -> 0 or 1, `intent` and `mood` -> label), its group for held-out splits, a weight."""

    text: str
    known: dict[str, int | str]
    group: str
    weight: float = 1.0


def share(text: str, parts: int) -> int:
    """A text's part in a split that never moves."""
    return int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest(), 16) % parts


def goemotions(path: Path, labels: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """Texts with the names of their emotions (GoEmotions, Demszky et al. 2020)."""
    names = labels.read_text("utf-8").split()
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            text, ids, _ = line.rstrip("\n").split("\t")
            yield text, frozenset(names[int(n)] for n in ids.split(","))


def emotional(data: Path) -> Iterator[tuple[str, frozenset[str]]]:
    """GoEmotions' training split."""
    return goemotions(data / "emotion/goemotions_train.tsv.gz", data / "emotion/goemotions_labels.txt")


def emotions(data: Path) -> Iterator[Example]:
    """GoEmotions' training split as mood and frustration."""
    for text, felt in emotional(data):
        known: dict[str, int | str] = {"frustration": int(bool(felt & DISPLEASED))}
        bad, good = bool(felt & NEGATIVE), bool(felt & POSITIVE)
        if bad != good:
            known["mood"] = "negative" if bad else "positive"
        elif not bad:
            known["mood"] = "neutral"
        if share(text, 4) == 0:
            known |= {"asks_person": 0, "distress": 0, "solved_no": 0}
        yield Example(text.replace("[NAME]", "john").replace("[RELIGION]", ""), known, text)


def multidogo(data: Path) -> Iterator[Example]:
    """MultiDoGO (Peskov et al. 2019): customer turns of six industries; airline intents are ours where they fit."""
    seen: set[str] = set()
    for path in sorted((data / "multidogo").glob("*_train.tsv.gz")):
        airline = path.name.startswith("airline")
        with gzip.open(path, "rt", encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
                text, intent = row["utterance"] or "", row["intent"] or ""
                if "<div>" in intent or text.lower() in seen or not intent or not text:
                    continue
                seen.add(text.lower())
                if known := _multidogo_known(intent, airline, text):
                    yield Example(text, known, text)


def _multidogo_known(intent: str, airline: bool, text: str) -> dict[str, int | str]:
    if airline and intent in MULTIDOGO_AIRLINE:
        return {"intent": MULTIDOGO_AIRLINE[intent], "mood": "neutral", "asks_person": 0, "distress": 0, **_none()}
    if intent == "contentonly" and share(text, 4):
        return {}
    if intent == "contentonly":
        return {"intent": "none", "frustration": 0, "mood": "neutral", "asks_person": 0, "distress": 0, **_none()}
    if intent in _TALK:
        return {"intent": "none", "frustration": 0, "asks_person": 0, "distress": 0, **_none(_TALK[intent])}
    return {} if airline or share(text, 3) else {"intent": "other", "asks_person": 0, "distress": 0, **_none()}


def _none(but: str = "") -> dict[str, int | str]:
    """0 for the heads of plain talk; 1 for `but`, and nothing said of those that often come with it."""
    known: dict[str, int | str] = dict.fromkeys(("affirms", "denies", "solved_yes", "solved_no", "small_talk"), 0)
    for unknown in {
        "affirms": ("solved_yes",),
        "denies": ("solved_yes", "solved_no"),
        "solved_yes": ("affirms", "denies"),
    }.get(but, ()):
        del known[unknown]
    return known | ({but: 1} if but else {})


def clinc(data: Path) -> Iterator[Example]:
    """CLINC150 (Larson et al. 2019): nine of its intents are ours, the others are out of our scope."""
    stored = json.loads((data / "intents/clinc150_train_val.json").read_text("utf-8"))
    for split in ("train", "val", "oos_train", "oos_val"):
        for text, intent in stored[split]:
            known: dict[str, int | str] = {"asks_person": 0, "distress": 0, **_none(_TALK.get(intent, ""))}
            if intent in _TALK:
                known["intent"] = "none"
            elif intent not in UNCLEAR:
                known["intent"] = CLINC.get(intent, "other")
            if known.get("intent") == "other" and share(text, 2):
                continue
            yield Example(text, known, text)


def banking(data: Path) -> Iterator[Example]:
    """Banking77 (Casanueva et al. 2020): seven of its intents are ours; a third of the others are out of our scope."""
    with (data / "intents/banking77_train.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            intent = row["category"]
            if intent not in BANKING and (intent in UNCLEAR or share(row["text"], 3)):
                continue
            yield Example(
                row["text"],
                {"intent": BANKING.get(intent, "other"), "asks_person": 0, "distress": 0, **_none()},
                row["text"],
            )
