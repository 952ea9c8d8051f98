"""Guesses: a look-up that needs two values, a thing and what proves that it is theirs, cannot be tried until it fits.

The thing is the first argument. Wrong tries are counted by tool and thing, whoever asks and in whichever conversation: a new one
is cheap. Once there are too many, nobody but a rep looks that thing up for a while; what was asked goes to a person.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NamedTuple

from baton.engines.tools.declared import Tool, text_of
from baton.kernel.ports import ActionResult, Claim

MOST: Final = 10
WINDOW_S: Final = 3600.0
KEPT: Final = 20_000
MISSES: Final = frozenset({"not_found", "refused"})
TOO_MANY: Final = "too_many_tries"


class Guess(NamedTuple):
    """A tool with the thing it looks up, and all that was given with it."""

    thing: tuple[str, str]
    tried: str


class Guesses:
    """The different wrong tries of the last hour, in memory."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._missed: OrderedDict[tuple[str, str], dict[str, float]] = OrderedDict()

    def of(self, tool: Tool, args: Mapping[str, object], claim: Claim) -> Guess | None:
        """What this call tries; None where it proves nothing, or where a rep asks."""
        given = [text_of(args[name]).strip().casefold() for name in _names(tool) if name in args]
        if tool.risk != "read" or len(given) <= 1 or claim.kind == "rep":
            return None
        return Guess((tool.name, given[0]), "\0".join(given))

    def used_up(self, guess: Guess | None) -> bool:
        """Whether that thing was tried too often."""
        if guess is None or guess.thing not in self._missed:
            return False
        since = self._now_s() - WINDOW_S
        left = {tried: at_s for tried, at_s in self._missed[guess.thing].items() if at_s > since}
        self._missed[guess.thing] = left
        return len(left) >= MOST

    def told(self, guess: Guess | None, result: ActionResult) -> None:
        """What came of it."""
        if guess is None or result.ok is not False or result.detail not in MISSES:
            return
        self._missed.setdefault(guess.thing, {})[guess.tried] = self._now_s()
        self._missed.move_to_end(guess.thing)
        if len(self._missed) > KEPT:
            self._missed.popitem(last=False)


def _names(tool: Tool) -> Iterable[str]:
    """The arguments of a tool in the order in which it declares them."""
    properties = tool.schema.get("properties") if tool.schema else None
    return properties if isinstance(properties, Mapping) else tool.takes.__struct_fields__
