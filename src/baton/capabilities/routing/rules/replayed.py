"""Replayed: rules go live with a replay that shows what they change, or in an emergency with the reason."""

from typing import Any

import msgspec
from msgspec.structs import replace

from baton.capabilities.orchestration.events import ReplayAsked, ReplayDone
from baton.capabilities.routing.events import Routing
from baton.capabilities.routing.rules.bodies import Revision, RulesIn
from baton.kernel.errors import BatonError
from baton.kernel.stream import policy_name
from baton.web.app import App

NAME = policy_name(Routing)
WEEK_MS = 7 * 86_400_000


async def check_shown(app: App, body: Revision, rules: Routing) -> None:
    """Raise 422 where no replay shows these rules and nobody says why it cannot wait. The first rules of all need none."""
    if body.version == 0:
        return
    if body.emergency:
        if not body.why.strip():
            raise _refused("An emergency needs a reason: write why it cannot wait for a replay.")
        return
    if not body.replay:
        raise _refused(
            "No replay shows what they would change. Run one on Planning, Replays and give its id, or say that it is an emergency and why."
        )
    shown = await _rules_of(app, body.replay)
    if shown is None or replace(shown, zones=()) != replace(rules, zones=()):
        raise _refused(f"The replay {body.replay!r} is not done, or it shows other rules. Run one of these rules.")


async def ask(app: App, before: RulesIn, after: RulesIn, staff: str, title: str) -> str:
    """Ask for a replay of the last seven days with the rules as they would be; its id. Raises 422 where nothing differs."""
    change = difference(before, after)
    if not change:
        raise _refused("They are as they were. Change a field first.")
    now_ms, key = app.clock.now_ms(), app.chance.token(9)
    text = msgspec.json.format(msgspec.json.encode({"title": title[:120], **change}), indent=2).decode()
    asked = ReplayAsked(staff, text, now_ms - WEEK_MS, now_ms, title=title[:120])
    await app.committer.append(f"replay/{key}", asked, by=f"staff/{staff}")
    return key


def difference(before: RulesIn, after: RulesIn) -> dict[str, Any]:
    """What differs, as a replay's change names it: fields of the policy, and of each queue by its id."""
    was, would = before.model_dump(), after.model_dump()
    queues = {queue["id"]: queue for queue in was.pop("queues")}
    told = {queue["id"]: _apart(queues.get(queue["id"], {}), queue) for queue in would.pop("queues")}
    parts = {"routing": _apart(was, would), "queues": {queue: fields for queue, fields in told.items() if fields}}
    return {name: part for name, part in parts.items() if part}


def _apart(was: dict[str, Any], would: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in would.items() if was.get(name) != value}


async def _rules_of(app: App, replay: str) -> Routing | None:
    for entry, _ in reversed(await app.reader.told(f"replay/{replay}")):
        if isinstance(entry.event, ReplayDone) and NAME in entry.event.bodies:
            return msgspec.json.decode(entry.event.bodies[NAME], type=Routing)
    return None


def _refused(told: str) -> BatonError:
    return BatonError("no_replay", 422, f"The rules do not go live. {told} Nothing was changed.")
