"""Knowledge: articles in numbered sections, found for every question, cited in every answer, and where they are missing."""

from baton.kernel.capability import Card

CARD = Card(
    trend="4",
    title="Knowledge",
    screen="/knowledge",
    terms=("article", "section", "citation", "gap"),
    metrics=("knowledge_found_rate", "knowledge_answer_use"),
)
