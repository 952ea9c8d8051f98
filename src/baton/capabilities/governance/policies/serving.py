"""What the screen and the API of the policies do: look, check with a replay, and put in force."""

import asyncio
from hashlib import blake2b

import msgspec
from sqlalchemy import desc, func, select

from baton.capabilities.agents.events import Procedures
from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.tools import built_in, built_in_tests, read
from baton.capabilities.governance.policies.checking import Checked, check
from baton.capabilities.governance.policies.replaying import DAY_MS, Replay, past_calls, replay
from baton.capabilities.governance.tables import CALLS, GATES
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError
from baton.kernel.stream import policy_name
from baton.web.app import App
from baton.web.refusals import not_found

POLICY = policy_name(GatePolicies)
SHOWN = 50


class Version(msgspec.Struct, frozen=True):
    """Policies that were put in force: when, by whom, why, and what the replay said."""

    position: int
    at_ms: int
    who: str
    why: str
    replay: str
    emergency: bool


class Tried(msgspec.Struct, frozen=True):
    """What came of checking a text; with a replay, and `seen` to prove it, where it has no fault."""

    checked: Checked
    replay: Replay | None = None
    seen: str = ""


class Refused(msgspec.Struct, frozen=True):
    """Calls the gate refused: how many, by which rules, why, and a conversation of one of them."""

    tool: str
    kind: str
    rules: tuple[str, ...]
    why: str
    times: int
    conversation: str


def in_force(app: App) -> GatePolicies:
    """The newest policies, written out where the built-in ones are in force."""
    newest = app.policy(GatePolicies)
    return newest if newest.text else GatePolicies(built_in(), built_in_tests())


def version_of(app: App, position: int) -> GatePolicies:
    """The policies of a version; raises 404 where there is none."""
    known = {at: body for name, at, body in app.committer.memory.policies if name == POLICY}
    if position not in known:
        raise not_found()
    return msgspec.json.decode(known[position], type=GatePolicies)


async def history(app: App) -> list[Version]:
    """The versions, the newest first."""
    names = {staff.id: staff.name for staff in app.accounts.everyone()}
    rows = await app.store.rows(select(GATES).order_by(desc(GATES.c.position)).limit(SHOWN))
    return [
        Version(
            int(str(r["position"])), int(str(r["at_ms"])), names.get(str(r["author"]), str(r["author"])), str(r["why"] or ""),
            str(r["replay"] or ""), bool(r["emergency"]),
        )
        for r in rows
    ]  # fmt: skip


async def refusals(app: App) -> list[Refused]:
    """What the gate refused in the last thirty days, by tool and rules, the most first."""
    times = func.count().label("times")
    since = app.clock.now_ms() - 30 * DAY_MS
    query = (
        select(CALLS.c.tool, CALLS.c.kind, CALLS.c.rules, times, func.max(CALLS.c.conversation).label("last"))
        .where(CALLS.c.allowed == 0, CALLS.c.at_ms >= since)
        .group_by(CALLS.c.tool, CALLS.c.kind, CALLS.c.rules)
    )
    rules = read(app.policy(GatePolicies).text)
    found = [
        Refused(
            str(r["tool"]), str(r["kind"]), tuple(filter(None, str(r["rules"]).split(","))), rules.why(False, filter(None, str(r["rules"]).split(","))),
            int(str(r["times"])), str(r["last"]).partition("/")[2],
        )
        for r in await app.store.rows(query)
    ]  # fmt: skip
    return sorted(found, key=lambda r: (-r.times, r.tool))


async def tried(app: App, offered: GatePolicies, days: int) -> Tried:
    """Check a text, and where it has no fault judge the calls of the last days again. The work is done beside the loop."""
    checked = await asyncio.to_thread(check, offered.text, offered.tests, tools_of(app))
    if checked.faults:
        return Tried(checked)
    calls = await past_calls(app.store, app.clock.now_ms(), days)
    told = await asyncio.to_thread(
        replay, calls, read(app.policy(GatePolicies).text), read(offered.text), days, app.organisation.zone
    )
    return Tried(checked, told, app.signer.sign("gate", _print(app, offered, told.in_short())))


async def put_in_force(app: App, offered: GatePolicies, staff: str, why: str, told: str, seen: str) -> None:
    """Put in force what was checked and replayed; `told` is what the replay said and `seen` proves it.

    Raises:
        BatonError: 409 where the text was not shown with this replay, or others were put in force since.
    """
    if not app.signer.fits("gate", _print(app, offered, told), seen):
        raise BatonError(
            "not_replayed", 409, "Nothing was put in force: the text is not the one that was replayed, or others were put in force since. Check it again."
        )  # fmt: skip
    await _revise(app, offered, staff, why, told, emergency=False)


async def put_in_force_at_once(app: App, offered: GatePolicies, staff: str, why: str) -> Checked:
    """In an emergency: check the text and put it in force without a replay. What has a fault is not, and its faults are told."""
    checked = await asyncio.to_thread(check, offered.text, offered.tests, tools_of(app))
    if not checked.faults:
        await _revise(app, offered, staff, why, "", emergency=True)
    return checked


def tools_of(app: App) -> dict[str, str]:
    """The organisation's tools by name, with their risk, as its procedures use them."""
    return {s.tool: s.risk for p in app.policy(Procedures).procedures for s in p.steps if s.tool}


async def _revise(app: App, offered: GatePolicies, staff: str, why: str, told: str, emergency: bool) -> None:
    if not why.strip():
        raise BatonError("why_needed", 422, "Nothing was put in force. Say why it changes: it is kept with your name.")
    body = msgspec.Raw(msgspec.json.encode(offered))
    event = PolicyRevised(POLICY, body, staff, app.reason(why.strip()), told, emergency)
    await app.committer.append(f"policy/{POLICY}", event, by=f"staff/{staff}")


def _print(app: App, offered: GatePolicies, told: str) -> str:
    """What a signature is for: this text, these tests, this replay, over the version that is in force."""
    newest = max((at for name, at, _ in app.committer.memory.policies if name == POLICY), default=0)
    raw = msgspec.json.encode([offered.text, offered.tests, told, newest])
    return blake2b(raw, digest_size=24).hexdigest()
