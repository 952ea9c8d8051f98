"""Fitting: who is able to serve a conversation, and how well they match it."""

from collections.abc import Iterable, Sequence

from baton.capabilities.routing.events import Place, Post

USUAL_LEVEL = 3
WANTED = {"low": 2, "medium": 3, "high": 4}
"""The level of a skill, 1 to 5, that suits a conversation of this complexity."""
SHORT, OVER, FOREIGN, LENT = 250, 60, 500, 300
"""What a match loses, in permille: a level too few, a level more than needed, no common language, lent from another queue."""

TENTH = 100


def is_able(post: Post, place: Place, posts: Sequence[Post], skills: Sequence[str] = ()) -> bool:
    """Has the skill, or one of `skills`, and speaks the language, unless nobody at work who is skilled speaks it."""
    asked = skills or (place.skill,)
    if not is_skilled(post, asked):
        return False
    if speaks(post, place.language):
        return True
    return not any(speaks(p, place.language) and is_skilled(p, asked) for p in at_work(posts))


def is_easy(place: Place) -> bool:
    """Whether it suits a rep who is to have an easy one: low complexity, or an approval. What nobody graded is not easy."""
    return place.level == "low" or place.channel == "approval"


def is_skilled(post: Post, skills: Sequence[str]) -> bool:
    """Has one of the skills; an empty one asks for nothing."""
    return any(not skill or skill in post.skills for skill in skills)


def speaks(post: Post, language: str) -> bool:
    """Whether a rep speaks a language; one whose languages nobody noted speaks all."""
    return not language or not post.languages or language in post.languages


def at_work(posts: Iterable[Post]) -> list[Post]:
    """Reps who are at work, free or not, on a break or just away from the desk."""
    return [post for post in posts if post.presence != "offline"]


def fit_permille(post: Post, place: Place) -> int:
    """How well a rep matches a conversation: 1000 less what is missing in level, language and home queue."""
    level = level_of(post, place.skill)
    if level is None:
        return 1000 - LENT - (0 if speaks(post, place.language) else FOREIGN)
    wanted = WANTED.get(place.level, USUAL_LEVEL)
    lost = SHORT * max(0, wanted - level) + OVER * max(0, level - wanted)
    return 1000 - lost - (0 if speaks(post, place.language) else FOREIGN)


def level_of(post: Post, skill: str) -> int | None:
    """The rep's level of a skill; the usual one where none is noted, None where they have not got it."""
    if not skill:
        return USUAL_LEVEL
    if skill not in post.skills:
        return None
    at = post.skills.index(skill)
    return post.levels[at] if at < len(post.levels) else USUAL_LEVEL


def team_of(post: Post) -> str:
    """The reps who may serve the same: a team, by its skills. Effects are known of teams, never of one rep."""
    return "+".join(sorted(post.skills))


def team_hard_permille(posts: Sequence[Post]) -> int:
    """The team's share of hard conversations, in permille."""
    served = sum(p.served for p in posts)
    return 1000 * sum(p.hard for p in posts) // served if served else 0


def hard_share_permille(post: Post, team: int) -> int:
    """How far a rep's share of hard conversations is above the team's, in steps of a tenth (permille).

    It is shrunken towards the team's by ten conversations, and told apart no finer, so that many reps stay alike.
    """
    apart = (1000 * post.hard + 10 * team) // (post.served + 10) - team
    return (apart + TENTH // 2) // TENTH * TENTH
