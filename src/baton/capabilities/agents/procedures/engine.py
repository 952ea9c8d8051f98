"""The engine: where a procedure goes next. Pure: what is known goes in, the procedure's new state comes out.

A procedure rests only where something outside has to happen: it asks or confirms (the customer speaks next), runs or
verifies with a tool (`ActionDone` comes next), waits for an approval, or is over. Branches and words pass by on the way;
the ids of the words are kept in `notes` until they are said.
"""

import re
from typing import Final

import msgspec

from baton.capabilities.agents.events import BINDING, Case, Expect, Procedure, Step, Underway, WhatIf
from baton.capabilities.agents.procedures.pricing import MOST_TIMES, MOVED, quoting, stands
from baton.capabilities.agents.procedures.replies import reply
from baton.capabilities.agents.procedures.slots import STRICT, find
from baton.capabilities.agents.procedures.values import Values, picked, plain, price_of

END, GIVE_UP, ASK_APPROVAL = "end", "give_up", "ask_approval"
HOPS: Final = 40
"""More steps without resting than any procedure has: a circle, which ends at a person."""
UNCLEAR_TIMES: Final = 3
STOPPED, EXPIRED, UNKNOWN, UNAVAILABLE, NOT_APPROVED, NOT_SHOWN = (
    "!stopped",
    "!expired",
    "!unknown",
    "!unavailable",
    "!not_approved",
    "!not_shown",
)
STOPS: Final = re.compile(
    r"^\W*(?:please\s+)?(?:never ?mind|forget (?:it|about it)|stop(?: this| it)?|cancel that|leave it|i changed my mind|abort)\b\W*(?:please|thanks|thank you)?\W*$",
    re.IGNORECASE,
)
WORDS: Final = re.compile(r"[^\W_]+")


def begin(procedure: Procedure, slots: dict[str, tuple[int, int, int]], known: Values) -> Underway:
    """A procedure from its first step, with what the customer has already said."""
    fresh = Underway(procedure=procedure.id, step="", slots=slots)
    return go(procedure, fresh, procedure.steps[0].id, known)


def go(procedure: Procedure, at: Underway, target: str, known: Values) -> Underway:
    """From `at` to wherever the procedure rests next, when it goes to `target` (a step, a what-if or an ending)."""
    for _ in range(HOPS):
        if target in {END, GIVE_UP, ASK_APPROVAL}:
            return _ending(at, target)
        what = procedure.what_if(target)
        if what is not None:
            at, target = _between(procedure, at, what)
            continue
        step = procedure.step(target)
        if step is None:
            break
        if step.kind == "tell":
            at = _noted(at, step.id)
            if step.ends:
                return msgspec.structs.replace(at, step=step.id, done=True, result=step.ends)
            target = after(procedure, step)
        elif step.kind == "branch":
            target = _branch(step, known) or after(procedure, step)
            at = msgspec.structs.replace(at, back=after(procedure, step))
        elif step.kind == "ask" and step.slot in at.slots:
            target = after(procedure, step)
        elif step.kind == "confirm" and not price_of(step.say, known)[1]:
            break
        else:
            return msgspec.structs.replace(at, step=step.id, tries=0, waits=0)
    return _ending(at, GIVE_UP)


def heard(procedure: Procedure, at: Underway, text: str, position: int, known: Values, confirmed: bool) -> Underway:
    """A customer's turn while the procedure asks, confirms or waits. `confirmed`: a valid yes was recorded for it."""
    step = procedure.step(at.step)
    if step is None or step.kind not in {"ask", "confirm"}:
        return msgspec.structs.replace(at, waits=at.waits + 1)
    said = msgspec.structs.replace(at, notes=())
    if STOPS.search(text):
        stopped = STOPPED if procedure.what_if("stopped") is None else "stopped"
        return msgspec.structs.replace(said, done=True, result="stopped", notes=(stopped,))
    if step.kind == "confirm":
        return _answered(procedure, said, step, text, known, confirmed)
    return _given(procedure, said, step, text, position, known)


def returned(
    procedure: Procedure, at: Underway, ok: bool | None, detail: str, known: Values, before: Values | None = None
) -> Underway:
    """A tool answered. Success is told only where the record shows it; an unknown outcome is told as unknown.

    `before` is what was known until then: a price that was looked up again has to be the one that the customer was told.
    """
    step = procedure.step(at.step)
    if step is None or step.kind not in {"tool", "verify"}:
        return at
    if ok is None:
        note = UNKNOWN if step.kind == "verify" or step.risk != "read" else UNAVAILABLE
        return msgspec.structs.replace(_noted(at, note), step=GIVE_UP, result="unknown" if note == UNKNOWN else "")
    if at.priced:
        at, confirm = msgspec.structs.replace(at, priced=""), procedure.step(at.priced)
        if ok and confirm is not None:
            return _priced(procedure, at, step, confirm, stands(confirm, before or known, known), known)
    if ok and step.kind == "verify" and not meets(step.expect, known):
        return go(procedure, at, step.failed or GIVE_UP, known)
    if ok:
        return go(procedure, at, after(procedure, step), known)
    target = {"not_found": step.missing, "refused": step.refused}.get(detail, "") or step.failed
    if not target:
        return msgspec.structs.replace(_noted(at, NOT_SHOWN if detail == "not_shown" else UNAVAILABLE), step=GIVE_UP)
    return go(procedure, at, target, known)


def approved(procedure: Procedure, at: Underway, ok: bool, known: Values) -> Underway:
    """A rep answered the approval that was asked."""
    if at.step != ASK_APPROVAL:
        return at
    if not ok:
        return msgspec.structs.replace(at, step=END, done=True, result="refused", notes=(NOT_APPROVED,))
    visits = {**at.visits, ASK_APPROVAL: 1}
    return go(procedure, msgspec.structs.replace(at, visits=visits, notes=()), at.back, known)


def after(procedure: Procedure, step: Step) -> str:
    """The step that follows: the one it names, or the one below; `end` after the last."""
    if step.then:
        return step.then
    below = procedure.steps.index(step) + 1
    return procedure.steps[below].id if below < len(procedure.steps) else END


def binding_step(procedure: Procedure, confirm: Step) -> Step | None:
    """The act a confirmation is for: the first step after it that changes something and needs a yes."""
    below = procedure.steps.index(confirm) + 1
    return next((s for s in procedure.steps[below:] if s.kind == "tool" and s.risk in BINDING), None)


def confirming_step(procedure: Procedure, act: Step) -> Step | None:
    """The confirmation that stands before an act."""
    above = procedure.steps.index(act)
    return next((s for s in reversed(procedure.steps[:above]) if s.kind == "confirm"), None)


def meets(expect: Expect | None, known: Values) -> bool:
    """Whether the record shows what it should."""
    if expect is None:
        return True
    is_now = known.get(expect.field)
    if is_now is None:
        return False
    if expect.op == "greater":
        than = known.get(expect.than, 0)
        return isinstance(is_now, int) and isinstance(than, int) and is_now > than
    quoted = expect.than.startswith("'")
    than = expect.than.strip("'") if quoted or expect.than in {"true", "false"} else known.get(expect.than, "")
    return plain(is_now).casefold() == plain(than).casefold()


def _given(procedure: Procedure, at: Underway, step: Step, text: str, position: int, known: Values) -> Underway:
    slot = procedure.slot(step.slot)
    span = find(slot, text) if slot else None
    strict = slot is not None and (slot.kind in STRICT or bool(slot.pattern))
    what = None if span and strict else _what_if(procedure, text)
    if what is not None:
        return go(procedure, at, what.id, known)
    if span is None or slot is None or (slot.kind == "choice" and not picked(text[slice(*span)], known)):
        return _tried(at, slot.tries if slot else procedure.give_up_after)
    slots: dict[str, tuple[int, int, int]] = {**at.slots, step.slot: (position, *span)}
    return go(procedure, msgspec.structs.replace(at, slots=slots), after(procedure, step), known)


def _answered(procedure: Procedure, at: Underway, step: Step, text: str, known: Values, confirmed: bool) -> Underway:
    if confirmed:
        again = quoting(procedure, step, known)
        if again is not None:
            return msgspec.structs.replace(at, step=again.id, tries=0, waits=0, priced=step.id)
        return go(procedure, at, after(procedure, step), known)
    answer = reply(text, step.say)
    if answer == "no":
        over = go(procedure, at, step.otherwise or END, known)
        return msgspec.structs.replace(over, result="stopped") if over.done else over
    if answer == "yes":
        return _noted(at, EXPIRED)
    what = _what_if(procedure, text)
    return go(procedure, at, what.id, known) if what else _tried(at, UNCLEAR_TIMES)


def _priced(procedure: Procedure, at: Underway, quote: Step, confirm: Step, same: bool, known: Values) -> Underway:
    """On to the act at the price that was told; else the question again, at what it is now."""
    if same:
        return go(procedure, at, after(procedure, confirm), known)
    times = at.visits.get(MOVED, 0) + 1
    moved = msgspec.structs.replace(_noted(at, MOVED), visits={**at.visits, MOVED: times})
    return go(procedure, moved, after(procedure, quote) if times <= MOST_TIMES else GIVE_UP, known)


def _tried(at: Underway, most: int) -> Underway:
    if at.tries + 1 >= most:
        return _ending(at, GIVE_UP)
    return msgspec.structs.replace(at, tries=at.tries + 1)


def _ending(at: Underway, target: str) -> Underway:
    if target == END:
        return msgspec.structs.replace(at, step=END, done=True, result=at.result or _why_over(at))
    return msgspec.structs.replace(at, step=target, tries=0, waits=0)


def _why_over(at: Underway) -> str:
    return "stopped" if at.notes and at.notes[-1] in {"stopped", STOPPED} else "ended"


def _noted(at: Underway, note: str) -> Underway:
    return msgspec.structs.replace(at, notes=(*at.notes, note))


def _between(procedure: Procedure, at: Underway, what: WhatIf) -> tuple[Underway, str]:
    seen = at.visits.get(what.id, 0) + 1
    if seen > what.times:
        return at, GIVE_UP
    again = _asked_again(procedure, at.step, what.go)
    slots = {name: span for name, span in at.slots.items() if name not in again}
    visits = {**at.visits, what.id: seen}
    return msgspec.structs.replace(_noted(at, what.id), slots=slots, visits=visits), what.go


def _asked_again(procedure: Procedure, here: str, target: str) -> frozenset[str]:
    """The slots between `target` and `here`: going back means that what was given there did not do."""
    order = [step.id for step in procedure.steps]
    if target not in order or here not in order:
        return frozenset()
    return frozenset(s.slot for s in procedure.steps[order.index(target) : order.index(here)] if s.kind == "ask")


def _branch(step: Step, known: Values) -> str:
    return next((case.go for case in step.cases if _holds(case, known)), "")


def _holds(case: Case, known: Values) -> bool:
    value = known.get(case.field)
    if value is None:
        return False
    if case.over is not None:
        return isinstance(value, int) and value > case.over
    return plain(value) == case.equals


def _what_if(procedure: Procedure, text: str) -> WhatIf | None:
    said = set(WORDS.findall(text.lower()))
    return next((w for w in procedure.what_ifs if any(_like(example, said) for example in w.says)), None)


def _like(example: str, said: set[str]) -> bool:
    words = WORDS.findall(example.lower())
    return bool(words) and said.issuperset(words)
