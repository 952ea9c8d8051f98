"""Measures: every kind of figure that could be told of one rep. Whatever is not agreed does not exist for single reps."""

from typing import Final

from baton.capabilities.governance.events import ROLES_SEE_REPS

MEASURES: Final = {
    "figures": ("Figures by rep", "Any metric of the registry grouped by or filtered to one rep: pages, API, CSV, baton metrics --by rep."),
    "ai_use": ("Use of AI drafts by rep", "How often a rep took, changed or replaced drafts of the AI: Performance, AI use, API, CSV."),
    "adherence": ("Adherence by rep", "Time as planned of one rep. Shown for teams only; nothing reads it for a single rep."),
    "ramp": ("Ramp time by rep", "How soon a new rep works like a tenured one. Shown for teams and bands only."),
    "pay": ("Pay by rep", "Shown for bands of teams only."),
    "quality": ("Quality scores by rep", "Scores of a rep's conversations."),
    "coaching": ("Coaching by rep", "Plans of a rep, and whether they helped."),
}  # fmt: skip
ROLES: Final = tuple((role, role.replace("_", " ").capitalize()) for role in sorted(ROLES_SEE_REPS))
"""Roles an agreement may name: it never gives more than permissions do."""
