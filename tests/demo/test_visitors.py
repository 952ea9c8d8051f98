"""Scripted customers and reps: they answer what is asked, know when they are helped, and ask for a person when they are not."""

from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest

from baton.demo.halcyon.hearing import hear
from baton.demo.halcyon.needs import Pools
from baton.demo.halcyon.visitors import Said, Visitor, live, newest_code
from baton.demo.people import rep, reps
from baton.demo.stories import Colleague
from baton.demo.world import END_MS, SystemOfRecord, World

pytestmark = pytest.mark.scene
WORLD = World(7)


@pytest.fixture
def record(tmp_path: Path) -> Iterator[SystemOfRecord]:
    opened = SystemOfRecord(tmp_path / "record.db", WORLD, lambda: END_MS)
    yield opened
    opened.close()


def visitors(code_of: Callable[[str], str | None] = lambda _email: None) -> Iterator[Visitor]:
    pools = Pools(WORLD)
    return (Visitor(7, n, pools, END_MS, code_of) for n in range(4000))


def first(wanted: Callable[[Visitor], bool], code_of: Callable[[str], str | None] = lambda _email: None) -> Visitor:
    return next(visitor for visitor in visitors(code_of) if wanted(visitor))


def talk(visitor: Visitor, answer: Callable[[int, str], str], rounds: int = 12) -> list[Said]:
    said: list[Said] = []
    for n in range(rounds):
        move = visitor.next_turn(said)
        if move is not None:
            said.append(Said("customer", move[1]))
        if visitor.done or move is None:
            break
        said.append(Said("agent", answer(n, move[1])))
    return said


def has_left(visitor: Visitor) -> bool:
    return visitor.done


def test_a_password_reset_goes_through_and_the_record_shows_it(record: SystemOfRecord) -> None:
    def code_of(email: str) -> str | None:
        return newest_code([mail.body for mail in record.mailbox(email)])

    visitor = first(
        lambda v: (
            v.need.intent == "password_reset"
            and v.need.persona == "patient"
            and not v.need.gap
            and v.need.language == "en"
        ),
        code_of,
    )
    account = record.account(visitor.need.slots["email"])

    def agent(n: int, heard: str) -> str:
        if n == 0:
            return "This is the AI assistant of Halcyon Air. Which e-mail address is on your account?"
        if n == 1:
            assert heard == account.email
            record.send_code("k1", account.account_id)
            return f"I have sent a code of six digits to {account.email_masked}. What is the code?"
        if n == 2:
            assert record.check_code(account.account_id, heard)["ok"]
            return f"Shall I reset the password of account {account.email_masked} now?"
        record.reset_password("k2", account.account_id)
        return "Done. The record shows that your password was reset. Does it work?"

    talk(visitor, agent)
    assert (visitor.done, visitor.satisfied, visitor.ending) == (True, True, "said_thanks")
    assert record.account(account.email).password_version == account.password_version + 1


def test_whoever_gets_the_wrong_answer_asks_for_a_person_and_a_person_solves_it() -> None:
    visitor = first(lambda v: v.need.persona == "angry" and v.need.gap is None and v.need.language == "en")
    said = talk(
        visitor, lambda _n, _heard: "I am not sure that I understood. Could you say it in other words?", rounds=3
    )
    own_words = " ".join(turn.text.lower() for turn in said if turn.role == "customer")
    assert any(
        word in own_words for word in ("person", "human", "agent", "someone", "somebody", "employee", "operator")
    )
    said.append(Said("agent", "Of course. I pass you to a person and everything goes along."))
    assert visitor.next_turn(said) is None and not has_left(visitor)
    serving = Colleague(rep("mina.okafor"), 7).serve(visitor.need.intent, need=visitor.need, first_name="Kim")
    serving.solves = True
    for _ in range(8):
        spoken = serving.next_turn(said)
        if spoken:
            said.append(Said("rep", spoken[1]))
        move = visitor.next_turn(said)
        if move:
            said.append(Said("customer", move[1]))
        if has_left(visitor):
            break
    assert has_left(visitor) and visitor.satisfied
    assert serving.wrap_up().need_met


def test_a_subject_without_an_article_never_satisfies_however_well_it_is_cited() -> None:
    visitor = first(lambda v: v.need.gap is not None and v.need.persona == "patient")
    talk(visitor, lambda n, _heard: f"It is so, and so ({n}). See article 36, section 1.", rounds=10)
    assert not visitor.satisfied


def test_a_greeting_alone_is_waited_out_and_silence_ends_in_leaving() -> None:
    visitor = first(lambda v: v.need.persona == "confused")
    said = [Said("customer", visitor.next_turn([])[1])]  # type: ignore[index]
    said.append(Said("agent", "You are chatting with an AI. A person is always one tap away."))
    assert visitor.next_turn(said) is None and not has_left(visitor)
    assert visitor.waits_s > 60
    visitor.tired()
    assert has_left(visitor) and visitor.ending == "gave_up" and visitor.next_turn(said) is None


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("Which e-mail address is on your account?", "email"),
        ("I have sent a code of six digits to a***@example.com. What is the code?", "code"),
        ("Shall I reset the password of account a***@example.com now?", "confirm"),
        ("What is your booking code? It has six letters and digits, like QK7M2P.", "booking"),
        ("And the last name on the booking?", "last_name"),
        ("What is the file number of your bag? It starts with HA- and has five digits.", "file"),
        ("Here are the seats of HA 733. Tap one, or write it, like 14C.", "seat"),
        ("Which day would you like to fly?", "date"),
        ("Which flight? The number is like HA 733.", "flight"),
        ("The flight is on time (article 8, section 1).", None),
    ],
)
def test_what_an_agent_asks_is_heard(text: str, asked: str | None) -> None:
    assert hear(text).asked == asked


def test_every_question_of_the_procedures_is_heard_as_a_question() -> None:
    from baton.demo.halcyon.procedure import procedures

    for procedure in procedures():
        for slot in procedure.slot:
            assert hear(slot.ask).asked is not None, (procedure.id, slot.ask)
        for step in procedure.step:
            assert step.do != "confirm" or hear(step.text).asked == "confirm", (procedure.id, step.text)


def test_arrivals_are_the_same_for_the_same_seed_and_faster_with_speed() -> None:
    def gaps(speed: float) -> list[tuple[float, str]]:
        arriving = live(5, WORLD, at_ms=END_MS, per_hour=60, speed=speed, code_of=lambda _email: None)
        return [(after_s, visitor.need.customer.id) for after_s, visitor in islice(arriving, 200)]

    once, again, fast = gaps(1), gaps(1), gaps(10)
    assert once == again
    assert 0.5 < sum(after_s for after_s, _ in once) / (200 * 60) < 1.7, "sixty an hour in the mean of a day"
    assert fast[0][0] == pytest.approx(once[0][0] / 10)


def test_colleagues_take_pass_and_use_suggestions_by_habit() -> None:
    fond, own = Colleague(rep("elif.can"), 7), Colleague(rep("grace.adeyemi"), 7)
    used = [sum(c.on_suggestion("A text.")[0] != "no" for _ in range(200)) for c in (fond, own)]
    assert used[0] > 160
    assert used[1] < 110
    assert fond.on_offer(held=fond.rep.places).act == "pass"
    assert sum(fond.on_offer(held=0).act == "take" for _ in range(100)) > 85
    for person in reps():
        serving = Colleague(person, 1).serve("something new", first_name="Ana")
        greeting = serving.next_turn([])
        assert greeting is not None and "{" not in greeting[1]


def test_the_words_of_a_handover_are_heard_in_three_languages() -> None:
    for text in (
        "I am passing you to a person now. They see what you wrote, so you need not repeat it.",
        "Le paso ahora con una persona. Verá lo que ha escrito.",
        "Ich übergebe Sie jetzt an einen Menschen.",
        "One moment, a person is looking at it.",
    ):
        assert hear(text).person_comes, text
    assert hear(
        "Nobody is online right now. Leave a number for a callback, or write your message here."
    ).offers_callback


def test_ana_is_the_first_to_come_back_and_says_so() -> None:
    arriving = live(7, WORLD, at_ms=END_MS, code_of=lambda _email: None)
    _, ana = next(arriving)
    assert ana.need.customer.name == "Ana Ruiz" and ana.comes_back and ana.need.slots["code"] == "QK7M2P"
    opening = ana.next_turn([])
    assert opening is not None and "{" not in opening[1]
