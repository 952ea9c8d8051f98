"""What the customer wants, turn by turn; how choices are weighed and learned; and what a changed policy would have done, by replay."""

from baton.kernel.capability import Card

CARD = Card(
    trend="9",
    title="Orchestration",
    screen="/conversations",
    terms=("intent", "issue", "runner-up", "abstention", "replay", "counterfactual"),
    metrics=(),
)
