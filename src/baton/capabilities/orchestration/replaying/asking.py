"""Asking: a replay is asked for, looked up, and its change put live; each is an event on `replay/<id>`."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import select

from baton.capabilities.orchestration.events import ChangeWentLive, ReplayAsked, ReplayDone
from baton.capabilities.orchestration.replaying.change import parse_change
from baton.capabilities.orchestration.replaying.running import LONGEST_MS, period
from baton.capabilities.orchestration.tables import REPLAYS
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App
from baton.web.refusals import not_found

WEEK_MS = 7 * 86_400_000
LISTED = 200


class Kept(msgspec.Struct, frozen=True):
    """A line of the list: what was asked, how far it is, and when its change went live (0: it did not)."""

    replay: str
    title: str
    staff: str
    asked_ms: int
    since_ms: int
    until_ms: int
    state: str
    why: str
    contacts: int
    live_ms: int
    live_by: str


class Answer(msgspec.Struct, frozen=True):
    """One replay with its question, and its answer once it is done."""

    kept: Kept
    asked: ReplayAsked
    done: ReplayDone | None


async def ask(app: App, staff: str, text: str, since: str, until: str, seed: int = 1) -> str:
    """Ask for a replay over two ISO dates; its id. Raises 422 where the change or the period cannot be."""
    since_ms, until_ms = period(since, until, app.organisation.zone)
    if not 0 < until_ms - since_ms <= LONGEST_MS:
        raise BatonError("no_period", 422, "The period must end after it begins, within 62 days. Change from and to.")
    return await _ask(app, staff, text, since_ms, until_ms, seed)


async def ask_of_last_week(app: App, staff: str, text: str) -> str:
    """Ask for a replay over the last seven days; its id."""
    now_ms = app.clock.now_ms()
    return await _ask(app, staff, text, now_ms - WEEK_MS, now_ms, 1)


async def _ask(app: App, staff: str, text: str, since_ms: int, until_ms: int, seed: int) -> str:
    change = parse_change(text)
    key = app.chance.token(9)
    asked = ReplayAsked(staff, text, since_ms, until_ms, seed, change.title)
    await app.committer.append(f"replay/{key}", asked, by=f"staff/{staff}")
    return key


async def every(app: App) -> list[Kept]:
    """The newest replays first."""
    rows = await app.store.rows(select(*REPLAYS.c).order_by(REPLAYS.c.asked_ms.desc()).limit(LISTED))
    return [_kept(row) for row in rows]


async def one(app: App, key: str) -> Answer:
    """A replay; raises 404."""
    rows = await app.store.rows(select(*REPLAYS.c).where(REPLAYS.c.replay == key))
    told = [entry.event for entry, _ in await app.reader.told(f"replay/{key}")]
    asked = next((event for event in told if isinstance(event, ReplayAsked)), None)
    if not rows or asked is None:
        raise not_found()
    return Answer(_kept(rows[0]), asked, next((e for e in reversed(told) if isinstance(e, ReplayDone)), None))


async def put_live(app: App, key: str, staff: str, why: str) -> None:
    """Put the policies of a replay in force, with its id. Raises 409 where it is not done or a policy was revised since."""
    answer = await one(app, key)
    if answer.done is None or not answer.done.bodies:
        raise Conflict("nothing_to_put_live", "This replay changes no policy, or it is not done. Nothing was changed.")
    if moved := moved_since(app, answer.done):
        raise Conflict(
            "policy_moved", f"{moved[0]!r} was revised since this replay was run. Run it again. Nothing was changed."
        )
    for name, body in answer.done.bodies.items():
        revised = PolicyRevised(name, msgspec.Raw(bytes(body)), staff, app.reason(why), key)
        await app.committer.append(f"policy/{name}", revised, by=f"staff/{staff}", once=f"replay:{key}")
    went = ChangeWentLive(staff, app.reason(why))
    await app.committer.append(f"replay/{key}", went, by=f"staff/{staff}", once=f"live:{key}")


def moved_since(app: App, done: ReplayDone) -> list[str]:
    """Policies that were revised since the replay was run."""
    in_force = app.committer.memory.policies.as_of(1 << 62)
    return [name for name, version in done.versions.items() if in_force.get(name, 0) != version]


def _kept(row: Mapping[str, object]) -> Kept:
    return msgspec.convert(dict(row), Kept, strict=False)
