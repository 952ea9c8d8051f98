"""Wellbeing: the load of hard work a rep has had, and breathers from it; from the work handled, never from how a rep looks, sounds or types."""

from baton.kernel.capability import Card

CARD = Card(
    trend="2",
    title="Wellbeing",
    screen="/wellbeing",
    terms=("work load", "breather", "hard share", "reserve"),
)
