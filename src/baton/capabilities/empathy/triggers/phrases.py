"""Phrases: asking for a person where the models do not know the language, bereavement, and threats of law.

A pattern is tried only on a turn that holds one of its hint words, so that ordinary turns cost one set test.
"""

import re

Span = tuple[int, int]

_WORDS = re.compile(r"\w+").findall
_ASK_HINTS = frozenset(
    "humain conseiller conseillère agent personne quelqu atendente humano pessoa alguém alguem operador operatore persona umano"
    " medewerker mens iemand człowiekiem konsultantem konsultant osobą temsilci insan yetkili människa person menneske"
    " ihminen člověkem человеком оператор оператором оператора".split()
)
_ASK = re.compile(
    r"\b(?:parler|discuter)\s+(?:à|a|avec)\s+(?:une?\s+|un\s+vrai\s+|une\s+vraie\s+)?(?:humain|conseill\w+|agent|personne|quelqu'un)"
    r"|\b(?:falar|conversar)\s+com\s+(?:uma?\s+|o\s+|a\s+)?(?:atendente|humano|pessoa|algu[eé]m|operador)"
    r"|\bparlare\s+con\s+(?:una?\s+|un\s+)?(?:operator\w|persona|umano|agente)"
    r"|\b(?:medewerker|mens|iemand)\b.{0,20}\b(?:spreken|praten)|\b(?:spreken|praten)\s+met\s+(?:een\s+)?(?:medewerker|mens|iemand)"
    r"|\b(?:rozmawiać|porozmawiać|połącz\w*)\s+z\s+(?:\w+\s+)?(?:człowiekiem|konsultantem|osobą)"
    r"|\b(?:temsilci|insan|yetkili)\w*\s+(?:ile\s+)?(?:görüş|konuş|bağla)\w*"
    r"|\b(?:prata|tala|snakke|tale)\s+med\s+(?:en\s+|et\s+)?(?:människa|person|menneske)"
    r"|\bmluvit\s+s\s+(?:\w+\s+)?člověkem|\bс\s+(?:\w+\s+)?(?:человеком|оператором)|\bпозовите\s+(?:человека|оператора)"
    r"|^\W*(?:humain|conseiller|atendente|humano|operatore|umano|medewerker|konsultant|temsilci|оператор)\W*$",
    re.IGNORECASE,
)
_LOSS_HINTS = frozenset(
    "died passed funeral bereavement bereaved death dead lost burial falleció fallecio fallecido murió murio funeral entierro"
    " gestorben verstorben beerdigung trauerfall todesfall décès deces enterrement mort faleceu velório".split()
)
_KIN = (
    r"(?:mother|father|mum|mom|dad|husband|wife|son|daughter|brother|sister|grand(?:mother|father|ma|pa|son|daughter)|child|baby"
    r"|partner|parents?|uncle|aunt|cousin|friend|niece|nephew)"
)
_LOSS = re.compile(
    rf"\b{_KIN}\s+(?:has\s+|have\s+|had\s+|just\s+|suddenly\s+|recently\s+)*(?:died|passed\s+away|passed|is\s+dead)\b"
    rf"|\b(?:lost)\s+(?:my|our|his|her)\s+(?:late\s+|dear\s+)?{_KIN}\b(?!'s)|\bdeath\s+(?:in|of)\s+(?:(?:my|our|the)\s+)*(?:family|{_KIN})\b"
    r"|\b(?:funeral|burial|bereave\w+)\b|\b(?:falleci\w+|muri[oó]|entierro)\b|\b(?:gestorben|verstorben|beerdigung|trauerfall|todesfall)\b"
    r"|\b(?:d[ée]c[èe]s|enterrement|faleceu|vel[óo]rio)\b",
    re.IGNORECASE,
)
_LAW_HINTS = frozenset(
    "sue suing lawyer lawyers attorney solicitor legal court ombudsman claims regulator abogado abogada demandar demanda denunciar demandarlos demandarles denunciarlos denunciarles demandaré"
    " anwalt anwalts verklagen gericht klage avocat tribunal advogado processar avvocato".split()
)
_LAW = re.compile(
    r"\b(?:i|we)(?:'ll|'m|'re|\s+will|\s+am|\s+are|\s+shall|\s+can|\s+could|\s+may|\s+might|\s+have\s+to|\s+going\s+to|\s+want\s+to)*"
    r"\s+(?:sue|suing)\b|\b(?:legal\s+(?:action|proceedings|steps)|small\s+claims|see\s+you\s+in\s+court|ombudsman|letter\s+before\s+action)\b"
    r"|\btake\s+(?:you|this|it|halcyon|your\s+company)\b.{0,20}\bto\s+court\b"
    r"|\b(?:my|our|a|an)\s+(?:lawyer|attorney|solicitor)s?\b.{0,30}\b(?:contact|hear|write|call|sue|letter|involved|knows?|will)\b"
    r"|\b(?:contact|call|hear\s+from|get|hire|speak\s+to|talk\s+to)\s+(?:my|our|a|an)\s+(?:lawyer|attorney|solicitor)"
    r"|\breport\b.{0,30}\bregulator\b"
    r"|\b(?:mi|nuestro)\s+abogad[oa]\b|\b(?:voy|vamos)\s+a\s+(?:demandar|denunciar)\w*|\blos\s+demandar[ée]\b"
    r"|\b(?:mein|unser|meinen|einen)\s+anwalt\b|\bverklage\w*\b|\bvor\s+gericht\b|\bmon\s+avocat\b|\bmeu\s+advogado\b|\bil\s+mio\s+avvocato\b",
    re.IGNORECASE,
)


def words_of(text: str) -> frozenset[str]:
    """The lower-case words of a turn, for the hint tests below."""
    return frozenset(_WORDS(text.lower()))


def asks_person(text: str, words: frozenset[str]) -> Span | None:
    """Where a turn asks for a person, in languages the fast tier was not trained on."""
    return None if words.isdisjoint(_ASK_HINTS) else _span(_ASK, text)


def tells_of_loss(text: str, words: frozenset[str]) -> Span | None:
    """Where a turn tells of a death."""
    return None if words.isdisjoint(_LOSS_HINTS) else _span(_LOSS, text)


def threatens_law(text: str, words: frozenset[str]) -> Span | None:
    """Where a turn threatens with law, a court or an ombudsman."""
    return None if words.isdisjoint(_LAW_HINTS) else _span(_LAW, text)


def _span(pattern: re.Pattern[str], text: str) -> Span | None:
    found = pattern.search(text)
    return found.span() if found else None
