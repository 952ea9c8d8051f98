"""Phrases nobody may miss: asking for a person, and signs of distress.

A linear head forgets wordings it has not seen; these patterns do not. They look only at texts that hold a trigger word
(one set test), and give the span that is the evidence. English, Spanish and German; other languages abstain.
"""

import re
from collections.abc import Iterable
from typing import Final

SURE: Final = 950
"""Permille given to a text that matches a pattern."""

_WHO = (
    r"(?:(?:real|actual|live|human|living|proper)\s+)*(?:person|human(?:\s+being)?s?|people|agents?|representatives?|reps?"
    r"|operator|advis[eo]rs?|employees?|staff|member\s+of\s+(?:your\s+|the\s+)?(?:staff|team)|colleagues?|supervisors?|managers?"
    r"|team\s+leader|consultant|specialist|somebody|someone|anyone|anybody|customer\s+(?:service|support|care)|support"
    r"|service\s+desk|duty\s+manager|human\s+(?:agent|help|support))\b"
)
_ONE = r"(?:an?\s+|any\s+|some\s+|the\s+|your\s+|one\s+of\s+your\s+|another\s+)?"
_TALK = r"(?:speak|talk|chat|spoke|be\s+connected|be\s+transferred|be\s+put\s+through)"
_PERSON_EN = (
    rf"\b{_TALK}\s+(?:directly\s+|only\s+)?(?:to|with)\s+{_ONE}{_WHO}",
    rf"\b(?:connect|transfer|put|pass|hand|switch|forward|redirect|route|refer)\s+(?:me|us|this|it)(?:\s+\w+)?"
    rf"\s+(?:to|with|on\s+to)\s+{_ONE}{_WHO}",
    rf"\b(?:get|give|find|send|bring|fetch)\s+(?:me|us)\s+{_ONE}{_WHO}",
    rf"\b(?:want|need|prefer|like|demand|require|rather\s+have|insist\s+on)\s+(?:to\s+(?:have|get|see|reach)\s+)?"
    rf"{_ONE}(?:(?:real|actual|live|proper)\s+(?:person|human|people|agent|rep)|human(?!\s+(?:resources|rights))|person\b"
    r"(?!\s+(?:ticket|seat|limit|fare))|operator|representative|supervisor|manager|someone\s+(?:real|human)"
    r"|somebody\s+(?:real|human)|agent|callback|call\s*back)\b",
    rf"^\W*(?:(?:please|no|hello|hi|ok|yes|just|now|stop|sorry|enough|i\s+said)\W+)*{_ONE}(?:(?:real|actual|live|human|customer|support|"
    r"speak|talk|service)\s+)*(?:to\s+)?(?:agent|human|person|representative|operator|humans?|real\s+people|live\s+chat"
    r"|customer\s+(?:service|care|support)|supervisor|manager)\W*(?:(?:please|now|here|asap|pls|plz|immediately|at\s+once)\W*)*$",
    r"\b(?:no|stop|not|without|enough|hate|sick\s+of|tired\s+of|done\s+with|(?:don'?t|do\s+not)\s+want)\b[^.?!]{0,25}"
    r"\b(?:bots?|robots?|machines?|chatbots?|computers?|ai|automated\s+\w+)\b[^?]{0,40}\b(?:person|human|people|agent|someone|somebody)\b",
    r"\b(?:(?:don'?t|do\s+not|won'?t|will\s+not|refuse\s+to)\s+(?:want\s+to\s+)?(?:talk|speak|chat|deal)(?:ing)?|"
    r"(?:sick|tired)\s+of\s+(?:talking|speaking|chatting|dealing))\s+(?:to|with)\s+"
    r"(?:an?\s+|this\s+|your\s+)?(?:bots?|robots?|machines?|chatbots?|computers?|ai|software|recording)\b",
    r"\b(?:is|are)\s+there\s+(?:an?y?\s+|some\s+)?(?:real\s+|actual\s+|live\s+)?(?:person|humans?|people|someone|somebody|anyone"
    r"|anybody|one)\s+(?:real\s+|there\s+|here\s+|else\s+|available\s+)*(?:i|we|to|who|that|available|on)\b[^.?!]{0,20}"
    r"\b(?:talk|speak|chat|help|call|ask|reach|line)\b",
    r"\b(?:can|could|will|would|may|please\s+have|have|let|want|need)\s+(?:someone|somebody|a\s+(?:real\s+)?(?:person|human)|an\s+agent"
    r"|one\s+of\s+your\s+(?:colleagues|people|staff)|a\s+(?:manager|colleague|supervisor))\s+(?:please\s+)?(?:to\s+)?"
    r"(?:call|phone|ring|contact|take\s+over|talk|speak|step\s+in|look\s+at\s+this)\b",
    r"\b(?:escalate|pass|take)\s+(?:this|me|it|my\s+\w+)\s+(?:on\s+|up\s+)?to\s+(?:an?\s+|your\s+)?(?:person|human|someone|"
    r"somebody|supervisor|manager|real\s+\w+|higher\s+\w+|agent|rep)\b",
    r"\b(?:call|phone|ring)\s+me\s+back\b(?!\s+(?:city|number))",
    r"\bhuman\s+(?:please|now|help|agent|being\s+please)\b|\b(?:real|live|actual)\s+(?:person|human|agent|people)\s*(?:please|now|!|$)",
    r"\bhelp\s+from\s+an?\s+(?:real\s+|live\s+|actual\s+)?(?:person|human(?:\s+being)?|agent|rep)\b",
    r"\b(?:who|where)\s+can\s+i\s+(?:call|talk\s+to|speak\s+(?:to|with))\b",
    r"\b(?:want|need|get|reach|have)\s+(?:to\s+)?(?:talk\s+to\s+)?(?:someone|somebody|anybody|anyone)\s+(?:real|human|who\s+(?:is\s+)?"
    r"(?:human|real|understands|can\s+(?:actually\s+)?(?:help|think|decide)))\b",
)
_QUIEN = (
    r"(?:una?\s+)?(?:persona|humano|agente|alguien|representante|operadora?|asesora?|ser\s+humano|encargad[oa]|supervisora?|gerente"
    r"|empleado|responsable)"
)
_PERSON_ES = (
    rf"\b(?:hablar|comunicarme|chatear|contactar|conversar)\s+(?:directamente\s+)?con\s+(?:el\s+|la\s+|su\s+)?{_QUIEN}\b",
    rf"\b(?:p[aá]s[ae]\w*|comun[ií]que\w*|comun[ií]ca\w*|con[eé]ct\w+|transfi[eé]r\w+|p[oó]n(?:ga|me)\w*)\s+(?:por\s+favor\s+)?"
    rf"con\s+(?:el\s+|la\s+|su\s+)?{_QUIEN}\b",
    rf"\b(?:quiero|necesito|prefiero|exijo|deseo)\s+(?:a\s+)?{_QUIEN}\b(?!\s+m[aá]s)",
    r"\bno\s+quiero\s+(?:hablar\s+con\s+|un\s+|m[aá]s\s+)*(?:un\s+|una\s+)?(?:bots?|robots?|m[aá]quinas?|contestador)\b",
    r"\b(?:hay|est[aá])\s+(?:alguien|alguna\s+persona|alg[uú]n\s+(?:humano|agente)|una\s+persona)\b",
    r"^\W*(?:una?\s+)?(?:persona(?:\s+real)?|humano|agente|operador|asesor)(?:\s+humano)?\W*(?:por\s+favor|ya)?\W*$",
    r"\bque\s+me\s+(?:llame|atienda|ayude)\s+(?:alguien|una\s+persona|un\s+agente|un\s+humano)\b",
)
_WEN = (
    r"(?:(?:einem|einen|einer|eine|ein|dem|der|ihrem|ihren|ihrer)\s+)?(?:(?:echte[nmr]?|richtige[nmr]?|reale[nmr]?|lebende[nmr]?|"
    r"menschliche[nmr]?)\s+)?(?:mensch(?:en)?|mitarbeiter(?:in)?|person|jemande?[mn]?|berater(?:in)?|agent(?:en)?|chef|vorgesetzten?"
    r"|kundenservice|kundenberater(?:in)?|kollegen|ansprechpartner|sachbearbeiter)"
)
_PERSON_DE = (
    rf"\bmit\s+{_WEN}\b[^.?!]{{0,25}}\b(?:sprechen|reden|chatten|verbunden|verbinden|telefonieren)\b",
    rf"\b(?:sprechen|reden|chatten|verbinden|telefonieren)\b[^.?!]{{0,25}}\bmit\s+{_WEN}\b",
    rf"\b(?:verbind\w*|durchstellen|stellen\s+sie|geben\s+sie|holen\s+sie|gib|hol|leiten\s+sie)\b[^.?!]{{0,25}}\b(?:mit|zu|an|mir)\b\s+"
    rf"(?:bitte\s+)?{_WEN}\b",
    r"\b(?:will|möchte|moechte|brauche|verlange|bevorzuge)\s+(?:bitte\s+|jetzt\s+|endlich\s+|lieber\s+)*(?:einen|eine|mit\s+einem)\s+"
    r"(?:echten?\s+|richtigen?\s+|menschlichen?\s+)?(?:menschen|mitarbeiter|person|berater|ansprechpartner|agenten|rückruf)\b",
    rf"^\W*(?:bitte\s+)?{_WEN}\W*(?:bitte|jetzt|sofort)?\W*$",
    r"\b(?:nicht\s+mit\s+(?:einem|dem|einer)|kein(?:en|em|e)?(?:\s+lust\s+auf)?)\s+(?:bots?|roboter|computer|automaten|chatbot|maschine)\b",
    r"\b(?:ist|gibt\s+es)\s+(?:da\s+|hier\s+)?(?:jemand(?:en)?|ein\s+mensch|einen\s+menschen|eine\s+person)\b",
    r"\b(?:jemand|ein\s+mitarbeiter|ein\s+mensch)\b[^.?!]{0,15}\b(?:anrufen|zurückrufen|zurueckrufen|helfen|übernehmen)\b",
    r"\bjemand(?:en)?\b,?\s+mit\s+de[mn]\s+ich\s+(?:sprechen|reden)\b",
    r"\b(?:kann|könnte|soll)\s+mich\s+(?:bitte\s+)?jemand\b",
)
_KIN = (
    r"(?:mother|father|mum|mom|dad|husband|wife|son|daughter|brother|sister|grand(?:mother|father|ma|pa)|child|baby|partner"
    r"|parents?|uncle|aunt|cousin|friend|fianc[eé]e?|nephew|niece)"
)
_DISTRESS_EN = (
    rf"\b{_KIN}\s+(?:has\s+|have\s+|had\s+|just\s+|suddenly\s+|recently\s+)*(?:died|pass(?:ed)?\s+away|is\s+dying|was\s+killed|is\s+dead)\b",
    rf"\b(?:lost|losing|bury|burying)\s+(?:my|our|his|her)\s+(?:late\s+|dear\s+|only\s+)?{_KIN}\b(?!'s\s+(?:bag|seat|ticket))",
    rf"\b(?:death|loss)\s+(?:in|of)\s+(?:(?:my|our|the|a)\s+)*(?:family|{_KIN})\b",
    r"\b(?:funeral|burial|bereave\w+|hospice|palliative|suicid\w+|miscarriage)\b",
    r"\b(?:kill|hurt|harm|cut)\s+myself\b|\bend\s+(?:it\s+all|my\s+life)\b|\b(?:don'?t|do\s+not)\s+want\s+to\s+(?:live|be\s+here|be\s+alive)\b",
    r"\b(?:want|going)\s+to\s+die\b|\bbetter\s+off\s+dead\b|\bcan'?t\s+go\s+on\b",
    rf"\b(?:in\s+(?:intensive\s+care|a\s+coma|the\s+icu)|{_KIN}\s+(?:is|are|was)\s+(?:in\s+(?:the\s+)?hospital|dying|very\s+(?:ill|sick)))\b",
    r"\b(?:had|having|has)\s+a\s+(?:heart\s+attack|stroke|seizure|panic\s+attack|breakdown)\b|\bchest\s+pains?\b",
    r"\b(?:cancer|chemo(?:therapy)?|terminally\s+ill|terminal\s+illness|dementia|alzheimer'?s)\b",
    r"\b(?:nowhere\s+to\s+(?:go|sleep|stay)|no\s+(?:money|food|way\s+home)\s+(?:left|and)|sleep(?:ing)?\s+(?:on|at)\s+(?:the\s+)?(?:floor|airport))\b",
    r"\bstranded\b|\bin\s+tears\b|\bcan'?t\s+(?:stop\s+crying|cope|breathe)\b|\b(?:i'?m|i\s+am)\s+(?:so\s+|really\s+|very\s+)*(?:crying|desperate|terrified|scared)\b",
    r"\b(?:abus(?:ed|ive|ing)|assault(?:ed)?|raped?|domestic\s+violence|beats\s+me|hits\s+me|threatening\s+me|stalk(?:ed|ing|er))\b",
    r"\b(?:insulin|oxygen|epipen|medication|medicine)\b[^.?!]{0,40}\b(?:bag|suitcase|luggage|lost|missing|run\s+out|ran\s+out|urgent\w*|now)\b",
    r"\b(?:lost|losing)\s+my\s+(?:job|home|house)\b|\bthis\s+is\s+an\s+emergency\b|\b(?:medical|family)\s+emergency\b",
)
_DISTRESS_MORE = (
    r"\b(?:muri[oó]|fallec\w+|ha\s+muerto|muri[eé]ndo\w*|funeral|entierro|suicid\w+|desesperad[oa])\b|\bno\s+puedo\s+m[aá]s\b|\bquiero\s+morir\b",
    r"\b(?:gestorben|verstorben|beerdigung|verzweifelt|selbstmord|umbringen|todesfall|trauerfall)\b|\bim\s+sterben\b|\bkann\s+nicht\s+mehr\b",
)

_PERSON_WORDS: Final = frozenset(
    "person human humans people agent representative rep operator advisor adviser employee staff colleague supervisor manager leader"
    " consultant specialist somebody someone anyone anybody customer support desk bot bots robot robots machine machines chatbot chatbots"
    " computer computers ai callback call phone ring who where one live back software recording persona humano agente alguien"
    " representante operador operadora asesor asesora encargado encargada supervisora gerente empleado responsable maquina maquinas alguna"
    " contestador mensch menschen mitarbeiter mitarbeiterin jemand jemandem jemanden berater beraterin agenten chef vorgesetzten vorgesetzter"
    " kundenservice kundenberater kundenberaterin kollegen ansprechpartner sachbearbeiter roboter automaten maschine ruckruf".split()
)
_DISTRESS_WORDS: Final = frozenset(
    "died passed dying killed dead lost losing bury burying death loss funeral burial bereaved bereavement hospice palliative suicide"
    " suicidal miscarriage myself die live alive end intensive coma icu hospital ill sick attack stroke seizure breakdown chest cancer chemo"
    " chemotherapy terminally terminal dementia alzheimers nowhere money food home sleep sleeping stranded tears cant crying desperate"
    " terrified scared abused abusive abusing assault assaulted rape raped violence beats hits threatening stalked stalking stalker insulin"
    " oxygen epipen medication medicine job emergency cope breathe better here murio fallecio fallecido fallecida muerto muriendo muriendose"
    " entierro suicidio suicidarme desesperado desesperada mas morir gestorben verstorben beerdigung verzweifelt selbstmord umbringen"
    " todesfall trauerfall sterben mehr".split()
)


def _any(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


_PERSON: Final = _any((*_PERSON_EN, *_PERSON_ES, *_PERSON_DE))
_DISTRESS: Final = _any((*_DISTRESS_EN, *_DISTRESS_MORE))
_ALREADY: Final = re.compile(
    r"\b(?:i|we)\s+(?:have\s+|already\s+|just\s+|had\s+)*(?:spoke|talked|chatted|was\s+(?:talking|speaking)|spoken)\b"
    r"|\bthanks?\b[^.?!]{0,20}\b(?:letting|for)\b",
    re.IGNORECASE,
)
_READ: Final = 2000


def asks_person(text: str, found: Iterable[str]) -> tuple[int, int] | None:
    """The span that asks for a person, or None. `found` is `words(text)`. A talk that has already happened is no request."""
    if _PERSON_WORDS.isdisjoint(found):
        return None
    text = text[:_READ].replace("\u2019", "'")
    match = _PERSON.search(text)
    if match and (past := _ALREADY.search(text)) and past.start() <= match.start() < past.end() + 30:
        match = _PERSON.search(text, match.end())
    return match.span() if match else None


def shows_distress(text: str, found: Iterable[str]) -> tuple[int, int] | None:
    """The span that shows distress, bereavement or danger, or None. `found` is `words(text)`."""
    if _DISTRESS_WORDS.isdisjoint(found):
        return None
    match = _DISTRESS.search(text[:_READ].replace("\u2019", "'"))
    return match.span() if match else None
