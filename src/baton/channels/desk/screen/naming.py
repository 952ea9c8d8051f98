"""Naming: what a rep calls the customer, the agents and the queues. A name is only what the customer or a record gave."""

from collections.abc import Iterator

from baton.capabilities.agents.events import Agents, Gave, Underway
from baton.capabilities.routing.events import Queue, Routing
from baton.channels.desk.screen.timeline import Names
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.staff import Staff

NAMED = ("full_name", "name", "customer_name", "first_name")
FAMILY = "last_name"


def names_of(app: App, staff: Staff, stream: Stream | None) -> Names:
    """Everyone who may be named on this desk."""
    return Names(
        customer=customer_of(stream) if stream is not None else "Customer", me=staff.id,
        reps={p.rep: p.name for p in app.board.posts.values()} | {staff.id: staff.name},
        agents={a.id: a.name for a in app.policy(Agents).agents}, queues={q.id: q.title for q in queues(app)},
        assistant=app.organisation.assistant,
    )  # fmt: skip


def queues(app: App) -> tuple[Queue, ...]:
    """The queues in force."""
    return app.policy(Routing).queues


def customer_of(stream: Stream) -> str:
    """The customer's name as a record or they themselves gave it; else a label that is the same in each of their contacts."""
    found = next(_found_names(stream), "")
    if found:
        return found
    customer = stream.started.customer if stream.started else ""
    return f"Customer {customer[:4].upper()}" if customer else "Anonymous customer"


def _found_names(stream: Stream) -> Iterator[str]:
    family = given(stream).get(FAMILY, "")
    for each in stream.facts.all(Gave):
        if isinstance(each.found, dict):
            yield from (str(each.found[field]) for field in NAMED if each.found.get(field))
            family = family or str(each.found.get(FAMILY, ""))
    if family[:1].isupper() and len(family) > 1:  # what was read from a sentence may be no name at all
        yield f"Customer {family}"


def given(stream: Stream) -> dict[str, str]:
    """What the customer gave to the procedure under way: by slot, in their own words."""
    underway = stream.facts.get(Underway)
    if underway is None:
        return {}
    said = {t.position: t.text for t in stream.turns if t.n == 0}
    cut = {name: said.get(at, "")[start:end] for name, (at, start, end) in underway.slots.items()}
    return {name: text for name, text in cut.items() if text}
