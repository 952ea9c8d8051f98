"""What performance says: what happened to AI suggestions in a rep's hands, and how customers rate. Never a rep's feelings."""

from typing import Literal

import msgspec

from baton.kernel.events import Event


class SuggestionRequested(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep asked for suggestions (or was shown them)."""

    rep: str
    shown: int = 1


class SuggestionUsed(Event, frozen=True, gc=False, omit_defaults=True):
    """What a rep did next: sent a suggestion as it was, edited it, or wrote own words. `changed_permille` of the text.

    `asked` counts requests before it that no `SuggestionRequested` tells of: imported history says them here.
    """

    rep: str
    how: Literal["picked", "edited", "own_words"]
    changed_permille: int = 0
    asked: int = 0


class Rated(Event, frozen=True, gc=False, omit_defaults=True):
    """A customer rated a conversation: csat 1 to 5, nps 0 to 10, ces 1 to 7. A later one takes the place of an earlier."""

    scale: Literal["csat", "nps", "ces"]
    score: int


class Costs(msgspec.Struct, frozen=True, gc=False):
    """The policy `performance.Costs`: what service costs. Thousandths of a cent of the organisation's currency, so that
    a turn of an AI has a price.

    `rep_hour` is an hour of a rep's handling with everything on top of pay, `ai_turn` one turn an AI says, `conversation` the
    platform's price of one, `voice_minute` the telephony of a call, from its beginning to its end.
    """

    rep_hour: int = 0
    ai_turn: int = 0
    conversation: int = 0
    voice_minute: int = 0
