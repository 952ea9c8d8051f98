"""Single: figures of one rep, as far as the agreement with the works council has them."""

from collections.abc import Iterable, Mapping

from baton.capabilities.governance.events import Agreement, Level
from baton.capabilities.performance.registry.definitions import METRICS
from baton.capabilities.performance.registry.definitions.copilot import COPILOT
from baton.kernel.errors import BatonError

AI_USE = frozenset(metric.id for metric in COPILOT)


def measures_of(names: Iterable[str]) -> tuple[str, ...]:
    """The measures that these metrics (all where none is named) are of."""
    return tuple(sorted({"ai_use" if name in AI_USE else "figures" for name in (list(names) or METRICS)}))


def agreed(agreement: Agreement, names: Iterable[str], role: str, now_ms: int, by: Iterable[str]) -> int:
    """From when on (ms) these metrics may be told by these dimensions; raises 403 where they are of single reps and not agreed."""
    if "rep" not in by:
        return 0
    levels = [agreement.level(measure, role, now_ms) for measure in measures_of(names)]
    refused = next((level for level in levels if not level.agreed), None)
    if refused is not None:
        raise BatonError("not_allowed", 403, refused.why)
    return max(level.since_ms for level in levels)


def without_rep(of: Mapping[str, str], level: Level) -> dict[str, str]:
    """A row's dimensions; who it was of only where figures of single reps exist."""
    return dict(of) if level.agreed else {**of, "rep": ""}
