"""Beginning: a new procedure's draft, from an empty one or as a copy, for a need that customers have; and which needs there are."""

import re
from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import desc, func, select

from baton.capabilities.agents.events import Procedures
from baton.capabilities.agents.procedures.writing import written
from baton.capabilities.agents.screen import revising
from baton.capabilities.agents.screen.blank import blank
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.asked import in_words

DAY_MS: Final = 86_400_000
DAYS: Final = 30
MOST: Final = 60
LONGEST: Final = 60
NOTE: Final = "A copy: change what is asked, looked up, confirmed, done and checked, and its scenes at the end."


class Need(msgspec.Struct, frozen=True):
    """What customers want: how many conversations of the last days were about it, and the procedure that it starts now, if any."""

    id: str
    times: int
    served_by: str

    @property
    def told(self) -> str:
        """The same in a line."""
        served = f", starts “{self.served_by}” now" if self.served_by else ""
        return f"{in_words(self.id)}: {self.times} in {DAYS} days{served}"


async def needs(app: App) -> list[Need]:
    """The needs of the last thirty days, those that start no procedure first, each from the most to the least."""
    c, times = CONVERSATIONS.c, func.count().label("n")
    since = app.clock.now_ms() - DAYS * DAY_MS
    query = (
        select(c.intent, times).where(c.started_ms >= since, c.intent != "").group_by(c.intent).order_by(desc(times))
    )
    procedures = app.policy(Procedures)
    found = []
    for row in await app.store.rows(query.limit(MOST)):
        serves = procedures.serving(str(row["intent"]))
        found.append(Need(str(row["intent"]), int(str(row["n"])), serves.title if serves else ""))
    return sorted(found, key=lambda need: bool(need.served_by))


async def begin(app: App, staff: str, title: str, need: str = "", copy_of: str = "") -> str:
    """A draft; its id. One that there is already is left as it is.

    Raises:
        BatonError: 422 where no name can be made of its title, or what it is to be a copy of is gone.
    """
    id_ = re.sub(r"[^a-z0-9]+", "_", title.strip().lower()).strip("_")[:LONGEST].strip("_")
    if not id_ or re.search(r"[^\w\s'’(),.-]", title):
        told = "Name: write it in letters and digits, such as Correct a name. Nothing was begun."
        raise BatonError("name_needed", 422, told)
    if not revising.file_of(app, id_):
        intents = (need,) if re.fullmatch(r"[a-z0-9_]{1,60}", need) else (id_,)
        await revising.keep_draft(app, id_, _text(app, id_, title, intents, copy_of, staff), staff)
    return id_


def _text(app: App, id_: str, title: str, intents: Sequence[str], copy_of: str, staff: str) -> str:
    shown = in_words(title) if title.strip().islower() else title.strip()
    if not copy_of:
        return blank(id_, shown, tuple(intents), staff)
    made = app.policy(Procedures).of(copy_of)
    if made is None:
        raise BatonError(
            "no_such_procedure", 422, "What it was to be a copy of is gone. Choose another. Nothing was begun."
        )
    copy = msgspec.structs.replace(made, id=id_, title=shown, intents=tuple(intents), revision=1, owner=staff)
    return written(copy, (NOTE,), app.tools())
