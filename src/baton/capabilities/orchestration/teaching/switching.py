"""Switching: another head names intents, by a version of the policy. Conversations keep the version they began with."""

import msgspec

from baton.capabilities.orchestration.events import Intents, SideFigures
from baton.capabilities.orchestration.replaying.asking import ask_of_last_week
from baton.capabilities.orchestration.teaching.given import sealed
from baton.capabilities.orchestration.teaching.standing import POLICY, Kept, Switch, one, switches
from baton.capabilities.routing.events import Routing
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App


async def switch(app: App, key: str, staff: str, why: str, seen: int) -> None:
    """Put a head live; no key is the one that ships. Raises where it is not taught, or somebody switched since `seen`."""
    _same(await switches(app), seen)
    to = await _of(app, await one(app, key)) if key else Intents()
    await _revise(app, to, staff, why)


async def undo(app: App, staff: str, why: str, seen: int) -> None:
    """Go back to the head before the last switch."""
    made = await switches(app)
    _same(made, seen)
    if not made:
        raise Conflict("nothing_to_undo", "Nobody switched yet; the head that ships is live.")
    await _revise(app, made[1].to if len(made) > 1 else Intents(), staff, why)


async def give_queue(app: App, label: str, queue: str, staff: str) -> str:
    """Ask for a replay of the last week with a queue that takes a label too; its id. It goes live from there."""
    now = next((each for each in app.policy(Routing).queues if each.id == queue), None)
    if now is None:
        raise BatonError("no_queue", 422, f"There is no queue {queue!r}. Choose one of the list.")
    change = {
        "title": f"{now.title or queue} takes {label}",
        "queues": {queue: {"intents": list(dict.fromkeys([*now.intents, label]))}},
    }
    return await ask_of_last_week(app, staff, msgspec.json.encode(change).decode())


async def _of(app: App, kept: Kept) -> Intents:
    if kept.figures is None:
        raise Conflict("not_taught", "This head is not taught yet, so it cannot go live. Wait for its figures.")
    if await sealed(app).get(kept.head, kept.head) is None:
        raise Conflict("no_head", "The file of this head is missing or its key was forgotten. Teach it again.")
    taught = next(side for side in kept.figures.sides if side.name == "taught")
    return Intents(kept.head, kept.title, kept.figures.labels, _short(taught))


def _short(side: SideFigures) -> dict[str, int]:
    accuracy, error = side.accuracy, side.error
    return {
        "accuracy": accuracy.permille, "accuracy_low": accuracy.low, "accuracy_high": accuracy.high, "n": accuracy.n,
        "abstained": side.abstained.permille, "ece": error.permille,
    }  # fmt: skip


def _same(made: list[Switch], seen: int) -> None:
    if seen != (made[0].position if made else 0):
        raise Conflict(
            "switched_meanwhile", "Somebody switched meanwhile; nothing was changed. Load the page and look again."
        )


async def _revise(app: App, to: Intents, staff: str, why: str) -> None:
    """What shows a head's worth is how it was measured on rows held out: that run has the head's name."""
    revised = PolicyRevised(POLICY, msgspec.Raw(msgspec.json.encode(to)), staff, app.reason(why), to.head)
    await app.committer.append(f"policy/{POLICY}", revised, by=f"staff/{staff}")
