"""Wanting: whether a turn asks to be told something or to have something done, and what; of words alone, and with a second look.

"What happens if my flight is cancelled?" is to be told, "cancel my flight" is to be done, and "where is my bag?" is done by looking. With
a second look the nearest of the ways in which customers ask for a procedure is weighed against the nearest section. Weights in
thousandths of log-odds, chosen as those of `knowledge.articles.meant` were (decision 0032).
"""

import re
from typing import Final

from baton.capabilities.agents.events import Agent, Heard, Procedure, Procedures
from baton.capabilities.orchestration.events import SecondLook

BEGIN: Final = -3680
BEFORE_SECTION: Final = 2100
NEAR_ACT: Final = 2200
ORDERS: Final = 3400
STATES: Final = 2600
REFERS: Final = 1000
INQUIRES: Final = -1800
SAME: Final = 850
"""Permille of nearness from which the turn says the same as one that asks for a procedure."""
LEAST: Final = 300
"""Permille of nearness that a procedure needs to be what is asked for, where the intent does not name it."""
CLEARLY: Final = 50
"""Permille by which a procedure must be nearer than the one made for the intent to take its place."""
_ORDER: Final = re.compile(
    r"\b(?:please|pls)\b(?! (?:tell|explain))|(?:^|[.,?!]\s*|\band )(?:please )?(?:can|could|would) you (?!tell|explain|help|arrange)"
    r"|(?<!do )(?<!should )(?<!must )\b(?:i|we)(?:'d| would)? (?:want|need|like) (?:my|our|a|an|the|to (?!know|say|ask|thank|tell|stop|understand))\b"
    r"|(?:^\W*(?:(?:just|now|ok|hi|hello|so|and)\W+)*|,\s*|[.!]\s+)(?:cancel|change|move|put|send|mail|e-?mail|check|look up|reset|unlock"
    r"|open|book|rebook|refund|give|make|get|shift|switch|sort|track|find|kill|let|tell me my|show)\b",
    re.IGNORECASE,
)
_STATE: Final = re.compile(
    r"\b(?:where|what|(?<!until )when|how (?:much|many|late|long))(?:'s| is| are| do| does| did| will| was) (?:my|our)\b"
    r"|\b(?:any )?(?:news|update) (?:on|of|about)\b|\bhow many \w+ (?:do|have) (?:i|we) (?:have|got|still)\b"
    r"|(?<!when )\b(?:is|has|did|was) (?:my|our|it|flight|ha)\b|\bhave (?:you|they) (?:found|sent|got|paid)\b",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(r"\b(?=[A-Z0-9]*\d)(?=[A-Z0-9]*[A-Z])[A-Z0-9]{6}\b|\b[A-Z]{2}[ -]?\d{3,5}\b|@")
_INQUIRY: Final = re.compile(
    r"\b(?:how (?:long|much|many|often|early|late|big|heavy|far|fast|soon|old)|what (?:is|are|does|do|happens|if|else|now|counts)|which"
    r"|when (?:do|does|is|can|will)|until when|is (?:it|there|my)|are there|do (?:i|we|you|my|our|the)|does|can (?:i|we|one)|may (?:i|we)|am i|are we"
    r"|will (?:you|i|we)|how (?:do|can|could|should|would) (?:i|we)|where (?:do|can)|who|would i|policy|rules?|allowed|opening)\b",
    re.IGNORECASE,
)
_HOW_TO: Final = re.compile(
    r"\b(?:how (?:do|can|could|should|would) (?:i|we)|(?:can|could) (?:i|we)|where (?:do|can) (?:i|we))\b",
    re.IGNORECASE,
)


def inquires(text: str) -> bool:
    """Whether the words ask how things are, and for nothing to be done or looked up in the customer's own matter."""
    return bool(_INQUIRY.search(text)) and not (_ORDER.search(text) or _STATE.search(text) or _REFERENCE.search(text))


def orders(text: str) -> bool:
    """Whether the words plainly ask for something to be done with what they name by its reference: no meaning has to be asked."""
    return bool(_ORDER.search(text) and _REFERENCE.search(text)) and not _INQUIRY.search(text)


def how_to(text: str) -> bool:
    """Whether the words ask for the way to do something."""
    return bool(_HOW_TO.search(text))


def nearness(procedure: str, look: SecondLook | None) -> int:
    """How near the turn is to what customers say who want a procedure, in permille; 0 where that was not compared."""
    return next((near.asked for near in look.acts if near.name == procedure), 0) if look is not None else 0


def acts(text: str, look: SecondLook) -> bool:
    """Whether the turn asks for something to be done, by its words and by what a second look found it near to."""
    nearest = look.acts[0].asked if look.acts else 0
    section = max((max(near.whole, near.asked, *near.sentences, 0) for near in look.near), default=0)
    if nearest >= max(SAME, section):
        return True
    odds = BEGIN + (BEFORE_SECTION * (nearest - section) + NEAR_ACT * nearest) // 1000
    odds += ORDERS * bool(_ORDER.search(text)) + STATES * bool(_STATE.search(text))
    return odds + REFERS * bool(_REFERENCE.search(text)) + INQUIRES * bool(_INQUIRY.search(text)) > 0


def asked_for(intent: str, look: SecondLook, agent: Agent, known: Procedures) -> Procedure | None:
    """The procedure that a turn is about: the one made for its intent, unless another is clearly nearer."""
    named, nearest = known.serving(intent), next(iter(look.acts), None)
    if nearest is not None and nearest.asked >= LEAST:
        there = nearness(named.id, look) if named is not None else 0
        if named is None or nearest.asked - there >= CLEARLY:
            named = known.of(nearest.name)
    return named if named is not None and agent.may(named.id) else None


def why(heard: Heard) -> str:
    """Why a procedure is begun, in labels."""
    return f"it asks for {heard.procedure}" if heard.wants == "act" else f"intent {heard.intent}"
