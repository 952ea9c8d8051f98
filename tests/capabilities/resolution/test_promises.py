"""Promises: found where somebody binds themselves to a time, and kept or broken by what comes after. Times are worked by hand."""

from datetime import UTC, datetime

import pytest
from msgspec.structs import replace

from baton.capabilities.resolution.events import Contact, Deed, Promise, Promising
from baton.capabilities.resolution.promising import promises
from baton.capabilities.resolution.promising.course import chases, course, with_promises

pytestmark = pytest.mark.unit

WEDNESDAY = int(datetime(2026, 11, 25, 10, 0, tzinfo=UTC).timestamp() * 1000)
POLICY = Promising()


def at(day: int, hour: int = 18, month: int = 11) -> int:
    return int(datetime(2026, month, day, hour, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("text", "deed", "due"),
    [
        ("We'll call you tomorrow.", "call_back", at(26)),
        ("You will get the refund within 5 days.", "money", at(30)),
        ("Your refund will be back on your card within 3 to 5 working days.", "money", at(2, month=12)),
        ("I will write to you by Friday, whatever comes out.", "write", at(27)),
        ("Someone will get back to you in 24 hours.", "write", at(26, 10)),
        ("Your bag will be delivered by the end of the day.", "deliver", at(25)),
        ("I'll have it fixed by 3 December.", "do", at(3, month=12)),
        ("Our team will look into the delivery and call you on Monday.", "call_back", at(30)),
        ("A colleague will email you by November 30th.", "write", at(30)),
        ("Ich rufe Sie am Freitag an.", "call_back", at(27)),
        ("Wir melden uns innerhalb von 2 Werktagen.", "write", at(27)),
        ("Le llamaremos mañana.", "call_back", at(26)),
        ("Nous vous rappelons demain.", "call_back", at(26)),
        ("You hear from me by Tuesday.", "write", at(1, month=12)),
    ],
)
def test_a_promise_is_found_with_its_date(text: str, deed: Deed, due: int) -> None:
    (found,) = promises(f"I have read it all. {text} Thank you.", WEDNESDAY)
    assert (found.deed, found.due_ms) == (deed, due)
    assert f"I have read it all. {text}"[found.start : found.end].strip() == text


@pytest.mark.parametrize(
    "text",
    ["Shall I call you tomorrow?", "If you send the form we will refund within 5 days.", "Refunds take 10 working days.", "I will pass you to a person now.",
     "I can't promise that it will be there on Friday.", "You will need to check in by tomorrow.", "We will not call you tomorrow.", "I'll let you know.",
     "Your refund was sent on Monday.", "I will search for flights on May 6.", "The code arrives within 3 minutes.", "", "😀" * 3000],
)  # fmt: skip
def test_what_binds_nobody_to_a_time_is_no_promise(text: str) -> None:
    assert promises(text, WEDNESDAY) == []


def test_said_again_the_last_date_counts() -> None:
    (found,) = promises("I will call you tomorrow. No, wait: I will call you on Friday.", WEDNESDAY)
    assert found.due_ms == at(27)


def promised(deed: Deed = "write", due: int = 0, **more: object) -> Promise:
    return replace(Promise("a.x", "a", deed, "rep", "kim", WEDNESDAY, due or at(27)), **more)


def contact(name: str, start: int, verdict: str = "silent", channel: str = "chat", path: str = "agent") -> Contact:
    return Contact(name, "refund", channel, start, start + 60_000, path, verdict)


def told(promise: Promise, known: int, *later: Contact) -> tuple[str, str]:
    now = course(promise, later, known, POLICY)
    return now.state, now.evidence


def test_a_promise_that_nobody_mentions_again_is_due_and_then_broken() -> None:
    assert told(promised(), at(27) - 1) == ("open", "")
    assert told(promised(), at(27)) == ("due", "nothing_shows_it_was_kept")
    assert told(promised(), at(30) - 1)[0] == "due"
    assert told(promised(), at(30)) == ("broken", "nobody_says_it_was_kept")
    assert chases(promised(), POLICY) == [at(27), at(28), at(29), at(30)]


def test_money_cannot_be_ticked_off_so_silence_for_a_week_after_it_was_due_keeps_it() -> None:
    money = promised("money")
    assert told(money, at(3, month=12))[0] == "due"
    assert told(money, at(4, month=12)) == ("kept", "nobody_came_back_about_it")
    assert chases(money, POLICY) == [at(27), at(4, month=12)]


def test_who_comes_back_once_it_is_due_shows_that_it_was_broken() -> None:
    assert told(promised(), at(29), contact("b", at(28))) == ("broken", "came_back_after_it_was_due")
    assert told(promised("money"), at(20, month=12), contact("b", at(2, month=12)))[0] == "broken"
    assert told(promised("money"), at(20, month=12), contact("b", at(10, month=12)))[0] == "kept", (
        "a week later it is another need"
    )


def test_a_call_before_it_was_due_keeps_the_promise_to_call_and_a_met_need_makes_any_promise_idle() -> None:
    call = contact("b", at(26), channel="voice", path="rep")
    assert told(promised("call_back"), at(28), call) == ("kept", "spoken_to_before_it_was_due")
    assert told(promised("write"), at(28), call)[0] == "due", "a call is no letter"
    assert told(promised("write"), at(28), replace(call, verdict="met")) == ("withdrawn", "met_before_it_was_due")


def test_who_says_so_is_believed_over_everything_else() -> None:
    said = promised(told="kept", told_by="kim", told_ms=at(27, 12))
    assert told(said, at(30), contact("b", at(28))) == ("kept", "somebody_says_so")


def test_what_a_promise_makes_of_the_conversation_it_was_made_in() -> None:
    made = replace(contact("a", WEDNESDAY, "open"), apart="silent", apart_why=())
    shown = {
        state: (with_promises(made, [promised(state=state, since_ms=at(27), told=said)]).verdict)
        for state, said in (("open", ""), ("due", ""), ("broken", ""), ("kept", "kept"), ("withdrawn", "withdrawn"))
    }
    assert shown == {"open": "open", "due": "open", "broken": "failed", "kept": "met", "withdrawn": "silent"}
    quiet = with_promises(made, [promised("money", state="kept")])
    assert quiet.verdict == "silent", "Silence keeps the promise, and proves no need met"
    stated = replace(made, verdict="met", evidence=("stated_by_outcome",))
    assert with_promises(stated, [promised(state="broken")]) == stated
