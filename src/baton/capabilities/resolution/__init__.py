"""The resolution ledger: the state of every need, with its evidence; provisional until the window closes, reversible."""

from baton.kernel.capability import Card

CARD = Card(
    trend="1",
    title="The resolution ledger",
    screen="/performance/ledger",
    terms=("need", "evidence", "state", "window", "containment", "recontact", "reversal", "promise", "drawn need", "identity"),
    metrics=(
        "containment", "verified_resolution", "ledger_confirmed", "ledger_provisional", "ledger_correctly_refused",
        "ledger_given_up", "ledger_reversed", "ledger_failed", "ledger_unaccounted", "ledger_open",
        "ledger_correctly_handed_over", "recontact",
    ),
)  # fmt: skip
