"""How a customer's hand and voice show: typos, missing capitals, shouting, disfluencies, letters in an e-mail."""

import random
import re

WORD = re.compile(r"\b[a-z]{5,}\b")
NEAR = {"a": "s", "e": "r", "i": "o", "n": "m", "o": "p", "r": "t", "s": "a", "t": "r", "u": "i", "l": "k"}
FILLERS = {
    "en": ("uh, ", "um, ", "er, ", "well, ", "you know, ", "I mean, ", "so, ", "okay so "),
    "es": ("eh, ", "bueno, ", "pues, ", "a ver, ", "es que "),
    "de": ("äh, ", "ähm, ", "also, ", "ja, ", "na ja, "),
}
SHORT = {"please": "pls", "you": "u", "because": "bc", "tomorrow": "tmrw", "thanks": "thx", "are": "r", "your": "ur"}
LETTERS = {
    "en": (
        ("Hello,", "Dear Halcyon team,", "Good day,", "To whom it may concern,", "Hi,"),
        ("Regards,", "Best regards,", "Kind regards,", "Thanks,", ""),
    ),
    "es": (("Hola:", "Buenos días:", "Estimados señores:"), ("Un saludo,", "Saludos,", "Gracias,")),
    "de": (
        ("Guten Tag,", "Hallo,", "Sehr geehrte Damen und Herren,"),
        ("Mit freundlichen Grüßen", "Viele Grüße", "Danke"),
    ),
}
TYPOS = {"patient": 0.012, "angry": 0.03, "confused": 0.05, "vulnerable": 0.045, "machine": 0.0}


def as_written(
    chance: random.Random, text: str, persona: str, channel: str, mood: int, signed: str, language: str
) -> str:
    """The sentence as this customer would send it on this channel. `mood` is in permille, -1000 to 1000."""
    if persona == "machine":
        return text
    if channel == "voice":
        return spoken(chance, text, language)
    text = typos(chance, text, TYPOS[persona])
    if channel == "messaging" and chance.random() < 0.6:
        text = short(chance, text)
    if mood <= -600 and chance.random() < 0.45:
        text = shouted(chance, text)
    if channel == "email":
        text = letter(chance, text, signed, language)
    return text


def typos(chance: random.Random, text: str, rate: float) -> str:
    """Some words with two letters swapped, one missing, doubled or hit beside the key. Codes, names and addresses stay whole."""

    def slip(found: re.Match[str]) -> str:
        word = found[0]
        if chance.random() >= rate * 3 or _in_a_code(text, found):
            return word
        at = chance.randrange(1, len(word) - 1)
        kinds = (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
            word[:at] + NEAR.get(word[at], word[at]) + word[at + 1 :],
        )
        return chance.choice(kinds)

    return WORD.sub(slip, text)


def spoken(chance: random.Random, text: str, language: str) -> str:
    """As recognised from speech: a filler, a word said twice, hardly any signs."""
    words = text.split(" ")
    if len(words) > 5 and chance.random() < 0.35:
        at = chance.randrange(1, len(words) - 2)
        words.insert(at, words[at])
    said = " ".join(words)
    if chance.random() < 0.4:
        said = chance.choice(FILLERS[language]) + lowered(said)
    return said.replace("!!", "").replace(" pls", " please")


def short(chance: random.Random, text: str) -> str:
    """As thumbed on a phone: small letters, short forms, no full stop."""
    words = [SHORT[word] if word in SHORT and chance.random() < 0.5 else word for word in text.split(" ")]
    line = " ".join(words)
    return lowered(line).rstrip(".")


def shouted(chance: random.Random, text: str) -> str:
    """As an angry person writes it: more signs, or one word in capitals."""
    words = text.split(" ")
    loud = [n for n, word in enumerate(words) if word.isalpha() and len(word) > 3]
    if loud and chance.random() < 0.6:
        at = chance.choice(loud)
        words[at] = words[at].upper()
        return " ".join(words)
    return text.rstrip(".!?") + ("???" if text.endswith("?") else chance.choice(("!!", "!!!", "!")))


def letter(chance: random.Random, text: str, signed: str, language: str) -> str:
    """With a greeting and a name under it."""
    greetings, closings = LETTERS[language]
    body = re.sub(r"^(Hi|Hello|Hey|Good morning|Good afternoon),?\s+", "", text)
    written = f"{chance.choice(greetings)}\n\n{body[:1].upper()}{body[1:]}\n\n{chance.choice(closings)}\n{signed}"
    return written.replace("\n\n\n", "\n\n")


def lowered(text: str) -> str:
    """The sentence with a small first letter, unless it begins with a code, a name in capitals or the word I."""
    first = re.split(r"\W", text, maxsplit=1)[0]
    plain = len(first) > 1 and first.isalpha() and first[1:].islower()
    return text[:1].lower() + text[1:] if plain else text


def _in_a_code(text: str, found: re.Match[str]) -> bool:
    around = text[max(0, found.start() - 1) : found.end() + 1]
    return any(sign in around for sign in "@.-_/*") and ("@" in text or "***" in text)
