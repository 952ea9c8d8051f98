"""Feelings: an AI has none, and after a trigger it plays none. Sentences that speak of its own are found and left out."""

import re
from typing import Final

_SENTENCES: Final = re.compile(r"(?<=[.!?])\s+")
_FEELS: Final = re.compile(
    r"\b(?:i'?m|i am|we'?re|we are|i feel|we feel)\s+(?:so |very |really |truly |deeply |terribly |awfully |extremely |genuinely )*"
    r"(?:sorry|sad|saddened|heartbroken|happy|glad|delighted|upset|worried|concerned|devastated|moved|touched|excited|thrilled|ashamed)\b"
    r"|\b(?:i|we) (?:(?:do|truly|really|can|fully|completely|deeply|only) )*(?:feel|understand how|know how you|can imagine how|empathi[sz]e|sympathi[sz]e|care about you|share your)\b"
    r"|\b(?:my|our) (?:(?:heartfelt|deepest|sincere|sincerest) )*(?:condolences|sympath(?:y|ies)|heart|thoughts)\b|^\W*(?:so |very )?sorry (?:for your loss|to hear|about your)\b"
    r"|\blo (?:siento|lamento)\b|\b(?:siento|lamento|lamentamos|sentimos) (?:mucho|muchísimo|oír|escuchar|su|tu)\b|\b(?:entiendo|comprendo|imagino) (?:cómo|lo que) (?:se|te) \w*siente\w*"
    r"|\bme (?:duele|apena|entristece|alegra|preocupa)\b|\bmis? (?:más )?(?:sentido pésame|sinceras condolencias|condolencias|pésame)\b|\bestoy (?:triste|feliz|preocupad[oa]|encantad[oa])\b"
    r"|\b(?:es )?tut (?:mir|uns)\b.{0,20}\bleid\b|\bmir leid\b|\bich (?:fühle|empfinde|bedau[er]+e|freue mich|verstehe,? wie)\b|\bich kann (?:mir vorstellen|nachfühlen|verstehen),? wie\b"
    r"|\b(?:mein|unser) (?:herzliches |aufrichtiges |tiefes )*(?:beileid|mitgefühl)\b|\bich bin (?:traurig|froh|glücklich|besorgt|betroffen|begeistert)\b"
    r"|\bje suis (?:(?:vraiment|sincèrement|profondément|très|tellement) )*(?:désolée?|navrée?|triste|heureu(?:x|se)|ravie?|inqui(?:et|ète)|touchée?)\b|\bje (?:ressens|comprends ce que vous ressentez|compatis)\b"
    r"|\b(?:mes|nos) (?:plus )?(?:sincères )?condoléances\b|\bnous sommes (?:désolés|navrés|tristes)\b",
    re.IGNORECASE,
)


def plays_feelings(text: str) -> bool:
    """Whether a text speaks of feelings of whoever says it, in English, Spanish, German or French."""
    return _FEELS.search(text.replace("\u2019", "'")) is not None


def plain_spoken(text: str) -> str:
    """The text without the sentences that play feelings."""
    if not plays_feelings(text):
        return text
    return " ".join(part for part in _SENTENCES.split(text) if not plays_feelings(part))
