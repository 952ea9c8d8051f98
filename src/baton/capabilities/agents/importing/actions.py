"""Lists of actions: what has to be done for each intent, in order, as ABCD (arXiv 2104.00783) writes its knowledge base down.

Each action is a tool. What an action has to be given is asked before it, where a list of it is there (`ontology.json` beside it).
"""

from collections.abc import Iterator, Mapping, Sequence

from baton.capabilities.agents.events import Procedure, Slot, Step
from baton.capabilities.agents.importing.drafting import Draft, confirming, label, risk_of, slot_of, words

Needs = Mapping[str, Sequence[str]]


def draft_of_actions(intent: str, actions: Sequence[str], needs: Needs, source: str) -> Draft:
    """An intent and its actions as a draft."""
    slots: dict[str, Slot] = {}
    steps = [step for action in _each_once(actions) for step in _steps(action, needs.get(action, ()), slots)]
    last = Step("done", "tell", say="Done. Is there anything else that I can do for you?", ends="done")
    made = Procedure(
        label(intent), words(intent).capitalize(), (label(intent),), (*confirming(steps), last), slots=tuple(slots.values())
    )  # fmt: skip
    return Draft(made, source, tuple(_notes(actions, needs)))


def needs_in(ontology: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """What each action has to be given, from an ontology (`actions`: kinds of action, each with its actions and their slots)."""
    kinds = ontology.get("actions")
    found: dict[str, tuple[str, ...]] = {}
    for actions in kinds.values() if isinstance(kinds, dict) else ():
        for action, slots in actions.items() if isinstance(actions, dict) else ():
            found[str(action)] = tuple(str(slot) for slot in slots) if isinstance(slots, list) else ()
    return found


def _each_once(actions: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(actions))


def _steps(action: str, needs: Sequence[str], slots: dict[str, Slot]) -> Iterator[Step]:
    for need in needs:
        name = label(need.removesuffix("_slotval"))
        if name not in slots:
            slots[name] = slot_of(name, f"What is the {words(name)}?")
            yield Step(f"ask_{name}", "ask", slot=name)
    tool = label(action)
    args = {label(need.removesuffix("_slotval")): f"{{{label(need.removesuffix('_slotval'))}}}" for need in needs}
    yield Step(tool, "tool", tool=tool, args=args, risk=risk_of(action), save=tool)


def _notes(actions: Sequence[str], needs: Needs) -> Iterator[str]:
    for action in _each_once(actions):
        tool = label(action)
        yield f"'{tool}' is a tool: connect it" + (", and add a verify step." if risk_of(action) != "read" else ".")
        if action not in needs:
            yield f"nothing says what '{tool}' has to be given: add slots where it needs some."
    for twice in sorted({action for action in actions if actions.count(action) > 1}):
        yield f"'{label(twice)}' comes more than once: write the second one where it belongs."
