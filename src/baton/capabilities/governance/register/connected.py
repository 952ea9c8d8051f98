"""Connected: AI in use that does not ship with Baton: a head that was taught here, and a model that thinks on a server somebody named."""

from urllib.parse import urlsplit

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.events import System
from baton.capabilities.governance.register.models import Shipped
from baton.capabilities.orchestration.events import HeadTaught, Intents
from baton.capabilities.orchestration.tables import HEADS
from baton.web.app import App


async def connected(app: App) -> list[Shipped]:
    """Those in use now. What is not known here says so."""
    return [*(await _head(app)), *_thinking(app)]


async def _head(app: App) -> list[Shipped]:
    name = app.policy(Intents).head
    if not name:
        return []
    rows = await app.store.rows(
        select(HEADS).where(HEADS.c.head.in_([name, name.removeprefix("head/"), f"head/{name}"]))
    )
    row = rows[0] if rows else {}
    system = System(
        id="model-own-head", kind="model", name="Head that was taught here", purpose="Names what customers want, in this organisation's own labels.",
        role="provider", vendor="taught here, from rows that were given", model=name, risk_class="minimal", rationale="Decides on no right of a person.",
        data_categories="Texts of customers that were given with labels.", residency="This installation.", allowed="Labels with a confidence; may abstain.",
        oversight="Its figures beside the shipped head are under Understanding; switching back is one press.",
    )  # fmt: skip
    data = (
        (f"{row['title']}: {row['rows']} rows, {row['held']} of them held out",)
        if row
        else ("its rows are not known here",)
    )
    return [
        Shipped(
            system,
            name,
            "its file is a sealed blob of that name",
            data,
            "as the rows it was taught from",
            _figures(row.get("figures")),
            "Known on the held-out rows alone.",
        )
    ]


def _figures(told: object) -> dict[str, float]:
    taught = msgspec.json.decode(str(told), type=HeadTaught) if told else HeadTaught()
    return {f"{side.name}_auroc_permille": float(side.auroc) for side in taught.sides}


def _thinking(app: App) -> list[Shipped]:
    address, model = str(getattr(app.settings, "llm_url", "")), str(getattr(app.settings, "llm_model", ""))
    if not address:
        return []
    host = urlsplit(address).hostname or "a server"
    system = System(
        id="model-thinking", kind="model", name="Model that agents think with", purpose="Chooses among procedures, tools and articles, behind the gate.",
        role="deployer", vendor=host, model=model or "not named", data_categories="Turns of customers with personal values replaced by placeholders.",
        residency=f"Sent to {host}.", risk_class="limited", rationale="It words what an agent says: Art. 50 applies.",
        allowed="Proposes; policy decides. Every act passes the gate.", oversight="The kill switch and the approval of each agent.",
        risks="Confabulation, injected instructions: its words are checked before they are said.",
    )  # fmt: skip
    return [
        Shipped(
            system,
            model or "not named",
            "its weights are not here",
            ("not known here: ask its vendor",),
            "as its vendor says",
            {},
            "Nothing is known here of its figures.",
        )
    ]
