"""The customer's mood, turn by turn, from past turns only; a rep's is never inferred."""

from baton.kernel.capability import Card

CARD = Card(
    trend="1",
    title="Sentiment",
    screen="/performance",
    terms=("mood", "frustration", "lowest mood"),
    metrics=("mood_change", "mood_lowest"),
)
