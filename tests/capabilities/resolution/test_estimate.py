"""The estimate beside the evidence: it keeps thin evidence from counting, and never gives a state."""

from pathlib import Path

import pytest

from baton.capabilities.lake.events import Course
from baton.capabilities.resolution.events import Evidence
from baton.capabilities.resolution.judging import judge, judge_alone
from baton.capabilities.resolution.judging.estimate import DOUBT_PERMILLE, estimated
from baton.kernel.conversation import ActionDone, Turn
from baton.kernel.ports import Ending, Met
from baton.kernel.stream import Policies, Stream
from tests.scenes.ledger_room import room
from tests.scenes.recorded import Recorded

pytestmark = pytest.mark.scene

CALM = Course(closed=True, path="agent", contained=True, why="resolved")
OVER = Course(closed=True, path="agent_rep", handed_over=True, reached=True, reason="asked", why="closed_by_rep")
LOW, HIGH = DOUBT_PERMILLE - 1, DOUBT_PERMILLE


@pytest.mark.parametrize(
    ("evidence", "course", "permille", "verdict"),
    [
        (Evidence(record_changed=True), CALM, LOW, "silent"),
        (Evidence(record_changed=True), CALM, HIGH, "met"),
        (Evidence(record_changed=True), CALM, -1, "met"),
        (Evidence(record_changed=True, confirmed=True), CALM, LOW, "silent"),
        (Evidence(refused=True), CALM, LOW, "silent"),
        (Evidence(), OVER, LOW, "silent"),
        (Evidence(), CALM, 999, "silent"),
        (Evidence(denied=True), CALM, 999, "given_up"),
        (Evidence(record_failed=True), CALM, 999, "failed"),
        (Evidence(wrapped_up="yes"), OVER, LOW, "met"),
    ],
)
def test_doubt_takes_away_and_never_gives(evidence: Evidence, course: Course, permille: int, verdict: str) -> None:
    assert judge_alone(evidence, course, permille)[0] == verdict


def test_a_stated_outcome_is_not_doubted() -> None:
    stated = Evidence(stated="met", stated_by="reward")
    assert judge(stated, CALM, 0) == ("met", ("stated_by_reward",))


class Remembers(Recorded):
    """Keeps what it was asked about."""

    def met(self, ending: Ending) -> Met:
        self.asked = ending
        return Met(700, "remembers")


def talk(*turns: tuple[str, str]) -> Stream:
    stream = Stream("conversation/one", Policies())
    stream.turns = [Turn(role, text, n) for n, (role, text) in enumerate(turns)]  # type: ignore[arg-type]
    return stream


def test_the_model_is_asked_about_what_was_said_and_recorded_and_not_about_what_is_stated() -> None:
    models = Remembers()
    evidence = Evidence(changes=2, failures=1, record_changed=True, stated="met", stated_by="reward", group="airline/3")
    found = estimated(talk(("customer", "Seat?"), ("agent", "Which?"), ("customer", "12A")), evidence, CALM, models)
    assert found == Met(700, "remembers")
    assert models.asked == Ending(("Which?",), ("Seat?", "12A"), 2, 1, False, "airline/3")


def test_reps_are_never_judged_by_it_nor_what_the_customer_left_before_an_answer() -> None:
    models = Remembers()
    assert estimated(talk(("customer", "Hi"), ("agent", "Hi"), ("rep", "I'm Kim")), Evidence(), OVER, models) == Met()
    assert estimated(talk(("customer", "Hi")), Evidence(), CALM, models) == Met()
    assert estimated(talk(("customer", "Hi"), ("agent", "Hi")), Evidence(wrapped_up="yes"), OVER, models) == Met()


async def test_a_live_change_of_the_record_that_the_model_doubts_is_never_confirmed(tmp_path: Path) -> None:
    models = Recorded(met_by={"Your seat is 12A.": Met(150, "m1"), "Your seat is 14C.": Met(900, "m1")})
    async with room(tmp_path, models, ("lake", "resolution", "orchestration", "sentiment")) as here:
        for who, said in (("ana", "Your seat is 12A."), ("bo", "Your seat is 14C.")):
            await here.talked(
                who, who, ("customer", "A window, please"), ("agent", said), why="resolved", then=(ActionDone("seat", f"k{who}", True),)
            )  # fmt: skip
        assert await here.states() == ["unaccounted", "provisional"]
        await here.pass_days(8)
        assert await here.states() == ["unaccounted", "confirmed"], "Time proves nothing where there is no evidence"
        rows = {
            row["conversation"]: (row["estimate"], row["estimate_model"], row["judged"])
            for row in await here.contacts()
        }
        assert rows == {"ana": (150, "m1", "silent"), "bo": (900, "m1", "met")}
