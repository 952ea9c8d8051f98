"""Words: labels of the log as a rep reads them. A label nobody wrote a sentence for is shown as plain words."""

from typing import Final

PRESENCE: Final = {
    "available": "Available",
    "away": "Away",
    "break": "On a break",
    "wrap_up": "Wrapping up",
    "offline": "Offline",
}
CHOICES: Final = (
    ("available", "", "Available", "Conversations are offered to you"),
    ("break", "coffee", "Break: coffee", "Nothing is offered; what you hold stays yours"),
    ("break", "meal", "Break: meal", ""),
    ("break", "training", "Break: training or meeting", ""),
    ("away", "", "Away for a moment", "Nothing is offered"),
    ("offline", "", "Offline", "Your day is over"),
)
"""What a rep may say of themselves: presence, reason, what it is called, and what it means where that is not plain."""

LANGUAGES: Final = {
    "en": "English", "es": "Spanish", "de": "German", "fr": "French", "pt": "Portuguese", "it": "Italian", "nl": "Dutch",
    "pl": "Polish", "tr": "Turkish", "ar": "Arabic", "zh": "Chinese", "ja": "Japanese",
}  # fmt: skip

HANDED: Final = {
    "asked": "the customer asked for a person",
    "anger": "the customer is angry",
    "distress": "the customer is in distress",
    "bereavement": "a bereavement",
    "failed_attempts": "two attempts did not help",
    "loop": "the same question came again and again",
    "legal": "a legal matter",
    "no_answer": "no answer was found",
    "person_first": "people serve this first",
    "transferred": "passed on from another queue",
    "owner_lost": "the connection to the rep before was lost",
    "assigned": "given to a rep",
    "not_approved": "an approval was refused",
    "reserved": "an easy one, kept for people",
    "over_limit": "it is more than the AI may do alone",
}
HARD: Final = {
    "intent_unclear": "what is wanted is not clear",
    "several_issues": "several things to solve",
    "asked_again": "the same was asked again",
    "low_mood": "low mood",
    "frustration": "frustration",
    "systems": "several systems involved",
    "transferred": "passed on before",
    "earlier_contacts": "earlier contacts",
    "failed_attempts": "attempts that did not help",
    "identity": "identity still to be checked",
    "hard_step": "stuck at a step",
    "distress": "distress",
    "bereavement": "a bereavement",
    "legal": "a legal matter",
}
DISPOSITIONS: Final = (
    ("solved", "Solved, the record changed"),
    ("answered", "Question answered"),
    ("refused_by_rule", "Not allowed by the rules, and said so"),
    ("promise_made", "Promise made, to be kept"),
    ("other_team", "Waiting for another team"),
    ("customer_left", "Customer left"),
    ("not_solved", "Not solved"),
)
ENDED: Final = {
    "customer_left": "the customer left",
    "closed_by_rep": "closed by the rep",
    "resolved": "resolved",
    "idle": "nobody wrote any more",
    "abandoned": "the customer gave up waiting",
    "transferred": "passed on elsewhere",
}
MET: Final = {
    "yes": "need met", "no": "need not met", "refused": "rightly refused", "unknown": "not known whether the need was met",
}  # fmt: skip
VERDICTS: Final = {
    "met": "met", "refused": "refused", "handed_over": "handed over", "given_up": "given up", "failed": "not met",
    "silent": "nothing shows it was met", "open": "promise open",
}  # fmt: skip
PATHS: Final = {"agent": "AI", "agent_rep": "AI, then a rep", "rep": "a rep", "machine": "a machine customer"}
VERIFIED: Final = {
    "verified": ("good", "Identity verified"),
    "claimed": ("idle", "Claimed, not verified"),
    "anonymous": ("idle", "Anonymous"),
}


def plain(label: str) -> str:
    """`refund_status` as `refund status`."""
    return label.replace("_", " ").strip()


def sentence(label: str) -> str:
    """`refund_status` as `Refund status`."""
    words = plain(label)
    return words[:1].upper() + words[1:]


def need_of(label: str) -> str:
    """An intent in words; it says so where nobody knows yet."""
    return sentence(label) if label else "Not yet clear what is wanted"


def language_of(code: str) -> str:
    """A language's name."""
    return LANGUAGES.get(code[:2], code) if code else ""


def reason_of(label: str) -> str:
    """Why the baton changed hands."""
    return HANDED.get(label, plain(label))


def harder_by(label: str) -> str:
    """A reason of complexity."""
    return HARD.get(label, plain(label))


def mood_of(score: int) -> str:
    """A mood from -1000 to 1000 in a word."""
    if score <= -300:
        return "low"
    return "good" if score >= 300 else "even"


def signed(score: int) -> str:
    """A mood as a signed tenth: -640 as −0.6."""
    shown = f"{abs(score) / 1000:.1f}"
    return f"\N{MINUS SIGN}{shown}" if score < 0 else shown


def plural(count: int, one: str, many: str = "") -> str:
    """`1 turn`, `2 turns`."""
    return f"{count} {one if count == 1 else many or one + 's'}"
