"""A person for whoever needs one: asked for, angry, in distress, or served badly; and the debt where none came."""

from baton.kernel.capability import Card

CARD = Card(
    trend="5",
    title="Empathy",
    screen="/live",
    terms=("person needed", "missed escalation", "empathy debt"),
    metrics=("time_to_person", "clicks_to_person", "missed_escalations", "empathy_debt"),
)
