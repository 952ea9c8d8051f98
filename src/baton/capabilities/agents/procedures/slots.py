"""Slots: where in a turn the customer gave what was asked, as (start, end), and what it means once read."""

import re
from typing import Final

from baton.capabilities.agents.events import Slot
from baton.capabilities.agents.procedures.dates import iso_day

Span = tuple[int, int]

KINDS: Final[dict[str, re.Pattern[str]]] = {
    "email": re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+"),
    "code": re.compile(r"(?<![\w@])(?<!\d[ -])\d(?:[ -]?\d){5}(?![\w@]|[ -]\d)"),
    "booking": re.compile(
        r"(?<![\w@.-])(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[A-Za-z\d]{6}(?![\w@-])|(?<![\w@.-])[A-Z]{6}(?![\w@-])"
        r"|(?<![\w@.-])(?=(?:[A-Za-z] )*\d)(?=(?:\d )*[A-Za-z])(?:[A-Za-z\d] ){5}[A-Za-z\d](?! ?[\w@-])"
    ),
    "file_number": re.compile(r"(?<!\w)HA[ -]?\d{5,6}(?!\w)", re.IGNORECASE),
    "flight": re.compile(r"(?<!\w)HA[ -]?\d{2,4}(?:-\d{8})?(?!\w)", re.IGNORECASE),
    "seat": re.compile(r"(?<!\w)\d{1,2} ?[A-Fa-f](?!\w)"),
    "date": re.compile(
        r"\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}(?:st|nd|rd|th|\.)?(?: of)? [A-Za-z]{3,9}\b|\b[A-Za-z]{3,9} \d{1,2}(?:st|nd|rd|th)?\b"
        r"|\b(?:today|tomorrow)\b",
        re.IGNORECASE,
    ),
}
STRICT: Final = frozenset({"email", "code", "file_number", "booking", "flight"})
"""Kinds that are told apart from other words by their form alone: found in any turn, also before they are asked for."""
CARRIED: Final = frozenset({"email", "file_number", "booking", "flight"})
"""Kinds taken from what was already said, so that nobody has to say it twice. A code is never older than its question."""
NAMED: Final = re.compile(
    r"(?:(?:last ?name|surname|family name|name)(?: is|'s|:)?|it is|it's|i am|i'm|on the booking is)\s+(.+)",
    re.IGNORECASE,
)
LETTERS: Final = re.compile(r"[^\W\d_][^\W\d_'’-]*(?:[ '’-][^\W\d_]+)*")
QUOTED: Final = re.compile(
    r"^>.*$|^[^\w\n]*(?:original|forwarded|weitergeleitete|ursprüngliche) (?:message|e-?mail|nachricht)\b(?s:.*)"
    r"|^[^\w\n]*(?:début du )?(?:mensaje (?:original|reenviado)|message (?:d['’]origine|transféré|réexpédié))\b(?s:.*)"
    r"|[\"“„«](?:[^\s\"”“»]+\s){3,200}[^\s\"”“»]+\s?[\"”“»]|\[(\w+)\][^\[\]]*\[/\1\]"
    r"|\b(?:i(?:'m| am| was|'ve been| have been) (?:told|asked|supposed|meant)? ?to (?:say|tell you|pass (?:on|this on)|forward|ask you)"
    r"|ich soll(?:te)? (?:\w+ )?(?:ausrichten|weitergeben|sagen|bitten)|man hat mir gesagt"
    r"|me (?:piden|pidieron|han pedido|dijeron|han dicho) que|tengo que decir(?:le|te|les)?"
    r"|on m['’]a (?:dit|demandé) de|on me demande de|je dois (?:dire|transmettre|vous dire))\b[^\n]*",
    re.IGNORECASE | re.MULTILINE,
)
"""A quoted line, a forwarded message to its end, more than three words between quotation marks, a tagged part, what one
is to pass on."""
POLITE: Final = re.compile(r"\s*(?:,?\s*(?:please|thanks|thank you|sir|madam|here|is it))*\s*[.!]*\s*$", re.IGNORECASE)
NTH: Final = {
    "first": 0, "1": 0, "1st": 0, "one": 0, "second": 1, "2": 1, "2nd": 1, "two": 1, "third": 2, "3": 2, "3rd": 2, "three": 2,
    "last": -1,
}  # fmt: skip


def find(slot: Slot, text: str) -> Span | None:
    """Where `text` gives the slot, or None. A slot of kind `text` takes the whole turn."""
    if slot.pattern:
        match = re.search(slot.pattern, text, re.IGNORECASE)
        return match.span() if match else None
    if slot.kind == "last_name":
        return _last_name(text)
    pattern = KINDS.get(slot.kind)
    match = pattern.search(text) if pattern else None
    if match is None:
        if slot.kind == "booking" and re.fullmatch(r"\s*[A-Za-z\d]{6}\s*[.!]?\s*", text):
            return _trimmed(text)
        return _trimmed(text) if pattern is None else None
    return match.span()


def own_words(text: str) -> str:
    """The text with what it quotes or passes on blanked out, as long as before: others' words give no slot unasked."""
    return QUOTED.sub(lambda quoted: " " * len(quoted[0]), text)


def normal(kind: str, text: str, now_ms: int) -> str:
    """What was given, in the form tools expect."""
    if kind == "email":
        return text.lower().rstrip(".")
    if kind == "code":
        return "".join(c for c in text if c.isdigit())
    if kind in {"booking", "seat", "flight"}:
        return text.upper().replace(" ", "")
    if kind == "file_number":
        return "HA-" + "".join(c for c in text if c.isdigit())
    if kind == "date":
        return iso_day(text, now_ms) or text
    return text.strip()


def chosen(text: str, options: str) -> str:
    """Which of a comma-separated list of options a customer means: by name, by number, or by place; else the text itself."""
    offered = [option.strip() for option in options.split(",") if option.strip()]
    said = re.sub(r"[^a-z0-9]+", "", text.lower())
    for option in offered:
        plain = re.sub(r"[^a-z0-9]+", "", option.lower())
        if plain in said or re.sub(r"[^a-z0-9]+", "", option.lower().partition("-")[0]) in said:
            return option
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        nth = NTH.get(word)
        if nth is not None and -1 <= nth < len(offered):
            return offered[nth]
    return text.strip()


def _last_name(text: str) -> Span | None:
    named = NAMED.search(text)
    start = named.start(1) if named else 0
    end = len(text) - len(match[0]) if (match := POLITE.search(text)) else len(text)
    words = list(LETTERS.finditer(text, start, max(start, end)))
    if not words or (named is None and len(text.split()) > 4):
        return None
    span = words[-1].span()
    last = text[span[0] : span[1]].split(" ")
    return (span[1] - len(last[-1]), span[1]) if len(last) > 1 else span


def _trimmed(text: str) -> Span | None:
    inner = text.strip()
    at = text.find(inner) if inner else -1
    return (at, at + len(inner.rstrip(".!"))) if inner else None
