"""What the page of a replay shows: lines with their methods, decisions that change, what rests on what, and what cannot be known."""

from collections.abc import Iterable
from typing import Any, Final

from baton.capabilities.orchestration.events import Line, ReplayDone
from baton.capabilities.orchestration.replaying.asking import Answer, moved_since
from baton.capabilities.orchestration.replaying.comparing import TITLES, reproduced
from baton.capabilities.routing.events import Routing
from baton.web.app import App
from baton.web.formats import points
from baton.web.staff import Staff

METHODS: Final = {
    "simulated": "Simulated: the queue's twin ran the period as it was and with the change, with the same customers in both.",
    "counted": "Counted from the log, so without chance.",
    "weighted": "Weighted: offers that were left to chance, weighed by how likely the change makes them (doubly robust, weights clipped).",
}
"""How a line is known."""
MEANINGS: Final = {
    "service_level": "Answered within their queue's target, of all who met open hours and could not wait (calls and chats).",
    "abandoned": "Left before anybody answered, of the same.", "mean_wait": "Mean time until answered or gone, of the same.",
    "occupancy": "Time with contacts over time at work, in shares of what a rep can hold.",
    "kept_by_ai": "Served by AI to their end, of everybody who came. Kept is not resolved.",
    "hard_gini": "Gini coefficient of each rep's share of hard contacts: 0 is all alike.",
    "met_closed": "Calls and chats that came while their queue was closed. They are not simulated: they get a callback or leave a message.",
    "offers_taken": "Offers that the rep took, of those between near-ties.",
}  # fmt: skip
HALF_A_POINT: Final = 5
COLUMNS: Final = (
    "figure", "queue", "unit", "method", "happened", "before", "before_low", "before_high", "after", "after_low", "after_high", "difference",
    "difference_low", "difference_high", "n",
)  # fmt: skip
UNKNOWABLE: Final = (
    "What a customer would have answered to other words. From the first changed sentence on a conversation is counterfactual: try it on a canary with a permanent holdout.",
    "Whether more or fewer customers would have come, or come back.",
    "Whether what AI takes over would be resolved. The share it keeps is the one observed of customers it was given.",
)
"""What no replay can know."""


def answer_page(app: App, staff: Staff, answer: Answer) -> dict[str, Any]:
    """The context of one replay's page."""
    done, may = answer.done, app.may(staff, "change", "planning")
    queues = {queue.id: queue.title or queue.id for queue in app.policy(Routing).queues}
    told: dict[str, Any] = {
        "kept": answer.kept, "asked": answer.asked, "done": done, "names": {s.id: s.name for s in app.accounts.everyone()},
        "zone": app.organisation.zone, "queues": queues, "unknowable": UNKNOWABLE, "methods": METHODS, "meanings": MEANINGS, "may_live": may,
        "may_see": app.may(staff, "open", "conversations"), "may_export": app.may(staff, "export", "planning"),
    }  # fmt: skip
    if done is not None:
        all_of = [line for line in done.lines if not line.queue]
        told |= {
            "all_of": all_of, "by_queue": [line for line in done.lines if line.queue], "titles": {name: title for name, (title, _) in TITLES.items()},
            "reproduced": reproduced(done.lines), "moved": moved_since(app, done), "decides": list(decisions_of(done, queues)),
        }  # fmt: skip
    return told


def rows_of(done: ReplayDone | None) -> list[dict[str, object]]:
    """A row for each figure, with its intervals, its unit and its method."""
    return [
        {
            "figure": line.name, "queue": line.queue, "unit": line.unit, "method": line.method, "happened": line.happened,
            **{
                f"{side}{edge}": getattr(figure, edge.strip("_") or "value")
                for side, figure in (("before", line.before), ("after", line.after), ("difference", line.difference))
                for edge in ("", "_low", "_high")
            },
            "n": line.before.n,
        }
        for line in (done.lines if done else ())
    ]  # fmt: skip


def decisions_of(done: ReplayDone, queues: dict[str, str]) -> Iterable[tuple[str, str]]:
    """What speaks `for` and `against` putting it live, beyond chance and half a point, and what to do `first`."""
    for line in done.lines:
        beyond_chance = line.difference.low > 0 or line.difference.high < 0
        if line.name == "service_level" and beyond_chance and abs(line.difference.value) >= HALF_A_POINT:
            where = queues.get(line.queue, line.queue) if line.queue else "All queues together"
            yield ("for" if line.difference.low > 0 else "against"), f"{where}: {_in_points(line)}."
    if done.redecided.changed.value:
        share = done.redecided.changed.value / 10
        yield "first", f"Read the conversations below: {share:.1f} % of them would go another way."
    if not done.bodies:
        yield (
            "first",
            "No policy is changed: staffing, breathers and AI share are decided in planning and on the agents' page.",
        )


def _in_points(line: Line) -> str:
    told = line.difference
    return f"{points(told.value)} points answered within target ({points(told.low)} to {points(told.high)})"
