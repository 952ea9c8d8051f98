"""What Halcyon Air's reps work: full time, four days or half days, some of them mornings only. Invented."""

from collections.abc import Iterator

from baton.capabilities.workforce.events import Contract
from baton.demo.people import reps

SOURCE = "halcyon"
OPENS, CLOSES, MORNINGS_UNTIL = 360, 1380, 1020
"""Minutes of the day in Lisbon: from six to eleven in the evening."""


def contracts() -> Iterator[Contract]:
    """One for each rep: of twelve, seven work full time, three four days, two half days; every fourth no later than five."""
    for n, rep in enumerate(reps()):
        week_min, days_on = (1200, 5) if n % 6 == 5 else (1920, 4) if n % 4 == 2 else (2400, 5)
        yield Contract(
            rep.id, week_min, days_on, earliest_min=OPENS, latest_min=MORNINGS_UNTIL if n % 4 == 1 else CLOSES, source=SOURCE
        )  # fmt: skip
