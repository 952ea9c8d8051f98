"""Weighing: what another policy would have got of offers that were left to chance, from what the offers that were made got.

Each offer between near-ties logged how likely it was. Weighed by (its chance with the change) / (its chance as it was) and corrected by each
rep's usual share, the outcomes estimate the changed policy (doubly robust: Dudik, Langford and Li 2011). Weights are cut at `MOST_WEIGHT`,
which trades a little bias for a lot of variance; the effective sample size (sum w)^2 / sum w^2 (Kish 1965) says what is left. It judges one
offer at a time: what an offer does to the next ones is told by the simulation alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from math import isfinite
from typing import NamedTuple

from sqlalchemy import Select, func, select

from baton.capabilities.orchestration.events import Figure, Line, Weighed
from baton.capabilities.orchestration.replaying.deciding import Loop
from baton.capabilities.routing.events import MAIN
from baton.capabilities.routing.tables import MATCHES
from baton.kernel.choose import chances
from baton.kernel.conversation import Decided, Entry, Proposed
from baton.kernel.events import Event, Fact
from baton.kernel.log import STEP, Recorded, Store
from baton.kernel.loop import hold
from baton.kernel.stats import Estimate, mean, shrunken_shares
from baton.kernel.stream import Policies, Stream

LEAST_PERMILLE, MOST_PERMILLE = 10, 990
"""Chances between which an offer was left to chance."""
MOST_WEIGHT = 10.0
FEWEST_EFFECTIVE = 30
"""An effective sample below which no estimate is given."""
MOST_OFFERS = 100_000
BEFORE_MS = 14 * 3_600_000
"""How long before the period the stream is read, so that everybody at work is known when it begins."""
Taken = Mapping[tuple[str, str], bool]
"""Whether an offer was taken, by (conversation, rep)."""


class Offer(NamedTuple):
    """An offer that was left to chance: how likely it was as it was, how likely each rep is with the change, and whether it was taken."""

    rep: str
    was_permille: int
    would_permille: Mapping[str, int]
    taken: bool

    @property
    def weight(self) -> float:
        """Its chance with the change over the one it had, cut at `MOST_WEIGHT`."""
        return min(MOST_WEIGHT, self.would_permille.get(self.rep, 0) / self.was_permille)


async def weighed(loop: Loop, since_ms: int, until_ms: int, to: Policies) -> tuple[Weighed, tuple[Line, ...]]:
    """What the offers of the period tell of the changed policy; why not, where they do not."""
    m = MATCHES.c
    within = (m.offered_ms >= since_ms) & (m.offered_ms < until_ms)
    left = within & m.chance_permille.between(LEAST_PERMILLE, MOST_PERMILLE)
    counting: Select[tuple[object, ...]] = select().add_columns(func.count().label("n")).where(within)
    there = int(str((await loop.store.survey(counting))[0]["n"]))
    rows = await loop.store.survey(select(m.conversation, m.rep, m.taken_ms).where(left))
    if not rows or there > MOST_OFFERS:
        told = "no offer was left to chance" if not rows else f"more than {MOST_OFFERS} offers were made"
        return Weighed(there, len(rows), why_not=told), ()
    taken = {(f"conversation/{row['conversation']}", str(row["rep"])): bool(row["taken_ms"]) for row in rows}
    after = await position_at(loop.store, since_ms - BEFORE_MS)
    recorded = await loop.store.history(MAIN, after)
    return estimated(there, list(_offers(loop, recorded, taken, since_ms, until_ms, to)))


def estimated(there: int, offers: Sequence[Offer]) -> tuple[Weighed, tuple[Line, ...]]:
    """The share of offers that are taken, as it was and with the change; no line where too little is left of the sample."""
    weights = [offer.weight for offer in offers]
    squares = sum(w * w for w in weights)
    effective = int(sum(weights) ** 2 / squares) if squares else 0
    clipped = sum(w == MOST_WEIGHT for w in weights)
    if effective < FEWEST_EFFECTIVE:
        why_not = f"{effective} effective offers are fewer than {FEWEST_EFFECTIVE}"
        return Weighed(there, len(offers), effective, clipped, why_not), ()
    usual = _usual(offers)
    seen = [float(offer.taken) for offer in offers]
    would = [_doubly_robust(offer, usual) for offer in offers]
    apart = [b - a for a, b in zip(seen, would, strict=True)]
    was, other, more = (_figure(mean(values)) for values in (seen, would, apart))
    line = Line("offers_taken", "", "permille", "weighted", was.value, was, other, more)
    return Weighed(there, len(offers), effective, clipped), (line,)


async def position_at(store: Store, at_ms: int) -> int:
    """A position before which nothing was learned at or after a time: found by halving."""
    low, high = 0, STEP
    while await store.recorded(high, 1):
        high *= 2
    while high - low > STEP:
        middle = (low + high) // 2
        found = await store.recorded(middle, 1)
        low, high = (middle, high) if found and found[0].entry.at_ms < at_ms else (low, middle)
    return low


def _offers(
    loop: Loop, recorded: Sequence[Recorded], taken: Taken, since_ms: int, until_ms: int, to: Policies
) -> Iterator[Offer]:
    stream = Stream(MAIN, to)
    for row in recorded:
        if row.caused is None:
            return
        at = row.entry
        event = loop.codec.decode(MAIN, at.body)
        stream.entry = Entry(at.position, MAIN, event, at.by, at.at_ms, at.happened_at_ms)
        stream.ordinal = row.ordinal
        known = [event]
        hold(event, stream, 0)
        for n, caused in enumerate(loop.codec.decode_all(MAIN, row.caused), 1):
            if isinstance(caused.event, Decided) and since_ms <= at.at_ms < until_ms:
                yield from _left_to_chance(loop, caused.event, known, stream, taken)
            if isinstance(caused.event, Fact):
                known.append(caused.event)
            hold(caused.event, stream, n)


def _left_to_chance(
    loop: Loop, decided: Decided, known: Sequence[Event], stream: Stream, taken: Taken
) -> Iterator[Offer]:
    conversation, rep = str(decided.args.get("conversation", "")), str(decided.args.get("rep", ""))
    if decided.action != "offer" or (conversation, rep) not in taken:
        return
    if LEAST_PERMILLE <= decided.chance_permille <= MOST_PERMILLE:
        would = {
            str(proposal.args["rep"]): permille
            for proposal, permille in chances(_proposed(loop, known, stream), ())
            if proposal.action == "offer" and proposal.args.get("conversation") == conversation
        }
        yield Offer(rep, decided.chance_permille, would, taken[conversation, rep])


def _proposed(loop: Loop, known: Sequence[Event], stream: Stream) -> list[tuple[str, Proposed]]:
    return [
        (filed.capability, proposal)
        for event in known
        for filed in loop.crafts.decide.get(type(event), ())
        for proposal in filed.run(event, stream, stream.facts)
    ]


def _usual(offers: Sequence[Offer]) -> dict[str, float]:
    """Each rep's share of offers taken, drawn towards everybody's by how little is known of them."""
    counts: dict[str, tuple[int, int]] = {}
    for offer in offers:
        took, n = counts.get(offer.rep, (0, 0))
        counts[offer.rep] = (took + offer.taken, n + 1)
    everybody = sum(offer.taken for offer in offers) / len(offers)
    told = {rep: share.value for rep, share in shrunken_shares(counts).items()}
    return {rep: told.get(rep, everybody) for offer in offers for rep in (offer.rep, *offer.would_permille)}


def _doubly_robust(offer: Offer, usual: Mapping[str, float]) -> float:
    """What its customer would have met: the usual of who would be asked, corrected by what was seen.

    Where the change would have made no such offer then, another conversation goes first, and nothing is told of this one.
    """
    total = sum(offer.would_permille.values())
    if not total:
        return float(offer.taken)
    expected = sum(permille * usual[rep] for rep, permille in offer.would_permille.items()) / total
    return expected + offer.weight * (offer.taken - usual[offer.rep])


def _figure(told: Estimate) -> Figure:
    low, high = (edge if isfinite(edge) else told.value for edge in (told.low, told.high))
    return Figure(round(1000 * told.value), round(1000 * low), round(1000 * high), told.n)
