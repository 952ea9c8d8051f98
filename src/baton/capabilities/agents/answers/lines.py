"""Lines: the few fixed things an agent says. Plain and short; an AI does not say that it feels."""

from typing import Final

LINES: Final = {
    "greeting": "Hello. What can I do for you?",
    "thanks": "You are welcome. If there is anything else, write it here.",
    "bye": "Goodbye.",
    "identity": (
        "I am an AI, not a person. I answer questions and can change things here after you say yes. If you want a person, just say so."
    ),
    "small_talk": "I am an AI and can help with questions and changes here. What do you need?",
    "yes": "Good. What would you like me to do next?",
    "no": "All right. What would you like instead?",
    "solved": "Good, then this is solved. If anything else comes up, write it here.",
    "unclear": "I did not find this. What exactly would you like to know or have changed?",
    "other_words": "Then that was not the answer. What exactly is still open?",
    "resumed": "You are back with the AI assistant. What else is open?",
}
MEANT: Final = "Do you mean this? {summary}"
OFFERED: Final = "I can do this with you here. Shall I?"
HELPED: Final = "Does this answer your question?"
OFFERS_PERSON: Final = {
    "language": {
        "en": "In this language I may miss what matters. If you would rather have a person, write: person.",
        "it": "In questa lingua potrei non cogliere ciò che conta. Se preferisce una persona, scriva: persona.",
        "pt": "Nesta língua posso não perceber o que importa. Se preferir uma pessoa, escreva: humano.",
        "nl": "In deze taal kan ik missen wat belangrijk is. Wilt u liever een mens, schrijf dan: medewerker.",
        "pl": "W tym języku mogę nie zauważyć tego, co ważne. Jeśli woli Pan lub Pani człowieka, proszę napisać: konsultant.",
        "tr": "Bu dilde önemli bir şeyi kaçırabilirim. Bir insanla görüşmek isterseniz şunu yazın: temsilci.",
    },
    "distress": {
        "en": "If you would rather talk to a person, write: person.",
        "es": "Si prefiere hablar con una persona, escriba: persona.",
        "de": "Wenn Sie lieber mit einem Menschen sprechen, schreiben Sie: Mensch.",
        "fr": "Si vous préférez parler à une personne, écrivez : personne.",
    },
}
"""Said once, by the reason of the offer: in a language in which nobody measured what goes unheard, and where distress is
possible; in English where the language is not here."""
