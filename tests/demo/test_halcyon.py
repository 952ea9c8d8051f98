"""Halcyon Air's files say what the demo promises."""

import re
from datetime import date

import pytest

from baton.demo import people
from baton.demo.halcyon import company, library, procedure

pytestmark = pytest.mark.unit
END_OF_HISTORY = date(2026, 11, 21)
TARGETS = ("no", "missing", "refused", "failed")


def test_there_are_forty_articles_with_sections_owner_and_review_date() -> None:
    articles = library.articles()
    assert [article.head.id for article in articles] == list(range(1, 41))
    owners = {rep.id for rep in people.reps()} | {account.email.split("@")[0] for account in people.accounts()}
    for article in articles:
        numbers = [section.number for section in article.sections if section.number]
        assert numbers == list(range(1, len(numbers) + 1)) and len(numbers) >= 2
        assert article.head.owner in owners
        assert article.head.reviewed < article.head.review_by


def test_the_stale_articles_are_exactly_the_planted_ones_past_their_date() -> None:
    planted = {stale.article for stale in company.truths().stale}
    late = {article.head.id for article in library.articles() if article.head.review_by < END_OF_HISTORY}
    assert planted <= late
    assert late - planted == {17}, "17 is late but still true: a date alone does not make an article wrong"


def test_duplicates_exist_and_their_contradictions_can_be_read() -> None:
    for duplicate in company.truths().duplicate:
        first, second = (library.article(number) for number in duplicate.articles)
        assert set(first.head.intents) & set(second.head.intents)
    assert "5 to 10 working days" in library.article(13).markdown
    assert "20 working days" in library.article(14).markdown


def test_no_article_answers_a_planted_gap() -> None:
    words = " ".join(article.markdown.lower() for article in library.articles())
    for missing in (
        "cello",
        "violin",
        "guest travel",
        "more than three hours you may choose",
        "new phone",
        "of the flight you had booked",
    ):
        assert missing not in words
    intents = {gap.intent for gap in company.truths().gap}
    assert len(intents) == len(company.truths().gap) == 6


def test_every_intent_has_one_queue_and_every_queue_has_people() -> None:
    for intent in company.INTENTS:
        assert sum(intent in queue.intents for queue in company.company().queue) == 1
    for queue in company.company().queue:
        assert people.able(queue.id, "en")


def test_one_agent_serves_everywhere_and_each_other_in_queues_that_exist() -> None:
    first, *others = company.company().agent
    assert first.queues == ()
    assert {q for agent in others for q in agent.queues} <= {q.id for q in company.company().queue}
    assert all(agent.queues for agent in others)


def test_queues_close_at_night_and_corporate_on_weekends() -> None:
    sunday_noon_ms, monday_noon_ms, monday_night_ms = 1_763_899_200_000, 1_763_985_600_000, 1_763_949_600_000
    corporate = company.queue_of("corporate_plan")
    assert [company.is_open(corporate, at) for at in (sunday_noon_ms, monday_noon_ms, monday_night_ms)] == [
        False,
        True,
        False,
    ]


def test_there_are_24_reps_and_every_role_can_sign_in() -> None:
    assert len(people.reps()) == 24
    assert set(company.truths().rep) == {rep.id for rep in people.reps()}
    assert {account.role for account in people.accounts()} == {
        "customer", "rep", "supervisor", "analyst", "planner", "knowledge_manager", "admin", "integration",
    }  # fmt: skip
    assert {rep.employer for rep in people.reps()} == set(company.company().employers)


def test_twelve_procedures_go_only_where_there_is_something() -> None:
    assert len(procedure.procedures()) == 12
    tools = {tool.name: tool for tool in procedure.tools()}
    for found in procedure.procedures():
        goes = [getattr(step, name) for step in found.step for name in TARGETS]
        goes += [case.go for step in found.step for case in step.cases] + [what.go for what in found.what_if]
        assert {go for go in goes if go} <= found.targets(), found.id
        for step in found.step:
            assert step.do not in ("tool", "verify") or set(step.args) == set(tools[step.tool].args), (
                found.id,
                step.id,
            )
        assert library.article(found.article).head.state == "published"
        assert set(found.intents) <= set(company.INTENTS)


def test_what_cannot_be_undone_is_confirmed_first_and_verified_after() -> None:
    tools = {tool.name: tool for tool in procedure.tools()}
    for found in procedure.procedures():
        order = [step.do for step in found.step]
        for place, step in enumerate(found.step):
            if step.do == "tool" and tools[step.tool].risk in ("costly", "irreversible"):
                assert "confirm" in order[:place] and "verify" in order[place:], found.id


def test_the_password_reset_asks_checks_sends_confirms_acts_and_verifies() -> None:
    reset = procedure.procedure("password_reset")
    assert [step.id for step in reset.step] == [
        "ask_email", "find", "send", "ask_code", "check", "confirm", "reset", "verify", "done",
    ]  # fmt: skip
    confirm = next(step for step in reset.step if step.do == "confirm")
    assert confirm.text == "Shall I reset the password of account {account.email_masked} now?"


def test_placeholders_name_a_slot_or_something_a_tool_gave() -> None:
    for found in procedure.procedures():
        known = {slot.name for slot in found.slot} | {step.save for step in found.step}
        texts = (
            [step.text for step in found.step]
            + [slot.ask for slot in found.slot]
            + [what.text for what in found.what_if]
        )
        for name in re.findall(r"\{(\w+)", " ".join(texts)):
            assert name in known, (found.id, name)
