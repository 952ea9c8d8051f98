"""At risk: live conversations that may go wrong, with the reason, the most pressing first. Of customers' moods only, never a rep's."""

import msgspec

from baton.capabilities.routing.events import Place
from baton.capabilities.routing.screen.alerts import LONG_MS, LONG_WORDS
from baton.capabilities.routing.screen.floor import Need, Talk
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.words import signed
from baton.web.asked import in_words

FELL, LOW = 250, -250
SHOWN = 10
UNREACHED_MS = 60_000
NEEDED = {
    "bereavement": (100, "Told of a death"),
    "distress": (95, "In distress"),
    "asked": (90, "Asked for a person"),
    "anger": (70, "Angry"),
    "legal": (65, "Spoke of legal steps"),
    "loop": (45, "Asked the same again and again"),
    "failed_attempts": (40, "Two answers did not help"),
    "no_answer": (40, "No answer was found"),
}
"""Why a person is needed: how pressing, and in words."""
AT_ONCE = {"bereavement", "distress"}


class Risk(msgspec.Struct, frozen=True):
    """A conversation at risk. `holder` is agent, rep or queue; `since_ms` is when the reason began, `urgent` what cannot wait."""

    key: str
    need: str
    holder: str
    who: str
    why: str
    since_ms: int
    rank: int
    channel: str
    rep: str = ""
    name: str = ""

    @property
    def urgent(self) -> bool:
        """Whether somebody should take it now."""
        return self.rank >= 80


class Risks(msgspec.Struct, frozen=True):
    """The most pressing, how many there are in all, and of how many open conversations."""

    shown: tuple[Risk, ...]
    total: int
    of: int


def risks(seen: Seen) -> Risks:
    """The part."""
    places = {p.conversation.partition("/")[2]: p for p in seen.waiting}
    talks = [t for t in seen.talks if t.holder in ("queue", "rep") or t in seen.with_ai]
    needs = seen.needs_of(t.key for t in talks)
    found = [r for t in talks if (r := _risk(t, places.get(t.key), needs.get(t.key), seen)) is not None]
    found.sort(key=lambda r: (-r.rank, r.since_ms, r.key))
    return Risks(tuple(found[:SHOWN]), len(found), len(talks))


def _risk(talk: Talk, place: Place | None, need: Need | None, seen: Seen) -> Risk | None:
    reasons = sorted(
        [*_needed(talk, place, need, seen), *_waits(place, seen), *_felt(talk), *_again(talk, need)], reverse=True
    )
    if not reasons:
        return None
    rank, why, since_ms = reasons[0]
    more = [text for _, text, _ in reasons[1:3]]
    said = ", ".join([why, *(text[:1].lower() + text[1:] for text in more)])
    who = {
        "agent": seen.agent(talk.who or ""),
        "rep": seen.name(talk.who or ""),
        "queue": seen.title(talk.waits_in or ""),
    }
    holder = talk.holder or ""
    return Risk(
        talk.key, in_words(talk.intent or "") or "Not yet clear what is wanted", holder, who.get(holder, ""), said,
        since_ms or talk.since_ms or talk.started_ms or seen.now_ms, rank, talk.channel or "", talk.who or "" if holder == "rep" else "",
    )  # fmt: skip


Reason = tuple[int, str, int]


def _needed(talk: Talk, place: Place | None, need: Need | None, seen: Seen) -> list[Reason]:
    """A person is needed and has not been reached: told of the AI at once, of a queue when it takes long or cannot wait."""
    if need is None or need.reached or need.declined or talk.holder == "rep" or need.reason not in NEEDED:
        return []
    rank, words = NEEDED[need.reason]
    since_ms = need.needed_ms or 0
    if talk.holder == "agent":
        return [(rank, f"{words}, and the AI still has it", since_ms)]
    if need.reason in AT_ONCE or (place is not None and seen.now_ms - place.since_ms > UNREACHED_MS):
        return [(rank if need.reason in AT_ONCE else min(rank, 60), f"{words}, nobody reached yet", since_ms)]
    return []


def _waits(place: Place | None, seen: Seen) -> list[Reason]:
    if place is None or seen.now_ms - place.since_ms <= LONG_MS:
        return []
    return [(85, f"Has waited longer than {LONG_WORDS}", place.since_ms)]


def _felt(talk: Talk) -> list[Reason]:
    if talk.first is None or talk.last is None or talk.last > LOW or talk.last > talk.first - FELL:
        return []
    return [(50 if talk.holder == "rep" else 55, f"Mood fell from {signed(talk.first)} to {signed(talk.last)}", 0)]


def _again(talk: Talk, need: Need | None) -> list[Reason]:
    asked_again = "asked_again" in (talk.reasons or "").split(",")
    if not asked_again or talk.holder == "rep" or (need is not None and need.reason == "loop"):
        return []
    return [(35, "Asked the same twice", 0)]
