"""Flow graphs: what leads to what, with the words of each node, as STAR (arXiv 2010.11853) writes a task down.

A node whose words are a question asks for a slot, or for a yes where the graph goes on with yes and no; a node called a query
is a tool; everything else is said. Nodes that nothing leads to are what the customer or the tool answers.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final

import msgspec
from msgspec.structs import replace

from baton.capabilities.agents.events import Procedure, Slot, Step, WhatIf
from baton.capabilities.agents.importing.drafting import Draft, confirming, known, label, slot_of, words

GREETING: Final = "hello"
YES, NO = "yes", "no"
WELL: Final = ("query_success", "available")
BADLY: Final = ("query_failure", "unavailable")
ANSWERS: Final = frozenset({YES, NO, *WELL, *BADLY})
LAST: Final = re.compile(r"anything_else|goodbye|_bye|^bye")
WANTS: Final = re.compile(
    r"\b(?:can i|shall i|may i|do you want me to|would you like me to)\b(?! (?:have|get|ask)\b)", re.IGNORECASE
)
DONE: Final = re.compile(
    r"\b(?:booked|scheduled|rsvp|reported|registered|completed|reserved|reservation|submitted|filed)\b", re.IGNORECASE
)


class Flow(msgspec.Struct, frozen=True):
    """A task: the words of each node, and which follows which."""

    id: str
    says: Mapping[str, str]
    leads: Mapping[str, str]

    @property
    def begun_by(self) -> list[str]:
        """Nodes that nothing leads to, apart from the greeting: what the customer or a tool answers."""
        return [node for node in self.leads if node not in self.leads.values() and node != GREETING]

    def asks(self, node: str) -> bool:
        """Whether a node asks something."""
        return "?" in self.says.get(node, "") or "_ask_" in f"_{node}_" or "criteria" in node or node.startswith("ask_")

    def confirms(self, node: str) -> bool:
        """Whether a node asks for a yes."""
        on = self.leads.get(node, "")
        if on:
            return is_query(on) and bool(WANTS.search(self.says.get(node, "")))
        return YES in self.leads and "?" in self.says.get(node, "")


def is_query(node: str) -> bool:
    """Whether a node asks the system."""
    return node == "query" or (node.startswith("query_") and node not in ANSWERS)


def draft_of_flow(task: str, body: Mapping[str, object], source: str) -> Draft:
    """A task as a draft."""
    replies, graph = body.get("replies"), body.get("graph")
    says = {str(k): str(v) for k, v in replies.items()} if isinstance(replies, dict) else {}
    flow = Flow(label(task), says, {str(k): str(v) for k, v in graph.items()} if isinstance(graph, dict) else {})
    order = list(_order(flow))
    slots = [slot_of(node, flow.says.get(node, "")) for node in order if _kind(flow, node) == "ask"]
    backs: dict[str, WhatIf] = {}
    steps = [_step(flow, node, order, slots, backs) for node in order]
    what_ifs = (*backs.values(), *_said(flow, order))
    made = Procedure(
        flow.id, words(flow.id).capitalize(), (flow.id,), tuple(confirming(_fallen(steps))), slots=tuple(slots), what_ifs=what_ifs,
    )  # fmt: skip
    return Draft(made, source, tuple(_notes(flow, order)))


def _order(flow: Flow) -> Iterator[str]:
    """Nodes from the greeting on, each way to its end before the next; yes and success before no and failure."""
    seen: set[str] = set()
    first = flow.leads.get(GREETING, next(iter(flow.leads), ""))
    said = [
        flow.leads[node]
        for node in flow.begun_by
        if node not in ANSWERS
        and len(flow.says.get(node, "").split()) <= 20
        and not flow.asks(node)
        and not LAST.search(flow.leads[node])
    ]
    waiting = [first, *said]
    while waiting:
        node = waiting.pop(0)
        if not node or node in seen:
            continue
        seen.add(node)
        yield node
        waiting = [*_after(flow, node), *waiting]


def _after(flow: Flow, node: str) -> list[str]:
    if node in flow.leads:
        on = [flow.leads[node]]
    elif is_query(node):
        on = [flow.leads[name] for name in (*WELL, *BADLY) if name in flow.leads and _answers(flow, node, name)]
    else:
        on = [flow.leads[name] for name in (YES, NO) if name in flow.leads and flow.confirms(node)]
    return on


def _answers(flow: Flow, query: str, name: str) -> bool:
    """Whether an answer is of this query: availability of a check, success of the act, where there are both."""
    if "query_check" in flow.says and query != "query" and "available" in flow.leads:
        return (query == "query_check") == name.endswith("available")
    return True


def _kind(flow: Flow, node: str) -> str:
    if is_query(node):
        return "tool"
    if LAST.search(node):
        return "tell"
    if flow.confirms(node):
        return "confirm"
    return "ask" if flow.asks(node) and node in flow.leads else "tell"


def _step(flow: Flow, node: str, order: list[str], slots: list[Slot], backs: dict[str, WhatIf]) -> Step:
    kind, say = _kind(flow, node), flow.says.get(node, "")
    given = [slot.id for slot in slots if order.index(slot.id) < order.index(node)]
    saved = _told_by(flow, node, order)
    if kind == "ask":
        return Step(node, "ask", slot=node, then=_to(flow.leads[node], node, order, backs))
    if kind == "tool":
        return _asked(flow, node, order, given, backs)
    text = known(say, given, saved)
    if kind == "confirm":
        yes = flow.leads.get(node) or flow.leads.get(YES, "")
        no = "" if node in flow.leads else flow.leads.get(NO, "")
        return Step(node, "confirm", say=text, then=_to(yes, node, order, backs), otherwise=_to(no, node, order, backs))
    if LAST.search(node):
        return Step(node, "tell", say=text, ends="done")
    on = "" if node in _bad_news(flow) else flow.leads.get(node, "")
    if on:
        return Step(node, "tell", say=text, then=_to(on, node, order, backs))
    return Step(node, "tell", say=text, ends="refused" if node in _bad_news(flow) else "done")


def _bad_news(flow: Flow) -> set[str]:
    """What is said where the system says no: the need was not met, and it ends there."""
    return {flow.leads[name] for name in BADLY if name in flow.leads and not flow.asks(flow.leads[name])}


def _told_by(flow: Flow, node: str, order: list[str]) -> str:
    """The query whose answer a node may tell: the one that leads to it, else the last before it."""
    before = [other for other in order[: order.index(node)] if is_query(other)]
    leading = [
        q for q in before for name in (*WELL, *BADLY) if flow.leads.get(name) == node and _answers(flow, q, name)
    ]
    return next(iter(leading), before[-1] if before else "")


def _asked(flow: Flow, node: str, order: list[str], given: list[str], backs: dict[str, WhatIf]) -> Step:
    well = flow.leads.get(node) or next(
        (flow.leads[n] for n in WELL if n in flow.leads and _answers(flow, node, n)), ""
    )
    badly = next((flow.leads[n] for n in BADLY if n in flow.leads and _answers(flow, node, n)), "")
    told = flow.says.get(well, "")
    risky = node.endswith("book") or (node == "query" and bool(DONE.search(told)))
    return Step(
        node, "tool", tool=f"{flow.id}_{node}", args={name: f"{{{name}}}" for name in given}, save=node, then=_to(well, node, order, backs),
        risk="costly" if risky else "read", failed=_to(badly, node, order, backs),
    )  # fmt: skip


def _to(target: str, here: str, order: list[str], backs: dict[str, WhatIf]) -> str:
    """Where a step leads; back only through a what-if, which asks again for what did not do."""
    if not target or target not in order or order.index(target) > order.index(here):
        return target if target in order else ""
    if LAST.search(target):
        return target
    back = f"back_to_{target}"
    backs.setdefault(back, WhatIf(back, "", target, times=3))
    return back


def _said(flow: Flow, order: list[str]) -> Iterator[WhatIf]:
    """What the customer may answer that is neither yes nor no."""
    for node in flow.begun_by:
        if (
            node not in ANSWERS
            and flow.leads[node] in order
            and not flow.asks(node)
            and not LAST.search(flow.leads[node])
        ):
            says = [part.strip(" .'\"") for part in re.split(r"[.,]", flow.says.get(node, "")) if part.strip(" .'\"")]
            yield WhatIf(f"said_{node}", "", flow.leads[node], tuple(says[-1:]))


def _fallen(steps: list[Step]) -> list[Step]:
    """Steps that say where they go where the one below is not it."""
    made = []
    for step, below in zip(steps, [*(s.id for s in steps[1:]), ""], strict=True):
        made.append(replace(step, then="") if step.then == below else step)
    return made


def _notes(flow: Flow, order: list[str]) -> Iterator[str]:
    for node in flow.begun_by:
        if node in ANSWERS:
            if flow.leads[node] not in order:
                yield f"{node!r} leads to {flow.leads[node]!r}, and nothing asks for it: write when it comes."
        elif flow.leads[node] in order and not flow.asks(node) and not LAST.search(flow.leads[node]):
            yield f"'said_{node}': write what customers then say."
        else:
            yield f"{node!r} leads to {flow.leads[node]!r}, and nothing leads to it: write where it belongs, or leave it out."
    for node in order:
        if is_query(node):
            yield f"{node!r} calls the tool '{flow.id}_{node}': connect it, and add a verify step where it changes something."
