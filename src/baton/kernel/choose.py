"""Choose: from proposals to one decision. Vetoes first, then value; near-ties are sometimes left to chance.

Chance is a hash of (seed, stream, ordinal, label), so one log always replays to the same choice. Only proposals of the
same action within `TIE_PERMILLE` of the best are ever exchanged, with probability `EXPLORE_PERMILLE`, and the chance
that was taken is logged: a pure optimum cannot be judged off-line (Horvitz-Thompson needs propensities).
"""

from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from baton.kernel.conversation import Args, Decided, Proposed, Vetoed

TIE_PERMILLE = 20
EXPLORE_PERMILLE = 30


def chance_permille(seed: str, stream: str, ordinal: int, label: str) -> int:
    """A number from 0 to 999, the same for the same arguments."""
    raw = blake2b(f"{seed}\0{stream}\0{ordinal}\0{label}".encode(), digest_size=8).digest()
    return int.from_bytes(raw, "big") % 1000


def key_of(stream: str, ordinal: int, action: str, args: Args) -> str:
    """The idempotency key of an act: it survives restarts and restores."""
    raw = msgspec.json.encode([stream, ordinal, action, sorted(args.items())])
    return blake2b(raw, digest_size=12).hexdigest()


def choose(
    offers: Sequence[tuple[str, Proposed]], vetoed: Sequence[Vetoed], stream: str, ordinal: int, seed: str = "baton"
) -> Decided | None:
    """The decision among `offers` (capability, proposal), or None where nothing was proposed or all was vetoed."""
    barred = {v.action for v in vetoed}
    open_ = [o for o in offers if o[1].action not in barred]
    if not open_:
        return None
    ranked = _ranked(open_)
    (by, picked), chance = _perhaps_another(ranked, stream, ordinal, seed)
    over = tuple(p for _, p in ranked if p is not picked)
    return Decided(
        action=picked.action, args=picked.args, value=picked.value, why=picked.why, by=by, over=over,
        vetoed=tuple(vetoed), chance_permille=chance, key=key_of(stream, ordinal, picked.action, picked.args),
    )  # fmt: skip


def chances(offers: Sequence[tuple[str, Proposed]], vetoed: Sequence[Vetoed]) -> list[tuple[Proposed, int]]:
    """How likely `choose` takes each proposal, in permille: those that can be taken, the best first."""
    barred = {v.action for v in vetoed}
    ranked = _ranked([o for o in offers if o[1].action not in barred])
    if not ranked:
        return []
    ties = _ties(ranked)
    share = EXPLORE_PERMILLE // len(ties)
    others = [(proposal, share) for _, proposal in ties[1:]]
    return [(ranked[0][1], 1000 if len(ties) == 1 else share + 1000 - EXPLORE_PERMILLE), *others]


def _ranked(offers: Sequence[tuple[str, Proposed]]) -> list[tuple[str, Proposed]]:
    return sorted(offers, key=lambda o: (-o[1].value, o[1].action, msgspec.json.encode(o[1].args)))


def _ties(ranked: Sequence[tuple[str, Proposed]]) -> list[tuple[str, Proposed]]:
    """Those of the best one's action that are worth nearly as much, itself first."""
    best = ranked[0][1]
    floor = best.value - abs(best.value) * TIE_PERMILLE // 1000
    return [o for o in ranked if o[1].action == best.action and o[1].value >= floor]


def _perhaps_another(
    ranked: list[tuple[str, Proposed]], stream: str, ordinal: int, seed: str
) -> tuple[tuple[str, Proposed], int]:
    ties = _ties(ranked)
    if len(ties) == 1:
        return ranked[0], 1000
    share = EXPLORE_PERMILLE // len(ties)
    if chance_permille(seed, stream, ordinal, "explore") < EXPLORE_PERMILLE:
        nth = chance_permille(seed, stream, ordinal, "which") % len(ties)
        return ties[nth], share + (1000 - EXPLORE_PERMILLE if nth == 0 else 0)
    return ranked[0], share + 1000 - EXPLORE_PERMILLE
