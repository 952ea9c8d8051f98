"""Tapping: a yes or a no that the customer may tap instead of typing. What they tap is said and read like any other turn."""

from typing import Final

import msgspec

WORDS: Final = {
    "en": (("Yes, go ahead", "Yes"), ("No, change nothing", "No")),
    "es": (("Sí, adelante", "Sí"), ("No, no cambie nada", "No")),
    "de": (("Ja, bitte ausführen", "Ja"), ("Nein, nichts ändern", "Nein")),
}
"""By language: what stands on the button, and what is said by tapping it (`replies` reads it as a plain yes or no)."""


def yes_or_no(language: str) -> str:
    """The card of a question that needs a yes, as the customer's channels draw it; in English where the language is not known."""
    options = [{"label": label, "text": text} for label, text in WORDS.get(language[:2], WORDS["en"])]
    return msgspec.json.encode({"options": options}).decode()
