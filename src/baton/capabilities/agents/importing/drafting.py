"""Drafts: a procedure that was made of something else, and what a person still has to finish. It is in force for nobody."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from baton.capabilities.agents.events import Procedure, Risk, Slot, Step
from baton.capabilities.agents.procedures.checking import Problem, problems
from baton.capabilities.agents.procedures.values import PLACE
from baton.capabilities.agents.procedures.writing import written

MARK: Final = "DRAFT, made from {source}. It is not in force. Finish what is listed here, then put it in force."
TOOLS: Final = re.compile(r"\bconnect it\b")
BINDS: Final = re.compile(
    r"\b(?:correct|cancel|refund|book(?!ings?\b)|buy|pay|purchase|order(?!_)|update|change|modify|exchange|return|reset|delete|create|extend|offer|promo|reserve|transfer|compensat|make)",
    re.IGNORECASE,
)
WRITES: Final = re.compile(r"\b(?:notify|send|record|note|enter|write|log|file|report|remind)", re.IGNORECASE)
KINDS: Final = (
    ("email", re.compile(r"e-?mail")), ("date", re.compile(r"\b(?:day|date|dob|birth)\b")), ("last_name", re.compile(r"\b(?:last|family|sur)[ _]?name\b")),
)  # fmt: skip


class Draft(msgspec.Struct, frozen=True):
    """A procedure as it could be read, where it came from, and what is unfinished."""

    procedure: Procedure
    source: str
    notes: tuple[str, ...] = ()

    @property
    def problems(self) -> list[Problem]:
        """What would keep it from being put in force, apart from the notes. Its tools need not be connected yet."""
        return problems(self.procedure)

    @property
    def clean(self) -> bool:
        """Whether nothing is left to do but to connect its tools."""
        return not self.problems and all(TOOLS.search(note) for note in self.notes)

    @property
    def toml(self) -> str:
        """The file, with what is unfinished at its top."""
        return written(self.procedure, (MARK.format(source=self.source), *(f"- {note}" for note in self.notes)))


def label(text: str) -> str:
    """A name for a step, slot or tool: lower case, words joined by underlines."""
    return re.sub(r"[^a-z0-9]+", "_", text.lower()).strip("_")[:60] or "unnamed"


def words(name: str) -> str:
    """A name as words."""
    return re.sub(r"[_\-]+", " ", name).strip()


def slot_of(name: str, ask: str) -> Slot:
    """A slot, its kind guessed from its name."""
    kind = next((kind for kind, like in KINDS if like.search(words(name).lower())), "text")
    return Slot(name, kind, ask)


def risk_of(name: str) -> Risk:
    """How risky a tool sounds. What is unclear is taken to be worse."""
    said = words(name)
    if BINDS.search(said):
        return "costly"
    return "reversible" if WRITES.search(said) else "read"


def confirming(steps: Sequence[Step]) -> list[Step]:
    """The steps with a confirmation before each act that needs one and has none of its own."""
    made: list[Step] = []
    for step in steps:
        binds = step.kind == "tool" and step.risk in {"write", "costly", "irreversible"}
        if binds and not (made and made[-1].kind == "confirm"):
            given = ", ".join(f"{words(name)} {value}" for name, value in step.args.items())
            say = f"Shall I {words(step.tool)}{' with ' + given if given else ''}?"
            made.append(Step(f"confirm_{step.id}", "confirm", say=say, otherwise="end"))
        made.append(step)
    return made


def known(text: str, names: Iterable[str], saved: str) -> str:
    """A text whose places are known ones: slots as they are, everything else a field of the last answer."""
    slots = frozenset(names)
    plain = re.sub(r"\{([\w.]+)(?::\w)?\}", r"{\1}", text)
    if saved:
        return PLACE.sub(lambda m: m[0] if m[1] in slots or "." in m[1] else f"{{{saved}.{m[1]}}}", plain)
    return PLACE.sub(lambda m: m[0] if m[1] in slots else "…", plain)
