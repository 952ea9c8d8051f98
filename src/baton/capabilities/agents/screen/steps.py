"""Steps as a process owner reads them: who does what, in which words, what is confirmed, and where it leads."""

from collections.abc import Iterator
from typing import Final

import msgspec

from baton.capabilities.agents.events import Case, Procedure, Step
from baton.capabilities.agents.procedures.engine import ASK_APPROVAL, END, GIVE_UP, after
from baton.capabilities.agents.procedures.values import PLACE
from baton.capabilities.agents.procedures.wording import money

DOES: Final = {
    "ask": ("Asks", "agent"), "tool": ("Looks up", "system"), "confirm": ("Asks for a yes", "agent"), "tell": ("Says", "agent"),
    "verify": ("Checks the record", "system"), "branch": ("Chooses", "system"),
}  # fmt: skip
ENDINGS: Final = {END: "the end", GIVE_UP: "a person takes over", ASK_APPROVAL: "a rep approves, the agent carries on"}
RISKS: Final = {
    "write": "changes something",
    "reversible": "can be taken back",
    "costly": "costs something",
    "irreversible": "cannot be taken back",
}


class Way(msgspec.Struct, frozen=True):
    """Where a step may lead: when, to which step or what-if (`anchor`), or to which ending."""

    when: str
    to: str
    anchor: str = ""


class Shown(msgspec.Struct, frozen=True):
    """A step, readable. `risk` is told of acts."""

    id: str
    number: int
    does: str
    who: str
    words: str
    detail: str
    risk: str
    ways: tuple[Way, ...]


def shown(made: Procedure) -> list[Shown]:
    """Every step, in the order of the file."""
    return [_step(made, number, step) for number, step in enumerate(made.steps, 1)]


def _step(made: Procedure, number: int, step: Step) -> Shown:
    does, who = DOES[step.kind]
    acts = step.kind == "tool" and step.risk != "read"
    slot = made.slot(step.slot) if step.kind == "ask" else None
    words = step.say or (slot.ask if slot else "")
    return Shown(
        step.id, number, "Acts" if acts else does, who, words_of(words), _detail(step), RISKS.get(step.risk, "") if acts else "", tuple(_ways(made, step)),
    )  # fmt: skip


def _detail(step: Step) -> str:
    if step.kind == "ask":
        return f"for {step.slot.replace('_', ' ')}"
    if step.kind == "tool":
        given = ", ".join(
            words_of(value) if "{" in value else f"{name.replace('_', ' ')} {value}"
            for name, value in step.args.items()
        )
        return f"{step.tool.replace('_', ' ')}{' with ' + given if given else ''}"
    if step.kind == "verify" and step.expect:
        relation = "is more than" if step.expect.op == "greater" else "is"
        return f"{step.tool.replace('_', ' ')}: {readable(step.expect.field)} {relation} {readable(step.expect.than)}"
    return step.tool.replace("_", " ")


def _ways(made: Procedure, step: Step) -> Iterator[Way]:
    if step.kind == "tell" and step.ends:
        yield Way("", "the end: done" if step.ends == "done" else f"the end: {step.ends}")
        return
    named = [(_case(case), case.go) for case in step.cases]
    named += [("if it is not found", step.missing), ("if it is refused", step.refused), ("if it fails", step.failed)]
    named += [("on a no", step.otherwise or END)] if step.kind == "confirm" else []
    apart = [(when, target) for when, target in named if target]
    yield from (_way(made, when, target) for when, target in apart)
    then, below = after(made, step), made.steps.index(step) + 1
    if below < len(made.steps) and then == made.steps[below].id:
        return
    yield _way(made, "on a yes" if step.kind == "confirm" else "otherwise" if apart else "then", then)


def _case(case: Case) -> str:
    if case.over is None:
        return f"{readable(case.field)} is {case.equals}"
    return f"{readable(case.field)} is over {money(case.over) if case.field.endswith('cents') else case.over}"


def readable(name: str) -> str:
    """A name of a value as words: `quote.cents` is the amount of the quote."""
    saved, dot, field = name.rpartition(".")
    plain = {"cents": "amount"}.get(field, field.replace("_", " "))
    return f"{plain} of {saved.replace('_', ' ')}" if dot else plain


def words_of(text: str) -> str:
    """A text with its places as words."""
    return PLACE.sub(lambda m: f"‹{readable(m[1])}›", text)


def _way(made: Procedure, when: str, target: str) -> Way:
    if target in ENDINGS:
        return Way(when, ENDINGS[target])
    what = made.what_if(target)
    words = f"“{words_of(what.say)}”" if what is not None and what.say else target.replace("_", " ")
    return Way(when, words, f"{'what' if what is not None else 'step'}-{target}")
