"""How cost per resolution comes about: each price times what there was of it, over what is selected."""

import msgspec
from sqlalchemy import func, select

from baton.capabilities.performance.events import Costs
from baton.capabilities.performance.registry.definitions.money import CALL_MS, HANDLED_MS, PRICED, RESOLVED, THOUSANDTHS
from baton.capabilities.performance.registry.rows import Frame, whole
from baton.capabilities.performance.registry.scope import C, amount

_HOUR_MS, _MINUTE_MS = 3_600_000, 60_000


class Part(msgspec.Struct, frozen=True):
    """One price in cents, how much there was of it (rep hours, turns, conversations, minutes), and what that comes to."""

    name: str
    cents: float
    much: float
    comes_to: float


class Made(msgspec.Struct, frozen=True):
    """The parts, their sum in cents, and the needs confirmed as met that it is divided by."""

    parts: tuple[Part, ...]
    cents: float
    resolved: int


async def made(frame: Frame, costs: Costs) -> Made:
    """What is selected, at these costs; the sum over `resolved` is `cost_per_resolution`."""
    scope = await frame.scope()
    asked = select(
        func.sum(HANDLED_MS).label("handled_ms"), func.sum(amount(C.turns_agent)).label("turns"), func.count().label("n"),
        func.sum(CALL_MS).label("call_ms"), func.sum(RESOLVED).label("resolved"),
    )  # fmt: skip
    found = (await frame.read(asked.select_from(PRICED.read(scope)).where(*PRICED.where(scope))))[0]
    much = {
        "rep_hour": whole(found["handled_ms"]) / _HOUR_MS, "ai_turn": whole(found["turns"]),
        "conversation": whole(found["n"]), "voice_minute": whole(found["call_ms"]) / _MINUTE_MS,
    }  # fmt: skip
    prices = {name: getattr(costs, name) / THOUSANDTHS for name in much}
    parts = tuple(Part(name, prices[name], there, prices[name] * there) for name, there in much.items())
    return Made(parts, sum(part.comes_to for part in parts), whole(found["resolved"]))
