"""The told month: the same for the same seed, calibrated to what the field reports, and true to what it plants."""

from collections import Counter
from collections.abc import Callable
from statistics import mean

import pytest

from baton.demo.halcyon.company import company, rep_truth, truths
from baton.demo.halcyon.demand import demand, expected, hour_shares
from baton.demo.halcyon.phrases import book
from baton.demo.stories import Story, history
from baton.demo.world import END_MS, World

pytestmark = pytest.mark.unit
SEEDS = (7, 11)
DAY_MS, HOUR_MS = 86_400_000, 3_600_000


@pytest.fixture(scope="module", params=SEEDS)
def told(request: pytest.FixtureRequest) -> list[Story]:
    return list(history(request.param, end_ms=END_MS))


@pytest.fixture(scope="module")
def by_id(told: list[Story]) -> dict[str, Story]:
    return {story.id: story for story in told}


def share(stories: list[Story], of: Callable[[Story], bool]) -> float:
    return sum(of(story) for story in stories) / len(stories)


def by_ai_first(told: list[Story]) -> list[Story]:
    return [story for story in told if story.agent]


def by_reps(told: list[Story]) -> list[Story]:
    return [story for story in told if story.rep]


def test_the_same_seed_tells_the_same_month_and_another_seed_another() -> None:
    once, again = (list(history(3, 4, end_ms=END_MS)) for _ in range(2))
    assert once == again
    assert once != list(history(4, 4, end_ms=END_MS))


def test_the_newest_comes_first_and_all_lie_in_the_month(told: list[Story]) -> None:
    starts = [story.started_ms for story in told]
    assert starts == sorted(starts, reverse=True)
    assert starts[-1] > END_MS - 31 * DAY_MS and starts[0] < END_MS
    assert 4_200 < len(told) < 5_000
    assert len({story.id for story in told}) == len(told)


def test_the_first_stories_are_told_before_the_last_are_written() -> None:
    newest = next(history(7, 2, end_ms=END_MS))
    assert newest.started_ms > END_MS - 2 * HOUR_MS


def test_the_profile_sums_and_mondays_are_busier_than_saturdays(told: list[Story]) -> None:
    assert sum(hour_shares()) == pytest.approx(1)
    assert len(demand().hours) == 24 and len(demand().weekdays) == 7
    first = [story for story in told if story.contact == 1 and not story.truth.incident]
    days = Counter((END_MS - story.started_ms) // DAY_MS for story in first)
    whole = [days[day] for day in range(1, 29)]
    assert mean(whole) == pytest.approx(120, rel=0.05)
    hours = Counter(story.started_ms // HOUR_MS % 24 for story in first)
    assert hours[10] > 3 * hours[4]
    from datetime import UTC, datetime

    week = [expected(datetime(2026, 11, day, tzinfo=UTC), 120) for day in range(16, 23)]
    assert sum(week) == pytest.approx(7 * 120) and week[0] > week[5]


def test_every_return_is_a_later_story_about_the_same_need(told: list[Story], by_id: dict[str, Story]) -> None:
    back = [story for story in told if story.truth.will_come_back]
    assert len(back) > 450
    found = 0
    for story in back:
        if not story.truth.next_story:
            assert story.truth.next_after_h is not None
            assert story.ended_ms + story.truth.next_after_h * HOUR_MS >= END_MS - HOUR_MS / 50
            continue
        later = by_id[story.truth.next_story]
        assert later.need_id == story.need_id and later.contact == story.contact + 1
        assert later.started_ms > story.started_ms and later.channel == story.truth.next_channel
        assert later.customer == story.customer and later.intent == story.intent
        found += 1
    assert found > 0.85 * len(back)


def test_ana_asked_three_times_in_a_week_and_nothing_was_done(told: list[Story]) -> None:
    ana = {World(seed).customers[0].id for seed in SEEDS}
    journey = sorted((story for story in told if story.customer in ana), key=lambda s: s.started_ms)
    assert len({story.need_id for story in journey}) == 1
    assert [(s.channel, s.handled_by) for s in journey] == [
        ("chat", "ai_only"),
        ("messaging", "ai_only"),
        ("voice", "rep_only"),
    ]
    assert not any(s.truth.need_met for s in journey)
    assert journey[-1].promise is not None and journey[-1].truth.will_come_back and not journey[-1].truth.next_story


def test_no_story_follows_unless_one_before_said_so(told: list[Story]) -> None:
    announced = {story.truth.next_story for story in told if story.truth.next_story}
    assert {story.id for story in told if story.contact > 1} == announced


def test_a_contained_chat_comes_back_by_phone_two_days_later(told: list[Story], by_id: dict[str, Story]) -> None:
    pairs = [
        (story, by_id[story.truth.next_story])
        for story in told
        if story.truth.contained and story.truth.will_come_back and story.truth.next_story and story.channel == "chat"
    ]
    called = [(chat, call) for chat, call in pairs if call.channel == "voice"]
    assert len(called) > 30
    assert any(1.5 * DAY_MS < call.started_ms - chat.started_ms < 2.5 * DAY_MS for chat, call in called)


def test_the_ai_contains_about_70_percent_and_settles_about_52(told: list[Story]) -> None:
    first = by_ai_first(told)
    assert share(first, lambda s: s.truth.contained) == pytest.approx(0.70, abs=0.025)
    assert share(first, lambda s: s.truth.contained and s.truth.need_met) == pytest.approx(0.52, abs=0.03)


def test_containment_and_truth_differ_by_intent(told: list[Story]) -> None:
    def gap(intent: str) -> float:
        first = [story for story in by_ai_first(told) if story.intent == intent]
        return share(first, lambda s: s.truth.contained) - share(
            first, lambda s: s.truth.contained and s.truth.need_met
        )

    assert gap("refund_status") > gap("flight_status") + 0.08
    assert all(not story.agent for story in told if story.intent == "bereavement_fare")


def test_people_get_the_harder_work_so_raw_and_equal_figures_disagree(told: list[Story]) -> None:
    ai = [story for story in told if story.truth.contained]
    people = by_reps(told)
    assert share(people, lambda s: s.truth.complexity == "high") > 2 * share(ai, lambda s: s.truth.complexity == "high")
    assert share(people, lambda s: s.truth.need_met) < share(ai, lambda s: s.truth.need_met)
    for complexity in ("medium", "high"):
        there = share([s for s in people if s.truth.complexity == complexity], lambda s: s.truth.need_met)
        here = share([s for s in ai if s.truth.complexity == complexity], lambda s: s.truth.need_met)
        assert there > here


def test_senior_reps_look_slower_and_are_faster_at_equal_work(told: list[Story]) -> None:
    pace = {rep: truth.pace for rep, truth in truths().rep.items()}
    senior = [story for story in by_reps(told) if pace[story.rep] <= 910]
    junior = [story for story in by_reps(told) if pace[story.rep] >= 1070]
    assert mean(s.talk_s for s in senior) > mean(s.talk_s for s in junior)
    for complexity in ("low", "medium", "high"):
        faster = mean(s.talk_s for s in senior if s.truth.complexity == complexity)
        assert faster < mean(s.talk_s for s in junior if s.truth.complexity == complexity)


def test_coaching_changed_what_it_truly_changes_and_nothing_else() -> None:
    for coaching in truths().coaching:
        before, after = rep_truth(coaching.rep, coaching.day + 1), rep_truth(coaching.rep, coaching.day - 1)
        assert after.met - before.met == coaching.met and after.pace == before.pace * coaching.pace // 1000
    assert sum(coaching.met == 0 and coaching.pace == 1000 for coaching in truths().coaching) == 2


def test_a_coached_rep_is_faster_afterwards(told: list[Story]) -> None:
    oskar = [story for story in by_reps(told) if story.rep == "oskar.berg" and story.truth.complexity == "medium"]
    before = mean(s.talk_s for s in oskar if s.started_ms < END_MS - 15 * DAY_MS)
    assert mean(s.talk_s for s in oskar if s.started_ms > END_MS - 15 * DAY_MS) < before


def test_incidents_bring_bursts_of_their_intents(told: list[Story]) -> None:
    for incident in truths().incident:
        caused = [story for story in told if story.truth.incident == incident.id and story.contact == 1]
        assert len(caused) >= 8, incident.id
        assert {story.intent for story in caused} <= set(incident.intents)
        assert all(incident.day - 3 <= (END_MS - story.started_ms) / DAY_MS <= incident.day + 1 for story in caused)


def test_the_ai_fails_on_planted_gaps_and_people_solve_them(told: list[Story]) -> None:
    gaps = [story for story in told if story.truth.gap and story.contact == 1]
    assert {story.truth.gap for story in gaps} == {gap.id for gap in truths().gap}
    assert share([s for s in gaps if s.agent], lambda s: s.truth.contained and s.truth.need_met) < 0.12
    assert share([s for s in by_reps(told) if s.truth.gap], lambda s: s.truth.need_met) > 0.5


def test_turns_are_in_order_and_belong_to_who_was_there(told: list[Story]) -> None:
    for story in told:
        offsets = [turn.offset_s for turn in story.turns]
        assert offsets == sorted(offsets) and story.turns, story.id
        assert story.ended_ms >= story.started_ms + offsets[-1] * 1000
        for turn in story.turns:
            assert turn.text.strip() and "{" not in turn.text and "|" not in turn.text.replace(" | ", ""), turn.text
            wanted = {"rep": story.rep, "agent": story.agent}.get(turn.role, story.customer)
            assert turn.who == wanted != ""
        customer = [turn for turn in story.turns if turn.role in ("customer", "machine")]
        assert len(customer) == len(story.truth.moods)


def test_handovers_have_a_reason_and_the_agent_is_silent_after(told: list[Story]) -> None:
    passed = [story for story in told if story.handover]
    assert len(passed) > 700
    assert len({story.handover.reason for story in passed if story.handover}) >= 7
    for story in passed:
        assert story.handover is not None
        later = [turn for turn in story.turns if turn.offset_s > story.handover.offset_s]
        assert all(turn.role != "agent" for turn in later), story.id
        assert bool(story.rep) or story.abandoned or story.promise is not None


def test_effects_say_what_was_done_and_some_claims_are_false(told: list[Story]) -> None:
    effects = [(story, effect) for story in told for effect in story.effects]
    false = [(story, effect) for story, effect in effects if effect.claimed and not effect.done]
    reversed_ = [(story, effect) for story, effect in effects if effect.done and not story.truth.need_met]
    assert len(false) > 10 and all(not story.truth.need_met for story, _ in false)
    assert len(reversed_) > 10 and all(story.truth.seemed_met for story, _ in reversed_)


def test_promises_have_a_day_and_some_are_broken(told: list[Story]) -> None:
    promises = [story.promise for story in told if story.promise]
    due = [promise for promise in promises if promise.due_ms < END_MS]
    assert all(promise.kept is None for promise in promises if promise.due_ms >= END_MS)
    assert 0.1 < sum(promise.kept is False for promise in due) / len(due) < 0.5


def test_suggestions_are_at_the_reps_turns_and_follow_their_habits(told: list[Story]) -> None:
    used: dict[str, list[bool]] = {}
    for story in by_reps(told):
        for suggestion in story.suggestions:
            assert story.turns[suggestion.turn].role == "rep"
            assert suggestion.own_words != suggestion.picked and (suggestion.shown or not suggestion.picked)
            if suggestion.shown and not story.truth.gap:
                used.setdefault(story.rep, []).append(suggestion.picked)
    shares = {rep: mean(picked) for rep, picked in used.items() if len(picked) > 60}
    assert shares["grace.adeyemi"] < 0.55 < shares["elif.can"]


def test_people_answer_only_when_the_queue_is_open(told: list[Story]) -> None:
    from baton.demo.halcyon.company import is_open

    queues = {queue.id: queue for queue in company().queue}
    for story in by_reps(told):
        assert is_open(queues[story.queue], story.started_ms), story.id


def test_customers_write_in_their_own_words_and_languages(told: list[Story]) -> None:
    openings = [story.turns[0].text for story in told if story.turns[0].role == "customer"]
    assert len(set(openings)) > 0.6 * len(openings)
    languages = Counter(story.language for story in told)
    assert 0.85 < languages["en"] / len(told) < 0.97 and languages["es"] > 60 and languages["de"] > 60
    assert Counter(story.truth.persona for story in told)["machine"] > 100


def test_moods_fall_towards_a_handover_in_anger_and_rise_with_thanks(told: list[Story]) -> None:
    angry = [s for s in told if s.handover and s.handover.reason == "anger" and not s.rep and len(s.truth.moods) > 1]
    thanked = [s for s in told if s.handled_by == "ai_only" and s.ended == "said_thanks"]
    assert mean(s.truth.moods[-1] - s.truth.moods[0] for s in angry) < -250
    assert mean(s.truth.moods[-1] - s.truth.moods[0] for s in thanked) > 250


def test_every_language_has_what_every_scene_needs() -> None:
    needed = {"open", "detail", "agent", "again", "rep", "cannot", "back"}
    for language in company().languages:
        intents = [name for name in book(language) if name in demand().intent]
        assert len(intents) >= 4
        assert all(needed <= set(book(language)[intent]) for intent in intents)
    assert set(demand().intent) <= set(book("en"))


def test_a_shared_world_gives_the_same_month() -> None:
    world = World(7, END_MS)
    assert list(history(7, 1, end_ms=END_MS, world=world)) == list(history(7, 1, end_ms=END_MS))
