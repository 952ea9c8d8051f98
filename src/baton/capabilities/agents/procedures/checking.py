"""Checking: what would go wrong in a procedure, found before it is in force. Each problem names the line, the step and what to do."""

import re
from collections.abc import Collection, Iterator
from typing import Final

import msgspec

from baton.capabilities.agents.events import BINDING, Procedure, Step
from baton.capabilities.agents.procedures.engine import binding_step, confirming_step
from baton.capabilities.agents.procedures.graph import ENDINGS, circle, never_reached, unconfirmed
from baton.capabilities.agents.procedures.values import PLACE

HEAD: Final = re.compile(r"^\s*\[\[?\s*(\w+)")
NAME: Final = re.compile(r"""\b(?:id|name)\s*=\s*["']([^"']*)["']""")
FACE: Final = re.compile(r"^(?:undo|dry):")
"""A tool taken back, or tried without a change: `undo:book`, `dry:book`."""
OF_GIVEN: Final = frozenset({"options"})
"""Names a text may hold without a save: a tool that gives one field of its own name."""


class Problem(msgspec.Struct, frozen=True):
    """What is wrong: the line of the file (0 where it has none), the step or slot, and what to do."""

    line: int
    where: str
    text: str

    @property
    def told(self) -> str:
        """`line 12, 'pay': …`."""
        at = [f"line {self.line}"] if self.line else []
        return (
            ", ".join(at + ([repr(self.where)] if self.where else [])) + f": {self.text}"
            if at or self.where
            else self.text
        )


def problems(procedure: Procedure, toml: str = "", tools: Collection[str] = ()) -> list[Problem]:
    """Everything that is wrong with a procedure; `tools` are those that are connected, where that is known."""
    lines = lines_of(toml)
    if not procedure.steps:
        return [Problem(0, "", "it has no steps. Write at least one.")]
    lost = list(_lost(procedure))
    found = [*_twice(procedure), *lost, *_slots(procedure), *_tools(procedure, tools), *_texts(procedure)]
    found += [] if lost else [*_circles(procedure), *_unreached(procedure)]
    found += [] if lost else _confirmations(procedure)
    return sorted((Problem(lines.get(where, 0), where, text) for where, text in found), key=lambda p: p.line)


def lines_of(toml: str) -> dict[str, int]:
    """The line on which each step, slot and what-if begins, by id."""
    found: dict[str, int] = {}
    begun = 1
    for number, line in enumerate(toml.splitlines(), 1):
        begun = number if HEAD.match(line) else begun
        for name in NAME.findall(line):
            found.setdefault(name, begun if HEAD.match(line) or line.lstrip().startswith(("id", "name")) else number)
    return found


def _twice(made: Procedure) -> Iterator[tuple[str, str]]:
    every = [*(s.id for s in made.steps), *(w.id for w in made.what_ifs)]
    for twice in sorted({each for each in every if every.count(each) > 1}):
        yield twice, "two steps or what-ifs have this id. Give each its own."
    for ending in sorted(ENDINGS.intersection(every) - {""}):
        yield ending, f"{ending!r} is an ending and cannot be the name of a step. Rename it."


def _lost(made: Procedure) -> Iterator[tuple[str, str]]:
    places = ENDINGS.union((s.id for s in made.steps), (w.id for w in made.what_ifs))
    for what in made.what_ifs:
        if what.go not in places:
            yield what.id, f"no step and no what-if is named {what.go!r}. Correct where it goes."
    for step in made.steps:
        named = (step.then, step.otherwise, step.missing, step.refused, step.failed, *(case.go for case in step.cases))
        for target in sorted({target for target in named if target not in places}):
            yield step.id, f"no step and no what-if is named {target!r}. Correct where it leads."


def _slots(made: Procedure) -> Iterator[tuple[str, str]]:
    asked = {step.slot for step in made.steps if step.kind == "ask"}
    for slot in made.slots:
        if slot.id not in asked:
            yield slot.id, "this slot is never asked. Add an ask step for it, or remove it."
    for step in made.steps:
        if step.kind == "ask" and made.slot(step.slot) is None:
            yield step.id, f"it asks for {step.slot!r}, which is no slot. Add a [[slot]] of that name."


def _tools(made: Procedure, tools: Collection[str]) -> Iterator[tuple[str, str]]:
    for step in made.steps:
        if step.kind in {"tool", "verify"} and not step.tool:
            yield step.id, "it names no tool. Say which with tool."
        elif step.tool and tools and FACE.sub("", step.tool) not in tools:
            yield step.id, f"there is no tool {step.tool!r}. Correct its name, or connect it in tools.toml."


def _texts(made: Procedure) -> Iterator[tuple[str, str]]:
    slots, saved = {slot.id for slot in made.slots}, {step.save for step in made.steps if step.save}
    said = [(s.id, text) for s in made.steps for text in (s.say, *s.args.values())] + [
        (w.id, w.say) for w in made.what_ifs
    ]
    for where, text in said:
        for match in PLACE.finditer(text):
            name, dot, _ = match[1].partition(".")
            if name not in (saved if dot else slots | OF_GIVEN):
                kind = "no step saves" if dot else "no slot is named"
                yield where, f"it needs {{{match[1]}}}, and {kind} {name!r}. Correct the name, or add it before."


def _circles(made: Procedure) -> Iterator[tuple[str, str]]:
    found = circle(made)
    if found:
        way = " -> ".join(found)
        yield found[0], f"{way} never asks anyone anything new. Lead it back through a what-if, or to end or give_up."


def _unreached(made: Procedure) -> Iterator[tuple[str, str]]:
    for lost in never_reached(made):
        if made.step(lost) is not None:
            yield lost, "nothing leads to this step. Let one lead to it, or remove it."
        else:
            yield lost, "nothing leads to this what-if. Give it says, let a step lead to it, or remove it."


def _confirmations(made: Procedure) -> Iterator[tuple[str, str]]:
    acts = [step for step in made.steps if step.kind == "tool" and step.risk in BINDING]
    bare = {act.id for act in unconfirmed(made, acts)}
    for act in acts:
        confirm = confirming_step(made, act)
        if act.id in bare or confirm is None:
            yield (
                act.id,
                f"{act.tool!r} ({act.risk}) can run before the customer has said yes. Put a confirm step before it, on every way to it.",
            )
        elif (first := _bound(made, confirm)) is not None and first.id != act.id:
            yield (
                act.id,
                f"the yes of {confirm.id!r} is for {first.id!r} alone. Give this act a confirm step of its own.",
            )


def _bound(made: Procedure, confirm: Step) -> Step | None:
    return binding_step(made, confirm)
