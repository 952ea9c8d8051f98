"""Doctor: what is wrong here, and what to do about it."""

import shutil

from baton.assembly.parts import Parts, opened
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


async def _keys(parts: Parts) -> str:
    """Whether the key store belongs to this log: the newest sealed stream has a key."""
    for recorded in await parts.store.recorded(0, LOOK):
        if parts.keys.of(recorded.entry.stream) is None:
            return f"no key for {recorded.entry.stream!r}: it was erased, or keys.db is not the one of this log. Restore keys.db."
    return "ok"
