"""Promises: found in what a rep or an agent says, as an obligation with a date. "I will call you tomorrow" is one; "let me look" is none.

Read sentence by sentence: somebody of the company binds themselves (or tells what the customer will get), and names a time. Questions,
conditions, refusals and what the customer has to do are none. What is found is a label and a place in the text, never words.
"""

import re

import msgspec

from baton.capabilities.resolution.events import Deed
from baton.capabilities.resolution.promising.times import due_ms

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.](?=\d)[^.!?\n]*)*[.!?]*")
_CUSTOMER_DOES = r"need|have|be asked|want|see that|find|notice|not|able|only|also need"
_BOUND = re.compile(
    rf"\b(?:(?:i|we)(?:'ll|’ll| will| shall| am going to| are going to|'m going to|'re going to)\b(?!\s+(?:not|never|have to|need|be able))"
    rf"|(?:someone|somebody|a colleague|my colleague|our team|the team|they|a specialist|a manager|my supervisor|the fare desk)(?:'ll| will| are going to| is going to)\b(?!\s+not)"
    rf"|(?:i|we|they|and)\s+(?:write|call|answer|ring|phone)\b"
    rf"|you (?:get|hear|have my word|have an answer)\b"
    rf"|you(?:'ll|’ll| will| should)\s+(?!(?:{_CUSTOMER_DOES})\b)(?:be\s+)?(?:get|receive|have|hear|be|refunded|credited|called|contacted)\b"
    rf"|(?:your|the) (?:[a-z]+ )?(?:refund|money|bag|payment|replacement|voucher|order|package|parcel|invoice|amount|luggage|suitcase|credit|card)(?:'ll| will| should| arrives| is there)\b(?!\s+not)"
    rf"|expect (?:a|our|my) (?:call|message|e-?mail|reply)\b"
    rf"|(?:ich|wir)\s+(?:rufe|rufen|schreibe|schreiben|melde|melden|schicke|schicken|sende|senden|überweise|überweisen|kümmere|kümmern)\b|(?:ich|wir) (?:werde|werden)\b"
    rf"|sie\s+(?:bekommen|erhalten|hören)\b|(?:ihr geld|ihr koffer|die erstattung|das geld)\s+(?:kommt|ist|wird)\b"
    rf"|(?:le|te|lo|la|les|os)\s+(?:llamar|escribir|avisar|contactar|enviar|devolver)(?:é|emos|án)\b|(?:recibirá|tendrá|recibirás|tendrás)\b|su (?:dinero|maleta|reembolso) (?:llegará|estará)\b"
    rf"|(?:je|nous)\s+(?:vous|te)\s+(?:rappel|appel|écri|contact|envoi|envoy|rembours|tien)|vous\s+(?:recevrez|aurez|serez)\b)"
)  # fmt: skip
_NONE = re.compile(
    r"\b(?:if|once|unless|as soon as|after you|wenn|falls|sobald|cuando|quand|dès que|can't|cannot|won't|unable|not sure|hope|hopefully|maybe|perhaps|usually|normally|up to you"
    r"|(?:will|'ll) (?:now |first |also |then )*(?:search|look (?!into)|check|find|see|proceed|help))\b|^\W*when\b|\bsi\b"
)
_DEEDS: tuple[tuple[Deed, re.Pattern[str]], ...] = (
    ("call_back", re.compile(r"\b(?:call|callback|ring|phone|telephone)\b|\bcalled\b|\brufe|\banrufen|llamar|llamada|appel")),
    ("write", re.compile(r"\b(?:write|writes|e-?mail|message|reply|answer|mail|get back|let you know|keep you posted|update you|contact|contacted|in touch|hear|text|inform|notify|schreibe\w*|melde\w*|hören|escrib\w*|avisar\w*|contact\w*|écri\w*|tien\w*)\b")),
    ("money", re.compile(r"\b(?:refund|money|credit|credited|refunded|payment|reimburse|amount|geld|erstatt\w*|überweis\w*|reembolso|dinero|devolver|rembours\w*)")),
    ("deliver", re.compile(r"\b(?:bag|luggage|suitcase|deliver\w*|arrives?|parcel|package|replacement|voucher|courier|card|order|koffer|maleta|valise)\b")),
)  # fmt: skip


class Found(msgspec.Struct, frozen=True):
    """A promise in a text: what, when it is due (milliseconds since the epoch), and where the sentence stands."""

    deed: Deed
    due_ms: int
    start: int
    end: int


def promises(text: str, said_ms: int) -> list[Found]:
    """What is promised in a text said at this time, at most one of each kind: the last."""
    found: dict[Deed, Found] = {}
    for sentence in _SENTENCE.finditer(text[:4000]):
        words = sentence[0].lower().replace("’", "'")
        if words.endswith("?") or _NONE.search(words) or not _BOUND.search(words):
            continue
        due = due_ms(words, said_ms)
        if due:
            told = Found(deed_of(words), due, sentence.start(), sentence.end())
            found[told.deed] = told
    return list(found.values())


def deed_of(words: str) -> Deed:
    """What kind of deed words in lower case promise."""
    return next((deed for deed, says in _DEEDS if says.search(words)), "do")
