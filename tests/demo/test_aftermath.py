"""What came of the invented promises, and what the reviewer answers: kept, late, broken and forgotten, by the truth of the stories."""

from collections import Counter

import pytest

from baton.capabilities.resolution.events import ProbeAnswered, Promised, PromiseSettled
from baton.demo.aftermath import Begun, answered, reviewer, settled
from baton.demo.people import accounts
from baton.demo.stories import Story, history
from baton.demo.world import END_MS

pytestmark = pytest.mark.unit
DAY_MS = 86_400_000


@pytest.fixture(scope="module")
def told() -> list[Story]:
    return list(history(7, 12, end_ms=END_MS))


def given(story: Story) -> list[Promised]:
    due_ms = story.promise.due_ms if story.promise else 0
    return [
        Promised("write", "rep", story.rep, story.started_ms, due_ms),
        Promised("money", "agent", "", story.started_ms, due_ms),
    ]


def test_reps_say_what_came_of_their_own_promises_by_the_truth(told: list[Story]) -> None:
    said = {story.id: settled(story, given(story), END_MS) for story in told}
    due = [s for s in told if s.promise and s.promise.kept is not None and s.rep]
    assert len(due) > 40
    assert all(not said[s.id] for s in told if s not in due), "what is not due is not over"
    for story in due:
        for each in said[story.id]:
            assert isinstance(each.event, PromiseSettled) and story.promise is not None
            assert (each.event.deed, each.event.who) == ("write", story.rep), "an AI's promise is not theirs"
            assert (each.event.state == "kept") == story.promise.kept
            assert story.ended_ms < each.at_ms < END_MS
    how = Counter(
        (
            s.promise.kept,
            "silent" if not said[s.id] else "late" if said[s.id][0].at_ms > s.promise.due_ms else "in time",
        )
        for s in due
        if s.promise
    )
    assert how[True, "in time"] > how[True, "late"] > 0
    assert how[False, "late"] > 0 and how[False, "silent"] > 0


def test_the_reviewer_answers_three_of_five_by_the_truth_and_now_and_then_cannot_tell() -> None:
    found = [answered(f"c{n}", Begun(END_MS - 5 * DAY_MS, n % 2 == 0), END_MS) for n in range(2000)]
    answers = Counter(each.event.met for each in found if each and isinstance(each.event, ProbeAnswered))
    assert 1100 < sum(answers.values()) < 1300
    assert 60 < answers["cannot_tell"] < 140
    right = [each.event.met for each in found[::2] if each and isinstance(each.event, ProbeAnswered)]
    assert "no" not in right
    assert answered("c1", Begun(END_MS, True), END_MS) is None, "nothing is answered after the month"
    assert reviewer() in {account.email.partition("@")[0] for account in accounts() if account.role == "analyst"}
