"""Individual: "Jack again? About three minutes", someone else, or a callback; what is remembered of a customer, and why it is shown."""

from baton.kernel.capability import Card

CARD = Card(
    trend="11",
    title="Individual",
    screen="/live",
    terms=("wait quote", "named quote", "kept rate", "remembered"),
    metrics=("quote_kept", "quote_error"),
)
