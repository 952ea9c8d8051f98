"""Workforce: how many contacts come, how many people they need, who works when, and what changes when AI takes more."""

from baton.kernel.capability import Card

CARD = Card(
    trend="base",
    title="Planning",
    screen="/planning",
    terms=("forecast", "shrinkage", "occupancy", "adherence", "shift", "cover", "swap", "attrition"),
    metrics=("offered_contacts",),
)
