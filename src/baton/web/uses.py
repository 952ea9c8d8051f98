"""Uses: what a customer's words may be used for, in the words they are told, and how each stands with one person now.

The widget shows the words, and a rep reads them out; what is kept of a yes or a no names their version, which changes with them.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.events import Purpose, Purposes
from baton.capabilities.governance.tables import CONSENTS
from baton.kernel.log import Store

VERSION: Final = "2026-11"
"""Of the words below: a change to any of them is a new version."""


class Wording(NamedTuple):
    """A use in a customer's language: what it is called, and what it means."""

    title: str
    text: str


WORDINGS: Final[dict[str, dict[Purpose, Wording]]] = {
    "en": {
        "service": Wording("Serving you", "To answer you and to keep what was promised. Without it there is no chat."),
        "analytics": Wording("Finding faults", "People here may read what was said to find out what went wrong and to serve better."),
        "training": Wording("Training", "What you wrote, corrected by a person, may teach our software to understand others better."),
        "outreach": Wording("Offers", "We may write to you first about offers that fit what you told us."),
    },
    "es": {
        "service": Wording("Atenderle", "Para responderle y cumplir lo prometido. Sin esto no hay chat."),
        "analytics": Wording("Encontrar fallos", "Nuestro personal puede leer lo dicho para saber qué falló y atender mejor."),
        "training": Wording("Entrenamiento", "Lo que escribió, corregido por una persona, puede enseñar a nuestro programa a entender mejor a otros."),
        "outreach": Wording("Ofertas", "Podemos escribirle primero sobre ofertas que encajen con lo que nos dijo."),
    },
    "de": {
        "service": Wording("Sie bedienen", "Um Ihnen zu antworten und Versprochenes zu halten. Ohne das gibt es keinen Chat."),
        "analytics": Wording("Fehler finden", "Menschen hier dürfen lesen, was gesagt wurde, um Fehler zu finden und besser zu bedienen."),
        "training": Wording("Training", "Was Sie schrieben, von einem Menschen berichtigt, darf unserer Software beibringen, andere besser zu verstehen."),
        "outreach": Wording("Angebote", "Wir dürfen Ihnen von uns aus schreiben, wenn ein Angebot zu dem passt, was Sie uns sagten."),
    },
}  # fmt: skip


class Use(msgspec.Struct, frozen=True):
    """One use as it stands: `on` where words count for it now; `said` where the person said so themselves, at `at_ms` through `source`.

    `wording` is what they are shown now, in `version`; `seen` the version they said it to, empty where nothing was said.
    """

    purpose: Purpose
    title: str
    wording: str
    version: str
    on: bool
    said: bool = False
    at_ms: int = 0
    source: str = ""
    seen: str = ""

    @property
    def always(self) -> bool:
        """Whether nobody can turn it off."""
        return str(self.purpose) == "service"


async def standing(store: Store, rule: Purposes, customers: Sequence[str], language: str, now_ms: int) -> list[Use]:
    """How each use stands with the person of these identities: the newest word of any counts, else the rule."""
    query = select(CONSENTS).where(CONSENTS.c.customer.in_(list(customers)), CONSENTS.c.channel == "")
    rows = await store.rows(query.order_by(CONSENTS.c.position)) if customers else []
    newest = {str(row["purpose"]): row for row in rows}
    words = WORDINGS.get(language[:2], WORDINGS["en"])
    return [_use(purpose, words[purpose], rule, newest.get(purpose), now_ms) for purpose in words]


def _use(purpose: Purpose, words: Wording, rule: Purposes, row: Mapping[str, object] | None, now_ms: int) -> Use:
    use = Use(purpose, words.title, words.text, VERSION, purpose not in rule.ask)
    if use.always or row is None:
        return use
    ends = int(str(row["expires_ms"] or 0))
    on = bool(row["given"]) and (not ends or now_ms < ends)
    at_ms = int(str((0 if row["given"] else row["revoked_ms"]) or row["captured_ms"] or 0))
    told = {"source": str(row["source"] or ""), "seen": str(row["version"] or "")}
    return msgspec.structs.replace(use, on=on, said=True, at_ms=at_ms, **told)
