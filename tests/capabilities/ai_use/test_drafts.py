"""What a draft counts as, worked by hand; pay bands of small teams stay untold; files and CloudEvents say what is wrong with them."""

import json
from pathlib import Path

import msgspec
import pytest

from baton.capabilities.ai_use.events import BandCounted, Counted, Employed, Trained
from baton.capabilities.ai_use.outside.cloud import BATCH, ONE, read
from baton.capabilities.ai_use.people import files
from baton.capabilities.ai_use.people.bands import changes, shown, stream_of
from baton.capabilities.ai_use.reading.drafts import NONE, counts_of
from baton.capabilities.ai_use.reading.uses import Use, change, funnel, sizes
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

DAY_MS = 86_400_000


def use(rep: str, conversation: str, *, met: bool | None = True, **counts: int) -> Use:
    return Use(rep, "", "baton", conversation, 0, "", "low", {**NONE, **counts}, met)


def test_a_reply_counts_as_what_became_of_its_draft() -> None:
    assert counts_of("picked", 0) == {"inserted": 1, "sent": 1}
    assert counts_of("edited", 49)["light"] == 1
    assert counts_of("edited", 199) == {
        "inserted": 1,
        "sent": 1,
        "edited": 1,
        "reworked": 0,
        "changed": 199,
        "medium": 1,
    }
    assert (counts_of("edited", 200)["reworked"], counts_of("edited", 200)["heavy"]) == (1, 1)
    assert counts_of("own_words", 700) == {"own_words": 1, "inserted": 1}
    assert counts_of("own_words", 1000) == {"own_words": 1, "inserted": 0}


def test_the_funnel_worked_by_hand() -> None:
    # 10 shown, 6 inserted, 5 sent of which 2 edited (100 and 300 permille: one reworked); 4 conversations known, 3 met
    uses = [
        use("jack", "a", shown=4, inserted=3, sent=3, edited=1, changed=100, medium=1),
        use("jack", "b", met=False, shown=2, inserted=1, sent=1, edited=1, reworked=1, changed=300, heavy=1),
        use("sofia", "c", shown=2, inserted=1, sent=1),
        use("sofia", "d", met=None, shown=2, inserted=1),
    ]
    assert [(s.id, s.n, s.of) for s in funnel(uses)] == [
        ("shown", 10, 0), ("inserted", 6, 10), ("sent", 5, 6), ("edited", 2, 5), ("reworked", 1, 5), ("resolved", 2, 3),
    ]  # fmt: skip
    assert change(uses) is None
    assert sizes(uses) == {"as_it_was": 3, "light": 0, "medium": 1, "heavy": 1, "not_sent": 1}


def test_how_much_was_changed_has_an_interval_over_reps() -> None:
    # By hand: jack changed 3 drafts by 300 permille in all, sofia 2 by 500: (.3 + .5) / 5 = .16. Two reps: Student's 12.706 on one
    # degree of freedom times sqrt(2 (.18^2 + .18^2)) / 5 = .915, so the interval ends at 0 and 1.
    uses = [use("jack", "a", edited=3, changed=300, light=3), use("sofia", "b", edited=2, changed=500, heavy=2)]
    found = change(uses)
    assert found is not None
    assert found.value == pytest.approx(0.16)
    assert (found.low, found.n) == (0.0, 5)
    assert found.high == 1.0


def test_one_reps_share_of_needs_met_rests_on_conversations() -> None:
    met = funnel([use("jack", str(n), met=n < 6, sent=1) for n in range(8)])[-1]
    assert met.share is not None
    assert (met.share.value, met.share.clusters) == (0.75, 8)


def test_bands_of_fewer_than_eight_people_are_not_told_and_small_ones_are_joined() -> None:
    assert shown({"P1": 4, "P2": 3}) == ()
    assert shown({"P1": 1, "P2": 4, "P3": 4}) == (("P1 to P2", 5), ("P3", 4))
    assert shown({"P1": 5, "P2": 3, "P3": 1}) == (("P1", 5), ("P2 to P3", 4))


def test_a_rep_who_moves_is_taken_from_one_team_and_counted_in_the_other() -> None:
    told = list(changes(Counted("Lisbon", "P1"), Counted("Leipzig", "P2")))
    assert told == [
        (stream_of("Lisbon"), BandCounted("Lisbon", "P1", -1)), (stream_of("Leipzig"), BandCounted("Leipzig", "P2", 1)),
    ]  # fmt: skip
    assert list(changes(Counted(), Counted())) == []


def test_rows_of_people_are_read_and_bad_ones_named(tmp_path: Path) -> None:
    path = tmp_path / "hr.csv"
    path.write_text(
        "Email,Site,Hire Date,Pay Grade\nJACK@a.example,Lisbon,1970-01-02,P1\n,Lisbon,1970-01-02,P1\nx,Lisbon,soon,P1\n"
    )
    told = list(files.read("hr", path, {"jack@a.example": "jack"}))
    assert told[1:] == [files.Refused(3, "no rep"), files.Refused(4, "'soon' is no day; write it like 2026-11-01")]
    assert isinstance(told[0], files.Told)
    assert told[0].event == Employed("jack", "Lisbon", DAY_MS, 0, "P1", "hr")


def test_training_hours_are_kept_in_minutes_and_a_missing_column_is_named(tmp_path: Path) -> None:
    path = tmp_path / "lms.csv"
    path.write_text("rep;course;hours;completed\njack;Calm words;1,5;1970-01-03\njack;Calm words;-1;1970-01-03\n")
    first, second = files.read("training", path, {})
    assert first == files.Told(2, Trained("jack", "Calm words", 90, 2 * DAY_MS, "lms"))
    assert second == files.Refused(3, "'-1' is no number of hours from 0 to 400")
    path.write_text("rep,hours\njack,1\n")
    with pytest.raises(BatonError, match="has no column course, completed"):
        list(files.read("training", path, {}))


def event(**changed: object) -> dict[str, object]:
    return {
        "specversion": "1.0", "id": "1", "source": "https://tool.example", "type": "baton.ai-use.sent",
        "time": "1970-01-02T00:00:00Z", "data": {"rep": "jack", "tool": "translator", "changed_permille": 40}, **changed,
    }  # fmt: skip


def test_a_cloudevent_is_read_and_what_is_wrong_is_named_by_place() -> None:
    told, faults = read(ONE, json.dumps(event(time="2026-11-01T10:00:00Z")).encode(), {})
    assert not faults
    assert (told[0].event.rep, told[0].event.action, told[0].event.changed_permille) == ("jack", "sent", 40)
    told, faults = read(
        BATCH, json.dumps([event(time="2026-11-01T10:00:00Z"), event(type="x", data={"rep": "j"})]).encode(), {}
    )
    assert len(told) == 1
    assert {fault.at for fault in faults} == {"/1/type", "/1/time", "/1/data"}


@pytest.mark.parametrize("body", [b"", b"nothing", b"\xff", msgspec.json.encode([1])])
def test_what_is_no_event_is_a_fault_and_never_an_exception(body: bytes) -> None:
    assert read(ONE, body, {})[1]
    assert read(BATCH, body, {})[1]
