"""AI use: what reps do with AI help, in Baton and in other tools, beside training, time in the job and the work they get."""

from baton.kernel.capability import Card

CARD = Card(
    trend="1",
    title="AI use, training and time to proficiency",
    screen="/ai-use",
    terms=("draft", "funnel", "edit distance", "silent rework", "speed to proficiency", "pay band"),
    metrics=("suggestions_requested", "suggestions_picked", "suggestions_edited", "silent_rework"),
)
