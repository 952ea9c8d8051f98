"""Ruling: the policies of identity are revised on the log, by somebody and with a reason."""

import msgspec

from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import Conflict
from baton.kernel.stream import policy_name
from baton.web.app import App
from baton.web.identity.events import Roles, SignIns

Policy = Roles | SignIns


def version(app: App, kind: type[Policy]) -> int:
    """The position of the policy in force; 0 before any."""
    return app.committer.memory.policies.as_of(1 << 62).get(policy_name(kind), 0)


async def revise(app: App, policy: Policy, by: str, why: str, was: int | None = None) -> int:
    """Put a policy in force; its position. Raises 409 where `was` is not the version in force any more."""
    now, name = version(app, type(policy)), policy_name(type(policy))
    if was is not None and was != now:
        raise Conflict("rules_moved", "Somebody else changed this meanwhile. Load it again, then change it.")
    revised = PolicyRevised(name, msgspec.Raw(msgspec.json.encode(policy)), by, app.reason(why))
    return await app.committer.append(f"policy/{name}", revised, by=f"staff/{by}", once=f"{name}:{now}")


async def revisions(app: App, kind: type[Policy]) -> list[tuple[int, int, PolicyRevised]]:
    """Every version: position, when, and what was revised; the newest first."""
    told = await app.reader.told(f"policy/{policy_name(kind)}")
    return [(e.position, e.at_ms, e.event) for e, _ in reversed(told) if isinstance(e.event, PolicyRevised)]
