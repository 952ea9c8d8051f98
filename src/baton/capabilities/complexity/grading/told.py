"""Complications that customers name: other parties, records that differ, papers, deadlines. Labels only, never their words.

Few words of everyday service talk in English, Spanish, German and French; what a text says in others is not heard. A word that
hints at one is looked for first, so that most turns cost a split into words and no more.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

KEPT = 2048
"""Texts whose complications are kept."""

_WORDS = re.compile(r"\w+").findall
_SAID: dict[str, tuple[str, str]] = {
    "other_party": (
        "partner airline carrier agency agent insurance insurer employer operator codeshare marketplace reseller "
        "company bank lawyer socio aerolínea agencia seguro empresa banco partnerairline fluggesellschaft reisebüro "
        "versicherung arbeitgeber firma bank partenaire compagnie agence assurance employeur banque",
        r"partner|(?:another|other|different|second) (?:airline|carrier|company|operator)|issued by|(?:through|via|by|with|from) "
        r"(?:an?|my|the|our) (?:travel )?(?:agency|agent|insur\w+|employer|company|reseller|marketplace)|"
        r"my (?:insur\w+|employer|bank|company|lawyer)|otra (?:aerolínea|empresa)|agencia de viajes|mi (?:seguro|empresa|banco)|"
        r"ander\w+ (?:fluggesellschaft|airline|firma)|reisebüro|mein\w* (?:versicherung|arbeitgeber|bank|firma)|"
        r"autre compagnie|agence de voyages?|mon (?:assurance|employeur)|ma banque",
    ),
    "records_differ": (
        "match matches mismatch differ differs different maiden misspelled spelled coincide coinciden distinto distinta "
        "soltera stimmt übereinstimmen mädchenname anders verschieden correspond différent",
        r"(?:does(?:n.?t| not)|do(?:n.?t| not)|not) match|mismatch|differs? |(?:is|are) different|different (?:name|amount|date|number|"
        r"address|price)s?|maiden name|misspel\w+|spelled|no coincide|distint[oa]|apellido de solter|stimmt nicht|"
        r"(?:nicht|kaum) überein|mädchenname|steh\w* anders|verschiedene|ne correspond|différent",
    ),
    "several_records": (
        "two three four five six both several separate dos tres cuatro cinco ambas varias zwei drei vier fünf beide "
        "mehrere deux trois quatre cinq plusieurs",
        r"(?:two|three|four|both|several)(?: \w+)? (?:booking|order|ticket|account|contract|case|reservation|reference|file|invoice|policy)\w*|"
        r"(?:two|three|four|five|six) of us|we are (?:two|three|four|five|six)|(?:only )?(?:one|two|some) of (?:us|them)|"
        r"(?:dos|tres|ambas|varias) (?:reserva|cuenta|factura|billete)\w*|somos (?:dos|tres|cuatro|cinco)|"
        r"(?:zwei|drei|beide|mehrere) (?:buchung|rechnung|konten|ticket)\w*|wir sind (?:zu )?(?:zweit|dritt|viert|fünft|zwei|drei|vier|fünf)|"
        r"(?:deux|trois|plusieurs) (?:réservation|compte|facture|billet)\w*",
    ),
    "told_otherwise": (
        "told said promised colleague writing says stated contradict contradicts dijo dijeron prometieron prometido compañero compañera "
        "gesagt versprochen kollege kollegin zugesagt dit promis collègue",
        r"(?:colleague|somebody|someone|person|rep|lady|man|desk|phone|chat|hotline)\b.{0,40} (?:told|said|promised|wrote)|"
        r"(?:was|were|been) (?:told|promised|assured)|one of you|earlier contact|promised (?:me|us)|says one thing|contradict\w*|"
        r"me (?:dij\w+|prometi\w+|habían? dicho)|(?:wurde|hat|haben|hatte) .{0,40}(?:gesagt|versprochen|zugesagt)|m.a (?:dit|promis)",
    ),
    "papers": (
        "certificate certificates letter report proof receipt receipts documents form certificado informe documento documentos "
        "justificante attest bescheinigung nachweis bericht beleg belege unterlagen certificat attestation justificatif",
        r"certificate|(?:doctor|hospital|police|court)\w*.{0,10} (?:letter|report|note)|(?:proof|copy) of|(?:which|what) (?:proof|documents?|papers?)|receipts?\b|documents?\b|"
        r"(?:fill|sign)\w* .{0,20}form|certificado|informe|justificante|documentos?\b|attest\b|bescheinigung|nachweis|"
        r"polizeibericht|belege?\b|unterlagen|certificat|attestation|justificatif",
    ),
    "mixed_payment": (
        "half part partly rest split gift voucher vouchers instalments split mitad parte bono hälfte teil teils gutschein rest moitié bon",
        r"(?:half|part|partly|rest|some) .{0,40}(?:voucher|card|points|credit|cash|gift)|voucher.{0,40}(?:card|rest)|instal?ments|"
        r"split (?:\w+ ){0,2}(?:payment|cost|bill|between|over|across)|gift card.{0,30}(?:part|some|rest)|(?:mitad|parte) .{0,40}(?:bono|tarjeta|puntos)|(?:hälfte|teil\w*) .{0,40}(?:gutschein|karte|punkte)|"
        r"moitié .{0,40}(?:bon|carte|points)",
    ),
    "deadline": (
        "today tonight tomorrow hours hour deadline urgent hoy mañana horas urgente heute morgen stunden dringend aujourd demain heures",
        r"(?:by|before|until|has to .{0,30}|must .{0,30}|need\w* .{0,30}) (?:today|tonight|tomorrow)|in (?:\w+) hours?|deadline|urgent\w*|"
        r"(?:fly|leave|travel|depart|move|start)\w* (?:today|tonight|tomorrow)|(?:vuelo|salgo|salimos|antes de) (?:hoy|mañana)|en \w+ horas|"
        r"(?:fliege|fliegen|bis|noch) (?:heute|morgen)|in \w+ stunden|dringend|(?:avant|pars|partons) demain|dans \w+ heures",
    ),
    "second_issue": (
        "also besides another second top too well additionally plus además también otra außerdem zweitens noch auch aussi autre",
        r"(?:another|second|other|one more) (?:thing|question|problem|issue|matter)|on top of (?:that|it)|besides|additionally|"
        r"(?:and|but) .{0,60}\b(?:too|as well)\b|\balso\b .{0,40}(?:never|missing|wrong|not|need|want|wait)|además|otra cosa|"
        r"außerdem|zweitens|noch (?:etwas|eine frage|ein problem)|autre (?:chose|question|problème)",
    ),
    "tried_before": (
        "tried try times error errors intentado intenté veces versucht probiert mal fehler essayé fois",
        r"(?:already|have|has|.ve) tried|tried (?:it |that |this |everything |already |\w+ times)|(?:three|four|five|many|several) times|(?:gives?|throws?|shows?|get|always) (?:me )?(?:an? )?errors?|"
        r"he intentado|intenté|(?:dos|tres|varias) veces|(?:schon|bereits|mehrmals|dreimal) .{0,20}(?:versucht|probiert)|"
        r"(?:versucht|probiert)|(?:ai|avons) essayé|plusieurs fois",
    ),
}  # fmt: skip
_FOUND = {label: re.compile(rf"\b(?:{said})", re.IGNORECASE) for label, (_, said) in _SAID.items()}
_HINTED: dict[str, list[str]] = {}
for _label, (_hints, _) in _SAID.items():
    for _hint in _hints.split():
        _HINTED.setdefault(_hint, []).append(_label)
_HINTS = frozenset(_HINTED)


@lru_cache(KEPT)
def complications(text: str) -> tuple[str, ...]:
    """Labels of the complications a customer names in `text`, in the order of their names."""
    hints = _HINTS.intersection(_WORDS(text.lower()))
    return tuple(sorted(_looked(text, hints))) if hints else ()


def _looked(text: str, hints: frozenset[str]) -> Iterator[str]:
    for label in {label for hint in hints for label in _HINTED[hint]}:
        if _FOUND[label].search(text):
            yield label
