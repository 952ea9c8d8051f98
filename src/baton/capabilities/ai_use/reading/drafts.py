"""Drafts: what became of an AI draft in a rep's hands, as counts that add."""

from typing import Final, Literal

OWN: Final = "baton"
"""The tool that is Baton's own desk."""
REWORKED_PERMILLE: Final = 200
"""Silent rework: from this share of changed text on, a sent draft was materially changed (a fifth of it, by Ratcliff and Obershelp 1988)."""
LIGHT_PERMILLE: Final = 50
NOT_ONE: Final = 1000
"""All of the text differs: no draft was in the reply to begin with."""
COUNTS: Final = (
    "asked", "shown", "inserted", "sent", "edited", "reworked", "own_words", "changed", "light", "medium", "heavy",
)  # fmt: skip
NONE: Final[dict[str, int]] = dict.fromkeys(COUNTS, 0)
How = Literal["picked", "edited", "own_words"]


def counts_of(how: How, changed_permille: int) -> dict[str, int]:
    """What a sent reply adds. Own words of which something still comes from a draft were a draft put in and replaced."""
    if how == "own_words":
        return {"own_words": 1, "inserted": int(0 < changed_permille < NOT_ONE)}
    told = {"inserted": 1, "sent": 1}
    if how == "picked":
        return told
    reworked = changed_permille >= REWORKED_PERMILLE
    size = "heavy" if reworked else "medium" if changed_permille >= LIGHT_PERMILLE else "light"
    return {**told, "edited": 1, "reworked": int(reworked), "changed": changed_permille, size: 1}
