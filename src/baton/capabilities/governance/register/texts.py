"""Texts: the first words of an AI, by channel and language. Art. 50(1) of the EU AI Act asks for them at first contact."""

from collections.abc import Mapping
from typing import Final

TEXTS: Final = {
    "en": "You are chatting with an AI assistant. A person is always one tap away.",
    "es": "Está hablando con un asistente de IA. Siempre puede pasar a una persona con un toque.",
    "de": "Sie schreiben mit einem KI-Assistenten. Ein Mensch ist immer nur einen Tipp entfernt.",
    "fr": "Vous parlez avec un assistant IA. Une personne est toujours à portée de main.",
    "voice/en": "You are talking to an AI assistant. Say “person” at any time to reach a person.",
    "voice/es": "Está hablando con un asistente de IA. Diga «persona» en cualquier momento para hablar con una persona.",
    "voice/de": "Sie sprechen mit einem KI-Assistenten. Sagen Sie jederzeit „Mensch“, um mit einem Menschen zu sprechen.",
    "voice/fr": "Vous parlez à un assistant IA. Dites « personne » à tout moment pour parler à une personne.",
}


def text_for(own: Mapping[str, str], usual: str, channel: str, language: str) -> tuple[str, str]:
    """The text for a channel and language, and the language it is in: the register's own words first, English last.

    `usual` is the agent's own sentence in English; one that differs from the shipped sentence is what its owner wants said.
    """
    tongue = language.partition("-")[0].lower() or "en"
    shipped = TEXTS if usual in {"", TEXTS["en"]} else {"en": usual}
    for tried in dict.fromkeys((tongue, "en")):
        for texts in (own, shipped):
            found = texts.get(f"{channel}/{tried}") or texts.get(tried)
            if found:
                return found, tried
    return TEXTS["en"], "en"
