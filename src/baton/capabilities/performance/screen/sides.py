"""People and AI side by side: as it happened and at equal mix, with what may be concluded."""

import msgspec

from baton.capabilities.performance.registry.ledger import EqualMix
from baton.kernel.stats import Estimate, StratumShare, wilson
from baton.web.asked import in_words


class Kind(msgspec.Struct, frozen=True):
    """A stratum of the comparison: its words, and the dimensions that list its conversations."""

    words: str
    where: dict[str, str]
    share: StratumShare

    @property
    def left(self) -> Estimate:
        """The first side's share with its interval (Wilson 1927)."""
        return wilson(self.share.left.met, self.share.left.n)

    @property
    def right(self) -> Estimate:
        """The other side's."""
        return wilson(self.share.right.met, self.share.right.n)


def comparison_rows(mix: EqualMix) -> list[dict[str, object]]:
    """The rows of the drawing, in permille."""
    c = mix.comparison
    rows = [_compared("As it happened", "unequal work", "raw", c.left_raw, c.right_raw)]
    if c.left is not None and c.right is not None:
        rows.append(_compared("At equal mix", "same intent, complexity, channel", "equal", c.left, c.right))
    return rows


def kinds(mix: EqualMix) -> list[Kind]:
    """The strata compared, heaviest first."""
    found = []
    for share in sorted(mix.comparison.strata, key=lambda s: -s.weight):
        intent, complexity, channel = share.stratum.split(" · ")
        where = {"intent": intent, "complexity": complexity, "channel": channel}
        kept = {k: v for k, v in where.items() if v not in {"unknown", "ungraded"}}
        found.append(Kind(f"{in_words(intent)}, {complexity}, {channel}", kept, share))
    return found


def _compared(label: str, sub: str, kind: str, left: Estimate, right: Estimate) -> dict[str, object]:
    sides = (("agent", "AI", left), ("person", "people", right))
    marks = [
        {
            "who": who,
            "name": name,
            "value": round(e.value * 1000),
            "low": round(e.low * 1000),
            "high": round(e.high * 1000),
        }
        for who, name, e in sides
    ]
    return {"label": label, "sub": sub, "kind": kind, "marks": marks}
