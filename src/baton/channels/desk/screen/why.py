"""Why you: the grounds an offer was matched on, the strongest first. Nothing in them tells easy from hard."""

from collections.abc import Iterable, Iterator

from baton.capabilities.routing.events import Place, Post
from baton.channels.desk.screen import words
from baton.web.formats import duration_words
from baton.web.staff import Staff


def why_you(
    staff: Staff, post: Post | None, place: Place, title: str, posts: Iterable[Post], now_ms: int
) -> tuple[str, ...]:
    """The grounds in words."""
    found = [*_knows(staff, place), *_skilled(staff, post, place, title), *_speaks(staff, place)]
    if post is not None:
        found += _longest_free(post, place, posts, now_ms)
    return (*found, *_room(post, place))


def _knows(staff: Staff, place: Place) -> Iterator[str]:
    if place.last_rep == staff.id:
        yield "you served this customer last time"


def _skilled(staff: Staff, post: Post | None, place: Place, title: str) -> Iterator[str]:
    skills = post.skills if post is not None else staff.skills
    if not place.skill or place.skill not in skills:
        return
    levels = dict(zip(post.skills, post.levels, strict=False)) if post is not None else {}
    level = levels.get(place.skill, 0)
    yield f"{title} is one of your queues" + (f", level {level} of 5" if level else "")


def _speaks(staff: Staff, place: Place) -> Iterator[str]:
    language = words.language_of(place.language)
    if language and place.language != "en":
        spoken = place.language in staff.languages
        yield f"they write {language}" + (", which you speak" if spoken else ", and nobody at work speaks it")


def _longest_free(post: Post, place: Place, posts: Iterable[Post], now_ms: int) -> Iterator[str]:
    able = [p for p in posts if p.presence == "available" and (not place.skill or place.skill in p.skills)]
    others = [p.idle_since_ms for p in able if p.rep != post.rep and not p.held]
    if others and not post.held and post.idle_since_ms and post.idle_since_ms < min(others):
        yield f"you are free longest, {duration_words(now_ms - post.idle_since_ms)}"


def _room(post: Post | None, place: Place) -> Iterator[str]:
    others = post.held + post.offered - 1 if post is not None else 0
    if place.due_ms:
        yield "it yields to live conversations"
    elif not place.places:
        yield "it takes all your places, and they are free"
    elif others <= 0:
        yield "you have nothing else in hand"
    else:
        yield f"you have room beside {words.plural(others, 'other')}"
