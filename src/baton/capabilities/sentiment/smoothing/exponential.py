"""Exponential: simple exponential smoothing over the customer's turns so far, in whole numbers.

score(t) = score(t-1) + (turn(t) - score(t-1)) * NEW / 1000, starting at the first turn's own score (Brown 1956;
Hyndman and Athanasopoulos, *Forecasting*, 8.1). Frustration rises at once and fades by a third with each calmer turn:
relief must last before an alarm goes down.
"""

from msgspec.structs import replace

from baton.capabilities.sentiment.events import Mood

NEW = 400
"""Weight of the newest turn, permille."""
KEPT = 667
"""What is left of earlier frustration after a calmer turn, permille."""
UPSET = 500
"""Frustration of a single turn, permille, from which it counts as an upset one."""


def after(before: Mood | None, turn: int, frustration: int, model: str = "") -> Mood:
    """The mood after one more turn that scores `turn` (-1000 to 1000) and `frustration` (0 to 1000)."""
    upset = frustration >= UPSET
    if before is None:
        return Mood(turn, turn, frustration, turn, turn, 1, model, int(upset))
    score = before.score + _share(turn - before.score, NEW)
    return Mood(
        score=score, turn=turn, frustration=max(frustration, before.frustration * KEPT // 1000), first=before.first,
        lowest=min(before.lowest, score), turns=before.turns + 1, model=model,
        upset_turns=before.upset_turns + 1 if upset else 0,
    )  # fmt: skip


def again(mood: Mood, frustration: int) -> Mood:
    """The mood where the same turn is heard a second time, with `frustration`: what was missed counts, nothing is taken back."""
    upset = max(mood.upset_turns, int(frustration >= UPSET))
    return replace(mood, frustration=max(mood.frustration, frustration), upset_turns=upset)


def _share(amount: int, permille: int) -> int:
    """`permille` of `amount`, cut towards zero so that good and bad news weigh the same."""
    part = abs(amount) * permille // 1000
    return part if amount >= 0 else -part
