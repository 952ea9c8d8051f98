"""What a model makes of each AI conversation, beside the outcome that a source states: the rows of an automatic figure."""

import msgspec

from baton.capabilities.performance.registry.counted import Counted, listed, seen
from baton.capabilities.performance.registry.grains import BY_AI, CONTACT, JUDGED_MET, K
from baton.capabilities.performance.registry.rows import Frame, Row
from baton.capabilities.performance.registry.scope import EMPTY, Expr, amount, flag, known
from baton.capabilities.performance.registry.seen import Seen

ESTIMATED = Counted(CONTACT, amount(K.estimate), flag(known(K.estimate_model) != EMPTY), keep=BY_AI, per=1000)


async def judged(frame: Frame, also: Expr | None = None) -> list[Seen]:
    """Conversations an AI took part in, by how likely their need was met; their label where the source states the outcome."""
    query = listed(ESTIMATED, await frame.scope(), {}, also)
    rows = await frame.read(query.add_columns(K.estimate_model, K.verdict, K.evidence))
    return [_labelled(row) for row in rows]


def _labelled(row: Row) -> Seen:
    stated = "stated_by_" in str(row["evidence"])
    label = float(row["verdict"] in JUDGED_MET) if stated else None
    told = seen(row, ESTIMATED)
    return msgspec.structs.replace(told, y=max(0.0, told.y), model=str(row["estimate_model"] or ""), label=label)
