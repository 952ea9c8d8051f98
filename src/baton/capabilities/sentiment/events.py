"""What sentiment says: the customer's mood, turn by turn. Never a rep's."""

from baton.kernel.events import Fact


class Mood(Fact, frozen=True, gc=False, omit_defaults=True):
    """The customer's mood after a turn, -1000 to 1000, smoothed over past turns only.

    `turn` is the score of this turn alone, `frustration` 0 to 1000 with what is left of earlier turns', `first` the mood
    after the first turn, `lowest` the lowest so far, `upset_turns` how many of the customer's turns in a row were
    frustrated, `turns` how many there were.
    """

    score: int
    turn: int = 0
    frustration: int = 0
    first: int = 0
    lowest: int = 0
    turns: int = 0
    model: str = ""
    upset_turns: int = 0
