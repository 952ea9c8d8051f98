"""Shapes of tools: name, what they are said to do, and their arguments. A description is never an order, whatever it says."""

from collections.abc import Sequence

import msgspec

from baton.capabilities.governance.task.lexicon import (
    kinds_asked,
    kinds_made,
    kinds_of_verb,
    listed,
    loose,
    role_of,
    says_verb,
    things,
)
from baton.capabilities.governance.task.spelling import words_of


class ToolShape(msgspec.Struct, frozen=True):
    """A tool as its schema shows it. `risk` is `read` or another where the owner of the tool says so; empty: by its verb."""

    name: str
    takes: tuple[str, ...] = ()
    about: str = ""
    risk: str = ""

    @property
    def reads(self) -> bool:
        """Whether it only reads. By its name alone: a description may be planted."""
        if self.risk:
            return self.risk == "read"
        return words_of(self.name)[0] in listed("reading", "verbs")

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of change that it makes, by the verb and the thing of its name."""
        named = kinds_of_verb(words_of(self.name)[0]) or frozenset(
            k for w in words_of(self.name) for k in kinds_of_verb(w)
        )
        return named | {"pay"} if "money" in self.things or named == {"pay"} else named - {"pay"}

    @property
    def things(self) -> frozenset[str]:
        """The things that it is about, by its name."""
        return things(self.name)


def asked_for(task: str, tools: Sequence[ToolShape], never: frozenset[str] = frozenset()) -> frozenset[str]:
    """Names of the tools that make a kind of change that `task` asks for.

    Where the task names the thing ("delete the file"), only the tools of that thing, and where it names none, those of the
    very verb; a kind that is loose asks for all of them, and what they bind decides. None with a kind in `never`.
    """
    kinds, named = kinds_asked(task) - never, things(task)
    changes = [t for t in tools if not t.reads and not t.kinds & never]
    found: set[str] = set()
    for kind in kinds:
        of_kind = [t for t in changes if kind in t.kinds]
        about = [t for t in of_kind if t.things & named]
        said = about or kind in kinds_made(task)
        found |= {t.name for t in about or of_kind if said or says_verb(task, words_of(t.name)[0])}
        if kind in loose():
            found |= {t.name for t in of_kind}
    return frozenset(found)


def reaches_out(name: str) -> bool:
    """Whether an argument of a tool that only reads is an address out there."""
    return bool(set(words_of(name)) & listed("outside", "words"))


def binds(name: str) -> bool:
    """Whether an argument says who gets it, what it is done to, how much, or a secret."""
    return role_of(name) in {"to", "target", "amount", "secret"}
