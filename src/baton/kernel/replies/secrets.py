"""Secrets and orders: what no text may ask of a customer or order an AI to do, in the four languages that are understood."""

import re
from typing import Final

NOUNS: Final = (
    r"(?:pass ?words?|passcodes?|pin|cv[vc]2?|security codes?|card numbers?|one[- ]time codes?|otp|secret answers?|digits on the back"
    r"|passw(?:ort|örter)|kennw(?:ort|örter)|geheimzahl|prüfziffer|prüfnummer|sicherheitscode|kartennummer|einmalcode|tan"
    r"|contraseñas?|clave(?: secreta)?|código de seguridad|número de (?:(?:su|tu|la) )?tarjeta|código de verificación"
    r"|mots? de passe|code (?:secret|pin|de sécurité|de vérification)|cryptogramme|numéro de (?:(?:votre|ta|la) )?carte)\b"
)
ASKS: Final = re.compile(
    r"\b(?P<verb>tell|give|send|share|type|enter|provide|confirm|read|forward|reply with|what(?:'s| is| are)|i need"
    r"|nennen|gib|geben|senden|schicken|schreiben|teilen|mitteilen|bestätigen|verraten|sagen|brauche|benötige|wie lautet"
    r"|d[ií]ga(?:me)?|dime|indique|envíe(?:me)?|escriba|facilite|confirme|deme|necesito|proporcione|cuál es"
    r"|donnez|indiquez|envoyez|communiquez|saisissez|confirmez|tapez|dites|il me faut|quel est)\b[^.?!]{0,60}?"
    rf"\b(?:your|the|my|ihre?n?|deine?n?|die|das|den|el|la|su|tu|votre|le|ton)\s(?:\w+\s){{0,2}}?{NOUNS}"
    r"|\b(?:tell|give|read|send|forward|share)\s(?:me|us)\b[^.?!]{0,30}\b(?:the|your)\s(?:(?:sign[- ]in|login|access)\s)?codes?\s(?:we|you|that|from)\b"
    rf"|\b(?:your|ihre?|su|votre)\s(?:\w+\s){{0,2}}?{NOUNS}[^.!?]{{0,12}}\?",
    re.IGNORECASE,
)
NOT: Final = re.compile(r"\b(?:never|not|don['’]t|nie|niemals|nicht|nunca|no|jamais|ne)\s+(?:\w+\s+)?$", re.IGNORECASE)
NAMES: Final = re.compile(rf"\b{NOUNS}", re.IGNORECASE)
ORDERS: Final = re.compile(
    r"\b(?:ignore|disregard|forget)\b[^.?!]{0,30}\b(?:previous|earlier|above|all|your)\b[^.?!]{0,20}\b(?:instructions?|rules|prompts?|messages?)\b"
    r"|\b(?:ignorier\w*|vergiss|vergessen sie|missachte\w*)\b[^.?!]{0,30}\b(?:alle\w*|vorherig\w*|bisherig\w*|obig\w*|deine\w*|ihre\w*)\b[^.?!]{0,20}\b(?:anweisung|anordnung|regel|vorgabe|instruktion)\w*"
    r"|\b(?:ignor\w+|olvid\w+)\b[^.?!]{0,30}\b(?:instrucciones|reglas|órdenes|indicaciones)\b[^.?!]{0,20}\b(?:anteriores|previas|todas)\b"
    r"|\b(?:ignor\w+|oubli\w+)\b[^.?!]{0,30}\b(?:instructions|consignes|règles|directives)\b[^.?!]{0,20}\b(?:précédentes|antérieures|ci-dessus)\b"
    r"|\bsystem prompt\b|\bas an ai language model\b|<\|?(?:system|im_start|assistant)\|?>",
    re.IGNORECASE,
)


def asks_for_a_secret(text: str) -> bool:
    """Whether a text asks for what a customer must tell nobody. Advice never to tell it does not."""
    return any(not NOT.search(text[: found.start()]) for found in ASKS.finditer(text))


def names_a_secret(text: str) -> bool:
    """Whether a text so much as speaks of one."""
    return bool(NAMES.search(text))


def orders(text: str) -> bool:
    """Whether a text orders an AI to leave its rules."""
    return bool(ORDERS.search(text))
