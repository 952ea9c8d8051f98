"""Replies: a plain yes or a plain no, read strictly. What cannot be undone rests on this, not on a model.

A yes counts only where every word agrees: words of agreement and courtesy, and those of the question itself. Whatever else
somebody says with it (a condition, another amount, a second thought, a joke) is asked again: one turn more costs less than an
act that nobody meant.
"""

import re
import unicodedata
from typing import Final, Literal

from baton.capabilities.agents.procedures.slots import own_words

YES: Final = frozenset(
    "yes yeah yep yup yea ok okay sure correct right exactly agreed confirm confirmed absolutely definitely certainly fine perfect great"
    " si sí claro vale correcto confirmo adelante exacto perfecto bueno hazlo hágalo"
    " ja jawohl jo klar genau gerne richtig stimmt bestätige einverstanden natürlich selbstverständlich passt perfekt"
    " oui ouais d'accord volontiers certainement absolument parfait entendu confirme".split()
)
REFUSES: Final = frozenset(
    "no nope nah never don't dont nein nunca non jamais cancel stop keine kein nicht pas".split()
)
UNSURE: Final = frozenset("not wait but if falsch pero aber wenn cannot can't".split())
MIXED: Final = (YES - {"ok", "okay", "fine", "great", "bueno"}) | {"problem", "ahead", "do"}
COURTEOUS: Final = frozenset(
    "please do it that this them thanks thank you go ahead i we want would like to agree then now so the my very all good just proceed"
    " bitte danke mach mache machen sie das es tun tu dann jetzt so los gut sehr ausführen durchführen ich will möchte"
    " por favor gracias haga haz lo la eso ese esa esto este así ya pues muy de acuerdo quiero proceda que"
    " s'il vous plaît plait stp svp merci allez y vas faites fais le les ça cela bien je veux".split()
)
IDIOMS: Final = re.compile(
    r"\b(?:no (?:problem|worries)|why not|of course|by all means|(?:that'?s|sounds|it'?s|all) (?:fine|good|ok|okay|right|perfect)"
    r"|(?:gar )?kein(?:e)? (?:problem|sorge)|warum nicht|in ordnung|geht klar|auf jeden fall"
    r"|(?:sin|ning[uú]n) problema|por qu[eé] no|por supuesto|est[aá] bien|de acuerdo|desde luego"
    r"|(?:pas de|aucun) (?:probl[eè]me|soucis?)|pourquoi pas|c['’]est bon|bien s[uû]r|allez[- ]y|vas[- ]y)\b",
    re.IGNORECASE,
)
"""What says yes in several words, some of which say no by themselves."""
PHRASES: Final = re.compile(
    r"^(?:please do|go ahead|do it|please go ahead|do that|i confirm|i agree|mach(?:en sie)? das|ich best[aä]tige|je confirme|faites[- ]le)\b",
    re.IGNORECASE,
)
ACTS: Final = {
    "cancel": "stornieren storniere storniert cancelar cancela cancele cancélela cancélala cancélelo anular anule anúlela annuler annulez annule",
    "refund": "erstatten erstatte zurückzahlen reembolsar reembolse devolver devuelva devuélvalo rembourser remboursez rembourse",
    "reset": "zurücksetzen restablecer restablezca réinitialiser réinitialisez",
    "move": "umbuchen ändern cambiar cambie cámbielo changer changez modifier modifiez",
    "take": "nehmen nehme tomar tome tomo cojo quedo prendre prenez prends",
    "open": "öffnen entsperren abrir abra desbloquear ouvrir ouvrez débloquer débloquez",
    "send": "senden schicken enviar envíe envíelo envoyer envoyez",
}
"""What an English question asks, as somebody who answers in another language says it."""
GLAD: Final = frozenset("👍✅👌✔🙏🙂😊😀😃😄👏💯")
WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|\d+")
PLACE: Final = re.compile(r"\{[^}]*\}")
QUESTION: Final = re.compile(r"[^.?!]*\?")
MOST_WORDS: Final = 9


def reply(text: str, question: str = "") -> Literal["yes", "no", ""]:
    """`yes` or `no` where the text is nothing else, empty where it is anything that has to be asked again.

    `question` is what was asked, with or without its places filled in: its words may be said again. What the text quotes says
    neither.
    """
    text = own_words(unicodedata.normalize("NFC", text))
    words = _words(IDIOMS.sub(" yes ", text))
    if not words or len(words) > MOST_WORDS or "?" in text:
        return ""
    if _agrees(words, text) and not _marked(text) and _allowed(question).issuperset(words):
        return "yes"
    return "no" if _refuses(words) else ""


def _words(text: str) -> list[str]:
    return [word.replace("’", "'") for word in WORD.findall(text.lower())]


def _agrees(words: list[str], text: str) -> bool:
    return words[0] in YES or bool(PHRASES.search(text.strip()))


def _refuses(words: list[str]) -> bool:
    if words[0] in {"cancel", "stop"} and not COURTEOUS.issuperset(words[1:]):
        return False
    return words[0] in REFUSES and MIXED.isdisjoint(words[1:])


def _marked(text: str) -> bool:
    """Whether a picture says something else than that one is glad."""
    return any(unicodedata.category(c) == "So" and c not in GLAD for c in text)


def _allowed(question: str) -> frozenset[str]:
    """The words that a yes to this question may have."""
    asked = frozenset(_words(" ".join(QUESTION.findall(PLACE.sub(" ", question)))))
    acts = {word for act in asked & ACTS.keys() for word in ACTS[act].split()}
    return (YES | COURTEOUS | asked | acts) - REFUSES - UNSURE | (asked & {"cancel", "stop"})
