"""Telling: what a waiting customer is told about anybody and about their rep of last time."""

from typing import Final

import msgspec
import numpy as np

from baton.capabilities.individual.events import Choice, Individual, Learned, Whom
from baton.capabilities.individual.quoting.keeping import factor
from baton.capabilities.individual.quoting.line import Line
from baton.capabilities.individual.quoting.named import Busy, named, ways_ms
from baton.capabilities.individual.quoting.pooled import pooled
from baton.capabilities.individual.quoting.quote import ANSWER_MS, Quote
from baton.capabilities.individual.waiting.found import desk_of, line_of, rep_of
from baton.capabilities.routing.events import Place, Post
from baton.kernel.stream import Stream

HOUR_MS: Final = 3_600_000
SHARES: Final = tuple(n / 100 for n in range(5, 100, 5))
"""Of the wait for one rep, the quantiles that are kept with a quote, so that it can be judged."""
FAR_MS: Final = 10**12
"""A way that ends after the rep has gone home."""


def choice_of(mine: Place, rep: str, stream: Stream, chosen: Whom = "anyone") -> Choice | None:
    """What a customer at this place may choose now; None where nobody at all is at work for it."""
    facts, now_ms = stream.facts, stream.now_ms
    learned, rules, hour = stream.policy(Learned), stream.policy(Individual), now_ms // HOUR_MS % 24
    line, post = line_of(mine, facts, learned, now_ms), rep_of(rep, mine, facts)
    anyone = _anyone(line, mine, learned, hour) if line or _somebody(mine, stream) else None
    if anyone is None and post is None:
        return None
    choice = Choice(
        mine.queue, mine.epoch, now_ms, hour, *((anyone.wait_ms, anyone.within_ms) if anyone else (0, 0)),
        line=msgspec.structs.astuple(line) if line else (), chosen=chosen, chosen_ms=now_ms if chosen == "rep" else 0,
    )  # fmt: skip
    if post is None:
        return choice
    level = factor(learned.levels, mine.queue, hour) or rules.nominal_permille
    return with_rep(choice, post, desk_of(post, mine, facts, learned, now_ms), level)


def with_rep(choice: Choice, post: Post, desk: Busy, level_permille: int) -> Choice:
    """The choice with their rep in it, where something can be promised."""
    quote = named(desk, level_permille)
    if quote is None:
        return choice
    quantiles = np.quantile(ways_ms(desk), SHARES, method="higher")
    ways = tuple(int(min(FAR_MS, ms)) for ms in quantiles)
    return msgspec.structs.replace(
        choice, rep=post.rep, name=post.name or post.rep, rep_wait_ms=quote.wait_ms, rep_within_ms=quote.within_ms, ways_ms=ways,
    )  # fmt: skip


def level_of(ways: tuple[int, ...], took_ms: int | None) -> float:
    """The share of ways that were shorter than what came, between the quantiles that were kept; 1 where the rep did not come."""
    if took_ms is None:
        return 1.0
    return float(np.interp(took_ms, np.array([0, *ways]) + np.arange(len(ways) + 1) / 100, [0.0, *SHARES], right=1.0))


def _anyone(line: Line | None, mine: Place, learned: Learned, hour: int) -> Quote:
    if line is None:
        return Quote(ANSWER_MS, 2 * ANSWER_MS)
    return pooled(line, learned.weights.get(mine.queue), factor(learned.factors, mine.queue, hour))


def _somebody(mine: Place, stream: Stream) -> bool:
    posts = stream.facts.all(Post)
    return any(p.presence != "offline" and (not mine.skill or mine.skill in p.skills) for p in posts)
