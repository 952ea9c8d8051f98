"""Queues, skills and waits: who serves next, who holds the baton, and how it changes hands without being dropped."""

from baton.kernel.capability import Card

CARD = Card(
    trend="base",
    title="Routing",
    screen="/live",
    terms=("queue", "place in line", "offer", "handover", "transfer", "escalation", "service level", "presence"),
    metrics=("service_level", "average_speed_of_answer", "abandonment_rate", "offers_passed"),
)
