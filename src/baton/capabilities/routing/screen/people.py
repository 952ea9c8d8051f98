"""People: who is at work, how many places are in use, since when; and what the team needs. Never one person's load of hard work."""

import msgspec

from baton.capabilities.routing.assigning.fitting import at_work
from baton.capabilities.routing.assigning.room import is_free
from baton.capabilities.routing.events import Post
from baton.capabilities.routing.screen.floor import Offered
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.words import plural
from baton.web.formats import permille

SMALLEST_TEAM = 8
"""What a smaller team needs would point at somebody: it is not told."""
PRESENCE = {"away": "away", "break": "break", "wrap_up": "wrap-up", "offline": "offline"}
CLASSES = ("low", "medium", "high", "approval", "unknown")


class Card(msgspec.Struct, frozen=True):
    """A person at work. `since_ms` is of what `says` tells; `lent_ms` until when they are lent to these queues, else 0."""

    rep: str
    name: str
    queues: str
    used: int
    places: int
    says: str
    since_ms: int
    lent_ms: int = 0


class People(msgspec.Struct, frozen=True):
    """Everyone at work, in the order of their names; the team's need; offers by class, all people together."""

    cards: tuple[Card, ...]
    says: str
    need: str
    offers: tuple[Offered, ...]


def people(seen: Seen) -> People:
    """The part."""
    cards = tuple(_card(post, seen) for post in seen.posts)
    offers = {o.level: o for o in seen.floor.offers}
    return People(cards, _says(seen.posts), _need(seen), tuple(offers[c] for c in CLASSES if c in offers))


def _card(post: Post, seen: Seen) -> Card:
    used = post.held + post.offered
    answered = [p.answered_ms for p in seen.floor.places if p.rep == post.rep and p.state == "held" and p.answered_ms]
    if post.presence != "available":
        says, since_ms = PRESENCE[post.presence], post.since_ms
    elif not used:
        says, since_ms = "free", post.idle_since_ms or post.since_ms
    elif not post.held:
        says, since_ms = "offered one", 0
    else:
        says, since_ms = "full" if used >= post.capacity else "serving", min(answered, default=post.since_ms)
    lent_ms = next((o.until_ms for o in seen.floor.led.loans if o.rep == post.rep and o.until_ms > seen.now_ms), 0)
    queues = [q.title for q in seen.queues.values() if q.skill and q.skill in post.skills]
    return Card(
        post.rep, seen.name(post.rep), ", ".join(queues) or "every queue", used, post.capacity, says, since_ms, lent_ms
    )


def _says(posts: list[Post]) -> str:
    here = at_work(posts)
    told = [f"{len(here)} at work", f"{sum(map(is_free, here))} with room"]
    breaks = sum(p.presence in ("break", "away") for p in here)
    return ", ".join([*told, f"{breaks} on a break or away"] if breaks else told)


def _need(seen: Seen) -> str:
    """Breathers that wait for approval, by team, with what they cost; of teams of eight or more."""
    told = [
        f"{b.team}: {plural(b.waiting, 'breather')}, up to +{permille(b.late_permille)} late each"
        for b in sorted(seen.floor.breathers, key=lambda b: b.team)
        if b.people >= SMALLEST_TEAM
    ]
    return f"Waiting for approval: {'; '.join(told)}." if told else ""
