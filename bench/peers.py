"""The model of `baton bench simulate` in SimPy and in Ciw: three skills, reps with one of them or all, FIFO by skill, patience.

SimPy with its own store of free reps and one process a contact, as in its manual; Ciw with a node that looks at skills where its own looks at
any server, and does less than its own. Each returns (contacts, share abandoned).
"""

import random
from collections.abc import Generator
from importlib import import_module
from typing import Any, NamedTuple


class Model(NamedTuple):
    """Rates are contacts a second by class; groups are (skills, reps); all durations exponential."""

    rates: tuple[float, ...]
    handle_s: float
    patience_s: float
    groups: tuple[tuple[tuple[int, ...], int], ...]
    hours: float


def with_simpy(model: Model, seed: int) -> tuple[int, float]:
    """One run in SimPy: the store holds free reps, longest idle first; who asks takes the first with the skill, in order of asking."""
    import simpy

    env, chance = simpy.Environment(), random.Random(seed)
    free = simpy.FilterStore(env)
    free.items = [skills for skills, count in model.groups for _ in range(count)]
    told = [0, 0]
    for kind, rate in enumerate(model.rates):
        env.process(_source(env, free, model, chance, told, kind, rate))
    env.run(until=model.hours * 3600)
    return told[0], told[1] / told[0]


def _source(
    env: Any, free: Any, model: Model, chance: random.Random, told: list[int], kind: int, rate: float
) -> Generator[Any, Any, None]:
    while True:
        yield env.timeout(chance.expovariate(rate))
        told[0] += 1
        env.process(_contact(env, free, model, chance, told, kind))


def _contact(
    env: Any, free: Any, model: Model, chance: random.Random, told: list[int], kind: int
) -> Generator[Any, Any, None]:
    """A contact is served, or leaves when its patience ends."""
    asked = free.get(lambda skills: kind in skills)
    yield asked | env.timeout(chance.expovariate(1 / model.patience_s))
    if not asked.triggered:
        asked.cancel()
        told[1] += 1
        return
    yield env.timeout(chance.expovariate(1 / model.handle_s))
    free.put(asked.value)


def with_ciw(model: Model, seed: int) -> tuple[int, float]:
    """One run in Ciw."""
    ciw: Any = import_module("ciw")
    ciw.seed(seed)
    names = [str(kind) for kind in range(len(model.rates))]
    network = ciw.create_network(
        arrival_distributions={n: [ciw.dists.Exponential(rate)] for n, rate in zip(names, model.rates, strict=True)},
        service_distributions={n: [ciw.dists.Exponential(1 / model.handle_s)] for n in names},
        reneging_time_distributions={n: [ciw.dists.Exponential(1 / model.patience_s)] for n in names},
        number_of_servers=[sum(count for _, count in model.groups)],
    )
    run = ciw.Simulation(network, node_class=_skilled_node(ciw, model))
    run.simulate_until_max_time(model.hours * 3600)
    records = run.get_all_records()
    left = sum(record.record_type == "renege" for record in records)
    return len(records), left / len(records)


def _skilled_node(ciw: Any, model: Model) -> type:
    """A node whose servers take only classes of their skills; the longest idle takes who arrives."""
    skills = [set(map(str, able)) for able, count in model.groups for _ in range(count)]

    def accept(node: Any, contact: Any) -> None:
        contact.arrival_date = node.now
        contact.reneging_date = node.get_reneging_date(contact)
        node.decide_class_change(contact)
        free = [s for s in node.servers if not s.busy and contact.customer_class in skills[s.id_number - 1]]
        if free:
            start(node, min(free, key=lambda server: getattr(server, "idle_since", 0.0)), contact)

    def release(node: Any, _contact: Any, server: Any) -> None:
        server.idle_since = node.now
        able = skills[server.id_number - 1]
        for waiting in node.all_individuals:
            if not waiting.server and waiting.customer_class in able:
                start(node, server, waiting)
                return

    def start(node: Any, server: Any, contact: Any) -> None:
        node.attach_server(server, contact)
        contact.service_start_date = node.now
        contact.service_time = node.get_service_time(contact)
        contact.service_end_date = node.now + contact.service_time
        node.number_in_service += 1
        node.reset_class_change(contact)
        server.next_end_service_date = contact.service_end_date

    own = {"begin_service_if_possible_accept": accept, "begin_service_if_possible_release": release}
    return type("SkilledNode", (ciw.Node,), own)
