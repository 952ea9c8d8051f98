"""The list as it is shown: filters, what was asked beyond them, kept views, rows and pages."""

from collections.abc import Mapping, Sequence

import msgspec

from baton.capabilities.lake.screen.selection import SORTS, Chosen
from baton.capabilities.resolution.events import STATES
from baton.web.asked import SIDE_WORDS, Asked, Choices, Option, address, bar, in_words
from baton.web.charts import LOOKS
from baton.web.templating import Link

PATH = "/conversations"
SIZE = 50
SIDES: Sequence[Option] = [("", "People and AI"), *SIDE_WORDS.items()]
FLAG_WORDS: Mapping[str, Mapping[str, str]] = {
    "contained": {"1": "Ended without a person", "0": "Did not end without a person"},
    "gap": {"1": "Ended without a person and not met"},
    "needs": {"1": "One per need, where it was first said"},
    "stated": {"1": "Stated as resolved", "0": "Stated as not resolved", "any": "With a stated outcome"},
    "judged": {"1": "Judged met by Baton alone", "0": "Judged not met by Baton alone"},
    "no_change": {"1": "No change of the record expected"},
    "mood": {"fell": "Mood fell", "low": "Upset at the end"},
    "open": {"1": "Under way"},
    "path": {"agent": "AI to the end", "agent_rep": "AI, then a person", "rep": "A person", "machine": "A machine customer"},
    "suggestions": {
        "requested": "Suggestions requested", "picked": "Suggestions sent as they were", "edited": "Suggestions edited",
        "own_words": "Own words instead", "reworked": "Silently reworked",
    },
}  # fmt: skip


class Shown(msgspec.Struct, frozen=True):
    """A condition beyond the filter bar, in words, and where the list without it is."""

    words: str
    without: str


def filters(chosen: Chosen, choices: Choices) -> list[dict[str, object]]:
    """The filter bar."""
    return bar(chosen.asked, choices, SIDES)


def narrower(chosen: Chosen) -> list[dict[str, object]]:
    """What a list is narrowed and sorted by: outcome, complexity, order."""
    states = [("", "All outcomes"), *((state, LOOKS[state].name) for state in STATES)]
    levels = [("", "All complexity"), *((level, f"Complexity {level}") for level in ("low", "medium", "high"))]
    orders = [(name, words.capitalize()) for name, (_, words) in SORTS.items()]
    more = [("state", "Outcome", states), ("complexity", "Complexity", levels), ("sort", "Order", orders)]
    return [{"name": n, "label": label, "options": o, "value": chosen.more.get(n, "")} for n, label, o in more]


def kept(chosen: Chosen) -> dict[str, str]:
    """What no filter has a field for: it goes along hidden when a filter changes."""
    return {k: v for k, v in chosen.more.items() if k not in {"state", "complexity", "sort"}}


def conditions(chosen: Chosen, rep_names: Mapping[str, str]) -> list[Shown]:
    """What was asked beyond the filter bar, each with the way to drop it."""
    found = []
    for name, value in kept(chosen).items():
        words = FLAG_WORDS.get(name, {}).get(value) or _words(name, value, rep_names)
        if words:
            found.append(Shown(words, address(PATH, chosen.query(**{name: ""}))))
    return found


def views(chosen: Chosen) -> list[Link]:
    """Views worth keeping: each an address, so that it can be kept and sent."""
    told = (
        ("Contained, not met", "the gap", {"took": "ai", "needs": "1", "gap": "1"}),
        ("Came back in 7 days", "after containment", {"contained": "1", "returned": "7", "sort": "soonest"}),
        ("Reversed", "was met, came back", {"needs": "1", "state": "reversed"}),
        ("AI, then a person", "handed over", {"path": "agent_rep"}),
        ("High complexity", "hard work", {"complexity": "high"}),
        ("Mood fell", "worst at the end first", {"mood": "fell", "sort": "mood"}),
        ("Under way", "now", {"open": "1"}),
    )  # fmt: skip
    usual = Chosen(chosen.asked, {}).query(took="")
    return [Link(label, address(PATH, {**usual, **q}), hint, _same(chosen, q)) for label, hint, q in told]


def page_of(query: Mapping[str, str], total: int) -> int:
    """The page asked for, within what there is; 1 is the first."""
    asked = query.get("page", "1")
    return min(max(int(asked) if asked.isdigit() and len(asked) < 7 else 1, 1), max(1, -(-total // SIZE)))


def usual(query: Mapping[str, str]) -> bool:
    """Whether an address names no time: then the newest that there is may be shown."""
    return not any(query.get(name) for name in ("range", "from", "until"))


def everything(asked: Asked) -> Asked:
    """The same without a limit in time."""
    return msgspec.structs.replace(asked, range="all", since="", until="", from_ms=0, until_ms=0)


def _words(name: str, value: str, rep_names: Mapping[str, str]) -> str:
    said = {
        "q": f"With “{value}”", "rep": f"Rep {rep_names.get(value, value)}", "customer": f"Customer {value[:6]}",
        "returned": f"Came back within {value} days",
    }  # fmt: skip
    return said.get(name, in_words(name))


def _same(chosen: Chosen, query: Mapping[str, str]) -> bool:
    now = {**chosen.more, **({"took": chosen.asked.took} if chosen.asked.took else {})}
    return now == dict(query)
