"""Doctor: what is wrong here, and what to do about it."""

import shutil
from pathlib import Path

import msgspec

from baton.assembly import tracing
from baton.assembly.auditing import VERIFIED
from baton.assembly.parts import Parts, opened
from baton.assembly.tools import examined
from baton.capabilities.agents.events import Agents
from baton.capabilities.governance.events import Register
from baton.capabilities.performance.events import Costs
from baton.engines.audit.tables import KEEPING
from baton.engines.llm import connecting
from baton.engines.llm.servers import servers_of, unpriced
from baton.kernel.errors import BatonError
from baton.settings import Settings

LOW_GB = 1.0
LOOK = 200


async def examine(settings: Settings) -> dict[str, str]:
    """Each thing looked at, with `ok` or what to do."""
    found = {"home": _home(settings), "disk": _disk(settings)}
    try:
        async with opened(settings) as parts:
            found["log"] = "ok, durable settings, " + parts.store.dialect
            found["capabilities"] = ", ".join(parts.crafts.names)
            newest = await parts.store.recorded(0, 1)
            found["entries"] = (
                "some" if newest else "none yet: `baton import` loads conversations, `baton demo` invents some"
            )
            found["models"] = parts.models.version
            found["keys"] = await _keys(parts)
            found["tools"] = await examined(settings.home)
            found["audit"] = await _audit(parts)
            found["thinking"] = await connecting.examined(settings)
            found["prices"] = _prices(parts)
            found["traces"] = await tracing.examined(settings, parts.chance)
    except BatonError as error:
        found["log"] = error.message
    except OSError as error:
        found["log"] = f"{error}. Check that the database runs and the folder can be written."
    return found


def _home(settings: Settings) -> str:
    return "ok" if settings.home.is_dir() else f"{str(settings.home)!r} is not there yet; the first start makes it"


def _disk(settings: Settings) -> str:
    folder = settings.home if settings.home.is_dir() else settings.home.resolve().parent
    free_gb = shutil.disk_usage(folder if folder.is_dir() else "/").free / 1e9
    return (
        f"{free_gb:.0f} GB free"
        if free_gb > LOW_GB
        else f"{free_gb:.2f} GB free: free some, or turns are refused with 507"
    )


async def _audit(parts: Parts) -> str:
    """Whether the log is signed, and whether somebody outside the database knows the last head."""
    head, places = await parts.auditing.sealer.tree.newest(), [keeper.where for keeper in parts.auditing.keepers]
    said = {str(row["what"]): row for row in await parts.store.rows(KEEPING.select())}
    if VERIFIED in said and not said[VERIFIED]["ok"]:
        return f"{said[VERIFIED]['told']} Keep everything as it is, and run `baton audit verify` with heads and key that were kept elsewhere."
    if not places:
        return "heads are published nowhere: who owns the database could make it anew unseen. Set BATON_AUDIT_PUBLISH to a file on another disk, an address or another Baton."
    if _beside(parts.settings.home, places):
        return "heads are kept only in the home folder, beside the log itself: whoever changes one can change the other. Publish them elsewhere too (BATON_AUDIT_PUBLISH)."
    for where in places:
        if where in said and not said[where]["ok"]:
            return str(said[where]["told"])
    if head is None:
        return "nothing is signed yet: start Baton, or run `baton audit seal`"
    late = [where for where in places if where not in said or int(str(said[where]["size"] or 0)) < head.size]
    return (
        f"{late[0]!r} does not have the last head yet: start Baton, or run `baton audit seal`"
        if late
        else f"ok, {head.size} entries signed and published"
    )


def _beside(home: Path, places: list[str]) -> bool:
    return all("://" not in where and Path(where).resolve().is_relative_to(home.resolve()) for where in places)


def _prices(parts: Parts) -> str:
    """Whether what agents cost can be counted, so that their cost caps hold."""
    policies, servers = parts.committer.memory.policies, servers_of(parts.settings)
    capped = {a.system for a in policies.newest_of(Register).approvals if a.cap_cents}
    told = [
        f"{agent.id!r} thinks with {', '.join(unknown)}, whose price nobody said, so its cost cap cannot be counted and no model is asked for it. "
        "Set BATON_LLM_PRICE_IN and BATON_LLM_PRICE_OUT (price_in and price_out in BATON_LLM_FALLBACKS), 0 where it costs nothing."
        for agent in policies.newest_of(Agents).agents
        if agent.id in capped and agent.model and (unknown := unpriced(servers, agent.model))
    ]
    if capped and not any(msgspec.structs.astuple(policies.newest_of(Costs))):
        who = ", ".join(sorted(capped))
        told.append(f"no prices are set under Performance, Costs: the cap of {who} counts nothing but calls to models")
    return " ".join(told) or ("ok" if capped else "no agent is approved, so there is nothing to count")


async def _keys(parts: Parts) -> str:
    """Whether the key store belongs to this log: the newest sealed stream has a key."""
    for recorded in await parts.store.recorded(0, LOOK):
        if parts.keys.of(recorded.entry.stream) is None:
            return f"no key for {recorded.entry.stream!r}: it was erased, or keys.db is not the one of this log. Restore keys.db."
    return "ok"
