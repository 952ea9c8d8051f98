"""The conversation lake: history from anywhere in, strict vCons out, and one row per conversation to ask about."""

from baton.kernel.capability import Card

CARD = Card(
    trend="U",
    title="The conversation lake",
    screen="/conversations",
    terms=("conversation", "turn", "segment", "vCon", "import", "pseudonym"),
)
