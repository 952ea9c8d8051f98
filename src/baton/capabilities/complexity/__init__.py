"""How hard a conversation is, low, medium or high, and why; never by how long it took."""

from baton.kernel.capability import Card

CARD = Card(
    trend="2",
    title="Complexity",
    screen="/live",
    terms=("complexity", "complexity mix", "override"),
    metrics=("complexity_mix", "complexity_override_rate"),
)
