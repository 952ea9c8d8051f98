"""Bands: how many of a team are in each pay band. Small teams and small bands are not told."""

from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b

from baton.capabilities.ai_use.events import BandCounted, Counted

SMALLEST_TEAM = 8
SMALLEST_BAND = 3


def stream_of(team: str) -> str:
    """The stream a team's counts are on."""
    return f"team/{blake2b(team.encode(), digest_size=8).hexdigest()}"


def changes(before: Counted, now: Counted) -> Iterator[tuple[str, BandCounted]]:
    """What is to be told to which team when a rep is counted another way."""
    for each, change in ((before, -1), (now, 1)):
        if each.team and each.pay_band:
            yield stream_of(each.team), BandCounted(each.team, each.pay_band, change)


def shown(bands: Mapping[str, int]) -> Sequence[tuple[str, int]]:
    """The bands of one team in their order, neighbours joined until each holds `SMALLEST_BAND` people; nothing of a small team."""
    held = [(band, people) for band, people in sorted(bands.items()) if people > 0]
    if sum(people for _, people in held) < SMALLEST_TEAM:
        return ()
    joined: list[tuple[list[str], int]] = []
    for band, people in held:
        if joined and joined[-1][1] < SMALLEST_BAND:
            joined[-1] = ([*joined[-1][0], band], joined[-1][1] + people)
        else:
            joined.append(([band], people))
    if len(joined) > 1 and joined[-1][1] < SMALLEST_BAND:
        names, people = joined.pop()
        joined[-1] = ([*joined[-1][0], *names], joined[-1][1] + people)
    return tuple((names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}", people) for names, people in joined)
