"""Agents: AI that answers from knowledge, acts through procedures, asks before it changes anything, and knows when to stop."""

from baton.kernel.capability import Card

CARD = Card(
    trend="U",
    title="AI agents",
    screen="/agents",
    terms=("agent", "procedure", "confirmation", "approval", "disclosure", "version", "canary"),
    metrics=("agent_answers", "procedure_completion", "approvals"),
)
