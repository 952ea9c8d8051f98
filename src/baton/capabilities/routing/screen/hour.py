"""The last hour as series: counts at moments two minutes apart, and shares and medians of what began shortly before them."""

from collections.abc import Callable, Iterable, Sequence
from statistics import median

from baton.capabilities.routing.screen.floor import HOUR_MS, MINUTE_MS, Floor, Stretch, Waited

STEP_MS = 2 * MINUTE_MS
BEFORE_MS = 10 * MINUTE_MS
"""A share or median at a moment is of what began in the ten minutes before it."""
Span = tuple[int, int]


def moments(now_ms: int) -> list[int]:
    """Whole two minutes of the last hour, and now: a series changes only when something happened or time moved on."""
    last = now_ms - now_ms % STEP_MS
    return [*range(last - HOUR_MS + STEP_MS, last + 1, STEP_MS), now_ms]


def counts(spans: Sequence[Span], now_ms: int) -> list[float]:
    """How many spans cover each moment."""
    return [float(sum(begin <= at < end for begin, end in spans)) for at in moments(now_ms)]


def shares(seen: Sequence[tuple[int, bool]], now_ms: int) -> list[float]:
    """The share of true ones at each moment, in permille; a moment without any keeps the one before."""
    return _carried(now_ms, lambda at: _share([good for began, good in seen if at - BEFORE_MS < began <= at]))


def medians(seen: Sequence[tuple[int, int]], now_ms: int) -> list[float]:
    """The median at each moment; a moment without any keeps the one before."""
    return _carried(now_ms, lambda at: _median([value for began, value in seen if at - BEFORE_MS < began <= at]))


def waiting(floor: Floor, stretches: Iterable[Stretch]) -> list[Span]:
    """From being offered to people until a person answered or the customer left."""
    still = {p.conversation.partition("/")[2] for p in floor.places if p.state in ("waiting", "offered")}
    return [
        (s.offered_ms, s.answered_ms or s.ended_ms or (floor.now_ms + 1 if s.conversation in still else s.offered_ms))
        for s in stretches
    ]


def with_people(floor: Floor, stretches: Iterable[Stretch]) -> list[Span]:
    """From a person's answer until their stretch ended."""
    still = {talk.key for talk in floor.talks if talk.holder == "rep"}
    return [
        (s.answered_ms, s.ended_ms or (floor.now_ms + 1 if s.conversation in still else s.answered_ms))
        for s in stretches
        if s.answered_ms
    ]


def with_ai(floor: Floor, wanted: Callable[[str | None, str | None], bool]) -> list[Span]:
    """From the beginning of conversations an agent spoke in until people were asked, or it ended; `wanted` asks of intent and channel."""
    offered: dict[str, int] = {}
    for s in floor.stretches:
        offered[s.conversation] = min(s.offered_ms, offered.get(s.conversation, s.offered_ms))
    still = {talk.key for talk in floor.talks if talk.holder == "agent"}
    spans = []
    for each in floor.served:
        if each.agent and wanted(each.intent, each.channel):
            end = each.ended_ms or (floor.now_ms + 1 if each.conversation in still else each.last_ms or each.started_ms)
            spans.append((each.started_ms, min(end, offered.get(each.conversation, end))))
    return spans


def answered(waits: Iterable[Waited]) -> list[tuple[int, int]]:
    """When each answered wait began, and how long it took."""
    return [(w.asked_ms, w.waited_ms) for w in waits if w.waited_ms is not None]


def _carried(now_ms: int, at: Callable[[int], float | None]) -> list[float]:
    found = [at(moment) for moment in moments(now_ms)]
    known = next((value for value in found if value is not None), None)
    if known is None:
        return []
    made = []
    for value in found:
        known = known if value is None else value
        made.append(known)
    return made


def _share(good: Sequence[bool]) -> float | None:
    return round(1000 * sum(good) / len(good), 1) if good else None


def _median(values: Sequence[int]) -> float | None:
    return float(median(values)) if values else None
