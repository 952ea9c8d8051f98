"""Declining: a customer on the way to a person says that they would rather stay with the AI."""

import re
from typing import Final

SHORT: Final = 160
"""Characters up to which a turn may be a refusal: whoever writes more has more to say to a person."""
_NO_PERSON: Final = re.compile(
    r"^\W*(?:no|nope|nah|nein|non)(?:[,. ]+(?:thanks?|thank you|gracias|danke|merci|that'?s ok(?:ay)?|i'?m (?:ok(?:ay)?|fine)))?\W*$"
    r"|\bno,? (?:thanks?|thank you)\b.{0,40}\b(?:just|only|please)?\s?(?:answer|tell|say|go on|continue)\b|^\W*(?:please )?just (?:answer|tell me|say|go on|continue|do it)\b"
    r"|\b(?:rather|prefer to|want to|happy to|like to) (?:stay|go on|continue|carry on|keep (?:on|going|chatting)) (?:with|to) (?:you|the (?:ai|bot|assistant)|here)\b"
    r"|\b(?:stay|continue|carry on|go on) with (?:the )?(?:ai|bot|assistant)\b"
    r"|\b(?:don'?t|do not|no) (?:need|want)(?: for| to (?:talk|speak) to)? (?:a |any )?(?:person|human|agent|transfer|call ?back|anyone|anybody)\b"
    r"|\bno (?:gracias|hace falta)\b|\bno (?:necesito|quiero) (?:hablar con )?(?:a )?(?:una persona|un humano|nadie|un agente|que me llamen)\b"
    r"|\b(?:solo|sólo) (?:responda|responde|conteste|contéstame|dígame|dime)\b|\b(?:prefiero|quiero) (?:seguir|quedarme|continuar) con (?:la ia|el asistente|el bot|usted|contigo)\b"
    r"|\bnein,? danke\b|\b(?:antworten sie|antworte|sagen sie (?:es )?mir|sag mir) (?:einfach|nur|doch)\b|\b(?:lieber|möchte) bei (?:der ki|dem bot|dem assistenten|ihnen|dir) bleiben\b"
    r"|\b(?:brauche|will|möchte) (?:jetzt )?(?:keinen|keine|niemanden)(?: (?:menschen|mitarbeiter|person|rückruf))?\W*$"
    r"|\bnon,? merci\b|\b(?:répondez|réponds|dites|dis)(?:-moi)? (?:juste|simplement|seulement)\b|\b(?:préfère|veux) (?:rester|continuer) avec (?:l'ia|le robot|l'assistant|vous|toi)\b"
    r"|\bpas besoin (?:de parler à |d')(?:quelqu'un|une personne|un humain|un conseiller|être rappelée?)\b",
    re.IGNORECASE,
)


def declines(text: str) -> bool:
    """Whether a short turn says that no person is wanted: "no thanks, just answer"."""
    return len(text) <= SHORT and _NO_PERSON.search(text.replace("\u2019", "'")) is not None
