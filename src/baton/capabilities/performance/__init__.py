"""Performance: people and AI side by side, every number with one definition, its rows and an interval."""

from baton.kernel.capability import Card

CARD = Card(
    trend="1",
    title="People and AI performance",
    screen="/performance",
    terms=("metric", "interval", "equal mix", "AHT", "ASA", "service level", "occupancy", "suggestion", "silent rework"),
    metrics=(
        "escalation", "aht", "asa", "service_level", "abandon", "occupancy", "time_to_person", "sentiment_shift",
        "complexity_high", "complexity_medium", "complexity_low", "suggestions_requested", "suggestions_picked",
        "suggestions_edited", "suggestions_own_words", "silent_rework", "offers_passed", "cost_per_resolution",
    ),
)  # fmt: skip
