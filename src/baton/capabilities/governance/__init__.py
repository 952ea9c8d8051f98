"""Governance: what AI may do, the switch that stops it at once, the gate every act passes, and who looked at what."""

from baton.kernel.capability import Card

CARD = Card(
    trend="U",
    title="Governance",
    screen="/admin",
    terms=("kill switch", "gate", "register", "access log"),
    metrics=("acts_vetoed", "accesses"),
)
