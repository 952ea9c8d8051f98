"""A queue whose truth is known: its log is replayed, and what a change would do is compared with what it does."""

import pytest

from baton.capabilities.orchestration.events import Line
from baton.capabilities.orchestration.replaying.altering import altered_routing
from baton.capabilities.orchestration.replaying.change import Change, Staffing
from baton.capabilities.orchestration.replaying.comparing import NEAR_PERMILLE, compared, reproduced, seeds_for
from baton.capabilities.orchestration.replaying.traffic import Contact, Duty, Traffic
from baton.capabilities.orchestration.replaying.worlds import paired
from baton.capabilities.routing.assigning.hours import is_open
from baton.capabilities.routing.events import Queue, Routing
from baton.engines.twin import simulate
from baton.kernel.queueing import (
    ABANDONED,
    SERVED,
    ContactClass,
    Exponential,
    Lognormal,
    Policy,
    RepGroup,
    Run,
    World,
    staffed,
)

pytestmark = pytest.mark.unit

MONDAY_MS = 1_767_571_200_000
HOURS = 10
ROUTING = Routing(
    (Queue("refunds", "Refunds", "refunds"), Queue("bags", "Bags", "bags")), match_permille=0, fairness_permille=0
)
CALLS = (
    ContactClass("refunds", "refunds", Lognormal(300, 1.1), Exponential(180), (150.0,) * HOURS),
    ContactClass("bags", "bags", Lognormal(240, 1.0), Exponential(240), (100.0,) * HOURS),
)
GROUPS = (RepGroup("refunds", {"refunds": 1}), RepGroup("both", {"refunds": 1, "bags": 1}))
POLICY = Policy("index", starving_after_s=900)


def world(more: int = 0) -> World:
    """Two queues of calls for ten hours: 10 reps of refunds, and 9 who serve both."""
    reps = staffed("refunds", 10 + more, 0, HOURS * 3600) + staffed("both", 9, 0, HOURS * 3600)
    return World(CALLS, GROUPS, reps, 3600.0)


def logged(run: Run) -> Traffic:
    """What a log would hold of a run: who came, who answered when, who left, and who was at work with which skills."""
    reps = [rep.name for rep in world().reps]
    contacts = tuple(
        Contact(
            CALLS[run.kind[n]].name, "call", "low", MONDAY_MS + round(1000 * run.joined_s[n]),
            MONDAY_MS + round(1000 * run.started_s[n]) if run.state[n] == SERVED else 0,
            MONDAY_MS + round(1000 * run.ended_s[n]), 0, reps[run.rep[n]] if run.state[n] == SERVED else "", run.state[n] == ABANDONED, False,
        )
        for n in range(len(run.kind))
    )  # fmt: skip
    duties = tuple(Duty(rep, MONDAY_MS, MONDAY_MS + HOURS * 3_600_000, True) for rep in reps)
    skills = {rep: frozenset(("refunds",) if rep.startswith("refunds") else ("refunds", "bags")) for rep in reps}
    return Traffic(MONDAY_MS, MONDAY_MS + 24 * 3_600_000, contacts, (), duties, skills)


def service_level(run: Run) -> float:
    return 1000 * float(((run.state == SERVED) & (run.wait_s <= 20)).sum()) / len(run.state)


def replayed(traffic: Traffic, change: Change) -> tuple[Line, ...]:
    to = altered_routing(change, ROUTING, lambda rules: rules)
    pair = paired(traffic, change, ROUTING, to, is_open)
    return compared(pair, traffic, ROUTING, simulate, seeds_for(len(traffic.contacts), 1))


def test_a_known_queue_is_reproduced_and_its_change_foreseen() -> None:
    """Of eight days, what three more reps on refunds do to the service level: foreseen from each day's log, beside what they do."""
    change, apart, missed = Change(staffing=(Staffing("refunds", 3),)), [], []
    days = range(70, 78)
    truth = [
        service_level(b) - service_level(a)
        for a, b in zip(simulate(world(), POLICY, days), simulate(world(3), POLICY, days), strict=True)
    ]
    for day, does in zip(simulate(world(), POLICY, days), truth, strict=True):
        lines = replayed(logged(day), change)
        level = next(line for line in lines if (line.name, line.queue) == ("service_level", ""))
        assert level.happened is not None
        assert level.happened == pytest.approx(service_level(day), abs=1)
        apart.append(level.before.value - level.happened)
        missed.append(level.difference.value - does)
        assert "reproduces the period" in reproduced(lines) or abs(apart[-1]) > NEAR_PERMILLE
    assert max(truth) > 50, "three more reps matter"
    assert abs(sum(apart) / len(apart)) < NEAR_PERMILLE, apart
    assert abs(sum(missed) / len(missed)) < NEAR_PERMILLE, missed
