"""Matching: the next offer, and all offers of a tick, from the assignment of most value.

While few wait, each event offers one conversation, to the rep the assignment gives it or, once in a while, to one who would
do as well. Where many wait, a tick offers all pairs of the assignment at once; some pairs of equal value are exchanged by
chance, and the chance is kept with the offer, so that other policies can be judged by what this one did.
"""

from collections.abc import Iterator
from itertools import groupby

import msgspec

from baton.capabilities.routing.assigning.able import Floor
from baton.capabilities.routing.assigning.grouping import Grouped, grouped
from baton.capabilities.routing.assigning.room import is_free
from baton.capabilities.routing.assigning.solving.problem import Pairing, Row
from baton.capabilities.routing.assigning.solving.solver import best_pairings
from baton.capabilities.routing.events import Place, Post
from baton.kernel.choose import EXPLORE_PERMILLE, chance_permille

CHOICES = 3
"""Reps proposed for one conversation, so that near-ties can be left to chance."""
AT_ONCE = 60
"""Offers of one tick: what one input may cause is limited."""


class Choice(msgspec.Struct, frozen=True, gc=False):
    """A rep who could take a conversation, and what that is worth beside the rep of the assignment, who has 1000."""

    post: Post
    value: int


class Match(msgspec.Struct, frozen=True, gc=False):
    """A waiting conversation and who could take it at this moment, best first; `more` tells that others can be matched too."""

    place: Place
    choices: tuple[Choice, ...]
    more: bool = False


class Offer(msgspec.Struct, frozen=True, gc=False):
    """One pair of a tick, and how likely it was."""

    conversation: str
    rep: str
    chance_permille: int


def best(floor: Floor) -> Match | None:
    """The next conversation to offer, or None where nobody who waits meets a rep who is free."""
    board = grouped(floor)
    pairs = [pair for pair in best_pairings(board.problem) if is_free(board.who(pair)[1])]
    if not pairs:
        return None
    first = min(pairs, key=lambda pair: (-_urgency(board, pair.conversation), board.who(pair)[0].conversation))
    wanted = {pair.rep for pair in pairs if pair != first}
    more = len(pairs) > 1 or any(of[0].places != 1 for of in board.waiting)
    return Match(board.who(first)[0], tuple(_choices(board, first, wanted)), more)


def _choices(board: Grouped, pair: Pairing, wanted: set[Row]) -> Iterator[Choice]:
    """The rep of the assignment at 1000, then others it gives nobody, by how much less the same conversation is worth with them."""
    yield Choice(board.who(pair)[1], 1000)
    most = board.problem.value(pair.conversation, pair.rep, 0) or 0
    others = []
    for r, posts in enumerate(board.reps):
        for m, post in enumerate(posts):
            worth = board.problem.value(pair.conversation, (r, m), 0)
            if worth is not None and (r, m) != pair.rep and (r, m) not in wanted and is_free(post):
                others.append((max(0, most - worth), r, m))
    for less, r, m in sorted(others)[: CHOICES - 1]:
        yield Choice(board.reps[r][m], 1000 - less)


def _urgency(board: Grouped, conversation: Row) -> int:
    c, k = conversation
    return board.problem.urgencies[c][k]


def offers(floor: Floor, stream: str, ordinal: int) -> list[Offer]:
    """All offers of a tick, most urgent first, at most `AT_ONCE`."""
    board = grouped(floor)
    made: list[Offer] = []
    pairs = (pair for pair in best_pairings(board.problem) if is_free(board.who(pair)[1]))
    for _, same in groupby(sorted(pairs, key=_alike), key=_alike):
        made += _exchanged(board, list(same), stream, ordinal)
    urgent = {
        board.waiting[c][k].conversation: -at for c, of in enumerate(board.problem.urgencies) for k, at in enumerate(of)
    }
    return sorted(made, key=lambda offer: (urgent[offer.conversation], offer.conversation))[:AT_ONCE]


def _alike(pair: Pairing) -> Row:
    return pair.conversation[0], pair.rep[0]


def _exchanged(board: Grouped, pairs: list[Pairing], stream: str, ordinal: int) -> Iterator[Offer]:
    """Pairs of one class of conversations and one of reps: neighbours are exchanged by chance, which changes no value."""
    bound = [pair for pair in pairs if (pair.conversation, pair.rep) in board.problem.bonuses]
    loose = [pair for pair in pairs if pair not in bound]
    for pair in bound + loose[len(loose) // 2 * 2 :]:
        yield _offer(board, pair.conversation, pair.rep, 1000)
    for one, two in zip(loose[::2], loose[1::2], strict=False):
        swaps = chance_permille("baton", stream, ordinal, board.who(one)[0].conversation) < EXPLORE_PERMILLE
        kim, lee = (two.rep, one.rep) if swaps else (one.rep, two.rep)
        chance = 1000 if kim == lee else EXPLORE_PERMILLE if swaps else 1000 - EXPLORE_PERMILLE
        yield _offer(board, one.conversation, kim, chance)
        yield _offer(board, two.conversation, lee, chance)


def _offer(board: Grouped, conversation: Row, rep: Row, chance: int) -> Offer:
    place, post = board.who(Pairing(conversation, rep))
    return Offer(place.conversation, post.rep, chance)


def turn(place: Place) -> tuple[int, int, str]:
    """What decides who is before whom in one line: priority, then since when they wait."""
    return -place.priority, place.since_ms, place.conversation
