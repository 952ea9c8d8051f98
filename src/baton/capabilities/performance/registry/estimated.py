"""Figures of automatic estimates: their mean, corrected by the outcomes that are stated for a part, and what it rests on.

All labelled, the figure is the estimates' own mean: it stands beside the stated outcome and must not borrow from it.
"""

from collections.abc import Sequence

from baton.capabilities.performance.registry.seen import Seen
from baton.kernel.stats import Estimate, clustered_ratio, prediction_powered_clustered

ENOUGH = 0.5
"""A model that knows less than this share of the rows gives no figure: the rest would be another kind of conversation."""
HELD_OUT = "/fold"


def estimated(seen: Sequence[Seen]) -> tuple[Estimate | None, str]:
    """The mean of the estimates with its interval by cluster, and what has to be said with it."""
    known = [each for each in seen if each.x]
    if len(known) < ENOUGH * len(seen) or not known:
        return None, f"No figure: the model knows the words of {len(known)} of {len(seen)} conversations."
    labelled = [(each.cluster, each.y, each.label) for each in known if each.label is not None]
    loose = [(each.cluster, each.y) for each in known if each.label is None]
    if loose and len({cluster for cluster, _, _ in labelled}) > 1:
        found = prediction_powered_clustered(loose, labelled)
        said = [f"Corrected by the stated outcome of {len(labelled)} of {len(known)} (PPI++), taken as a random part."]
    else:
        found = clustered_ratio(_sums(known))
        said = ["The estimates alone, not corrected by any label: the interval does not hold the model's own error."]
    return Estimate(found.value, max(0.0, found.low), min(1.0, found.high), len(known), found.clusters), _note(
        said, known, len(seen)
    )


def _note(said: list[str], known: Sequence[Seen], of: int) -> str:
    held = sum(HELD_OUT in each.model for each in known)
    if held:
        said.append(
            f"{held} of {len(known)} are of tasks the model was fitted on; each is judged by a fold that never saw its task."
        )
    if len(known) < of:
        said.append(f"{of - len(known)} of {of} have no estimate and are left out.")
    return " ".join([*said, f"Model: {', '.join(sorted({each.model.partition('/')[0] for each in known}))}."])


def _sums(known: Sequence[Seen]) -> dict[str, tuple[float, float]]:
    sums: dict[str, tuple[float, float]] = {}
    for each in known:
        y, x = sums.get(each.cluster, (0.0, 0.0))
        sums[each.cluster] = (y + each.y, x + each.x)
    return sums
