"""The metrics: each one definition. The text of a formula is what screens, tooltips and documents show."""

from baton.capabilities.performance.registry.definitions.absent import ABSENT
from baton.capabilities.performance.registry.definitions.copilot import COPILOT
from baton.capabilities.performance.registry.definitions.customers import CUSTOMERS
from baton.capabilities.performance.registry.definitions.money import MONEY
from baton.capabilities.performance.registry.definitions.outcomes import OUTCOMES, WINDOWS_DAYS
from baton.capabilities.performance.registry.definitions.person import PERSON
from baton.capabilities.performance.registry.definitions.queues import QUEUES
from baton.capabilities.performance.registry.definitions.returning import RETURNING
from baton.capabilities.performance.registry.definitions.work import WORK
from baton.capabilities.performance.registry.grains import AI_PATHS, JUDGED_MET
from baton.capabilities.performance.registry.metric import Metric

__all__ = ["AI_PATHS", "JUDGED_MET", "METRICS", "TOPICS", "WINDOWS_DAYS"]

TOPICS = (
    ("What came of it", OUTCOMES), ("Whether they came back", RETURNING), ("Reaching a person", PERSON), ("Queues and waits", QUEUES),
    ("Work of reps", WORK), ("What customers say", CUSTOMERS), ("AI suggestions to reps", COPILOT), ("What it costs", MONEY),
    ("Not measured yet", ABSENT),
)  # fmt: skip
METRICS: dict[str, Metric] = {metric.id: metric for _, metrics in TOPICS for metric in metrics}
