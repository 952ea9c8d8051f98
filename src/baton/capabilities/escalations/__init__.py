"""Escalations: from AI to a person, by what led to them; what the AI lacked is a task for its owner."""

from baton.kernel.capability import Card

CARD = Card(
    trend="1",
    title="Escalations and what led to them",
    screen="/escalations",
    terms=(
        "escalation",
        "control limits",
        "over-dispersion",
        "missed escalation",
        "refused escalation",
        "missing field",
    ),
    metrics=("escalation",),
)
