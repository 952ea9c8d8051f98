"""Leading the floor: alerts with an owner, help for reps, speaking as a third, cover within a budget, and outages told truthfully."""

from baton.kernel.capability import Card

CARD = Card(
    trend="base",
    title="Leading the floor",
    screen="/live",
    terms=("barge", "whisper", "cover", "overtime", "partner overflow", "outage"),
    metrics=("service_level",),
)
