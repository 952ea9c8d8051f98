"""Rows: the conversations behind a figure of an agent or of one of its versions."""

from typing import Final, Literal

import msgspec
from sqlalchemy import func, select

from baton.capabilities.agents.studio.cost import MODELS, PEOPLE, THOUSANDTHS, WHOLE, closed, priced
from baton.capabilities.agents.studio.tallies import KINDS, MET, NONE, C, Expr, N, S, counted, over, served
from baton.capabilities.escalations.tables import ESCALATIONS
from baton.kernel.log import Store

What = Literal["all", "needs", "met", "not_met", "ended", "handed", "resolved"]
WORDS: Final = {
    "all": "every conversation", "needs": "needs that are decided", "met": "needs met", "not_met": "needs not met",
    "ended": "ended conversations", "handed": "went to a person", "resolved": "needs confirmed as met, that ended a window ago",
}  # fmt: skip
PAGE: Final = 100


class Row(msgspec.Struct, frozen=True):
    """One conversation: when, what it was about, its version and by which chance, what came of it, and what it cost (cents; None without prices)."""

    conversation: str
    at_ms: int
    intent: str
    complexity: str
    channel: str
    version: str
    permille: int
    state: str
    handed: bool
    cents: float | None
    of_people: float
    of_models: float


def which(what: What, now_ms: int) -> tuple[Expr, ...]:
    """What a conversation has to meet."""
    decided = (N.state.is_not(None), N.state != "open")
    return {
        "all": (),
        "needs": decided,
        "met": (N.state.in_(MET),),
        "not_met": (*decided, N.state.not_in(MET)),
        "ended": (over(),),
        "handed": (over(), func.coalesce(C.handed_over, NONE) > NONE),
        "resolved": (N.state == "confirmed", closed(now_ms)),
    }[what]


class Asked(msgspec.Struct, frozen=True):
    """Which conversations: of an agent, one version of it (empty: all), since when, and that went to a person for a `reason` (empty: any)."""

    agent: str
    version: str = ""
    what: What = "all"
    since_ms: int = 0
    now_ms: int = 0
    reason: str = ""

    @property
    def where(self) -> list[Expr]:
        """What a conversation has to meet."""
        if self.reason:
            e = ESCALATIONS.c
            went = select(e.conversation).where(e.reason == self.reason, e.at_ms >= self.since_ms)
            return [S.agent == self.agent, S.conversation.in_(went)]
        mine = (S.version == self.version,) if self.version else ()
        return [*counted(self.agent, self.since_ms), *which(self.what, self.now_ms), *mine]


async def rows(store: Store, asked: Asked, skip: int = 0) -> list[Row]:
    """A page of them, the latest first."""
    query = (
        select(S.conversation, C.started_ms, *(k.label(f"k{n}") for n, k in enumerate(KINDS)), S.version, S.permille, N.state, C.handed_over,
               WHOLE.label("cost"), PEOPLE.label("people"), MODELS.label("models"))
        .select_from(priced(served(), outer=True)).where(*asked.where).order_by(C.started_ms.desc(), S.conversation).limit(PAGE + 1).offset(skip)
    )  # fmt: skip
    return [
        Row(
            str(r["conversation"]), int(str(r["started_ms"])), str(r["k0"] or ""), str(r["k1"] or ""), str(r["k2"] or ""), str(r["version"]),
            int(str(r["permille"] or 0)), str(r["state"] or "open"), bool(r["handed_over"]), _cents(r["cost"]), _cents(r["people"]) or 0.0,
            _cents(r["models"]) or 0.0,
        )
        for r in await store.survey(query)
    ]  # fmt: skip


def _cents(value: object) -> float | None:
    return None if value is None else float(str(value)) / THOUSANDTHS
