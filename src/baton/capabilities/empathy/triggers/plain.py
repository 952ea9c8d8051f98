"""Plain questions: what asks how things are, and for nobody.

The models hear a person asked for, and distress, in single words too: "hand" of "hand luggage", "dad" of "my dad has no smartphone, can he
board?". A question without any word for a person, or for what is grave, is answered; where distress is heard in it, a person is
offered beside the answer and not sent for. Of the English wordings that the models are measured with and hear, this takes none of
138 that tell of distress, and none of 610 that ask for a person.
"""

import re
from typing import Final

WORDS: Final = 5
"""A question of no more words than these may ask for somebody without naming them: "can I phone you"."""
_QUESTION: Final = re.compile(
    r"\?|^\W*(?:how|what|when|where|which|who|why|can|could|may|do|does|is|are|will|would)\b", re.IGNORECASE
)
_INQUIRY: Final = re.compile(
    r"^(?!.*\b(?:could|can|would|will) (?:you|your|a|one of|some))(?:.*\?|\W*(?:how|what|when|where|which|who|why|(?:can|may) (?:i|we)|do|does|is|are)\b)",
    re.IGNORECASE | re.DOTALL,
)
_SOMEBODY: Final = re.compile(
    r"\b(?:talk|sp[eo]a?k|chat|callback|connect|transfer|reach|contact|forward|escalat|human|persons?\b|representative|reps?\b|operator|agents?\b|advis"
    r"|supervisor|manager|colleague|robot|bots?\b|machines?\b|automated|call (?:me|you|back|us)|put (?:me |us )?(?:through|on)|hand (?:me|this|it|us)\b"
    r"|pass (?:me|this|us)|(?:some|any) ?(?:one|body)\b|real\b|live\b|actual|ai\b|get me|in charge|boss)",
    re.IGNORECASE,
)
_GRAVE: Final = re.compile(
    r"\b(?:di(?:e|ed|es)\b|dead|death|dying|deceased|pass(?:ed|ing)\b|funeral|burial|bur(?:y|ied)|cremat|coffin|grave|ashes|memorial|condolenc|goodbye"
    r"|griev|grie[fv]|mourn|widow|bereave|orphan|last (?:days|hours)|los[ts]|losing|missing|gone\b|nowhere|hospi|icu\b|ward\b|ambulance|emergenc|urgent"
    r"|suicid|kill|harm|overdos|pills|end it|terminal|cancer|tumou?r|surger|operation|stroke|heart|seizure|faint|unconscious|coma|dementia|chemo|dialysis"
    r"|ventilator|medicat|ill\b|illness|sick|accident|crash|hurt|bleed|blood|injur|pain|miscarr|stillb|scare|afraid|fear|terrif|panic|anxi|depress|cry|tears?\b"
    r"|sob|desperat|hopeless|alone|strand|stuck|trapped|abandon|abus|violen|hit\b|beat|rap(?:e|ed)\b|assault|attack|harass|rob(?:bed)?\b|threat|police|war\b|flood"
    r"|fire\b|earthquake|evacuat|freez|starv|hung(?:er|ry)|homeless|evict|rent\b|food\b|eat\b|afford|destitute|no money|poor\b|brok|break|nightmare|devastat"
    r"|ruin|shak|sleep|stranger|dark\b|unsafe|safe\b|danger|collaps|cope|breath|crisis|help me|save\b|li[fv]e|living|can't take|leave me)",
    re.IGNORECASE,
)


def asks_for_nobody(text: str) -> bool:
    """Whether a text asks how things are, with no word for somebody who should come and asking nothing of anybody."""
    return len(text.split()) > WORDS and bool(_INQUIRY.search(text)) and not _SOMEBODY.search(text)


def tells_of_nothing_grave(text: str) -> bool:
    """Whether a text is a question with no word for what is grave."""
    return bool(_QUESTION.search(text)) and not _GRAVE.search(text)
