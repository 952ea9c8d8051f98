"""Taught heads as they serve: read from their files when first named, and asked turn by turn."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from baton.engines.models.own.intents import OwnTier, Said, unpacked
from baton.engines.models.own.learning import Embed
from baton.engines.models.slow import Guess
from baton.kernel.errors import BatonError

OPEN: Final = 4
"""Heads kept read: the live one, and those that older conversations began with."""


class ServedHead:
    """One head behind the two tiers: words for every turn, all opinions where a turn is looked at again."""

    def __init__(self, tier: OwnTier) -> None:
        self._tier = tier

    def by_words(self, text: str) -> Guess:
        """The intent as words say, or that they do not settle it."""
        said = self._tier.quick([text])[0]
        return _guess(said, "" if said.unsure else said.intent, said.unsure)

    def by_all(self, text: str, embed: Embed) -> Guess:
        """The intent as words, the sentence vector and the nearest examples say; none of what is about none of the labels."""
        said = self._tier.thorough([text], embed([text]))[0]
        return _guess(said, said.intent, not said.intent)


class Heads:
    """Heads by name; `read` gives the file of a name, opened, or None."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read
        self._open: OrderedDict[str, ServedHead] = OrderedDict()

    def __call__(self, name: str) -> ServedHead:
        """The head of this name; a turn waits for a head that was not read yet, some tenths of a second. Raises `no_head`."""
        known = self._open.get(name)
        if known is None:
            known = self._open[name] = ServedHead(OwnTier(unpacked(self.file(name))))
            if len(self._open) > OPEN:
                self._open.popitem(last=False)
        self._open.move_to_end(name)
        return known

    def file(self, name: str) -> bytes:
        """The file of a head, as another process may be sent it. Raises `no_head`."""
        raw = self._read(name)
        if raw is None:
            told = (
                f"There is no head {name!r}: its file or its key is missing. Switch to another, or restore the backup."
            )
            raise BatonError("no_head", 500, told)
        return raw


def _guess(said: Said, intent: str, unsure: bool) -> Guess:
    return Guess(
        intent=intent, intent_confidence=said.confidence, intent_runner_up=said.runner_up if intent else said.best,
        intent_margin=said.margin, unsure=unsure,
    )  # fmt: skip
