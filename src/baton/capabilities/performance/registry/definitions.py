"""The metrics: each one definition. The text of a formula is what screens, tooltips and documents show."""

import msgspec

from baton.capabilities.performance.ai_use.days import DAY_MS
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.rows import Frame, Row, whole
from baton.capabilities.performance.registry.seen import Seen
from baton.capabilities.resolution.events import STATES

WINDOWS_DAYS = (1, 3, 7, 14, 30)
TARGET_S = 20
SHORT_S = 5
AI_PATHS = {"agent", "agent_rep"}
JUDGED_MET = {"met", "refused", "handed_over"}
STATE_TEXT = {
    "confirmed": "evidence that it was met, and nobody came back about it in 7 days",
    "provisional": "evidence that it was met; its 7 days are not over",
    "correctly_refused": "it could not be granted, and the customer was told so",
    "correctly_handed_over": "a person was needed, and was reached",
    "given_up": "the customer left with the need unmet",
    "failed": "the record, the rep or the source says it was not met",
    "reversed": "it was held to be met, and the customer came back about it in 7 days",
    "unaccounted": "it ended, and nothing shows that the need was met",
    "open": "still going on, or a promise is open",
}


def _int(row: Row, name: str) -> int:
    return whole(row.get(name))


async def containment(frame: Frame) -> list[Seen]:
    """Conversations an AI took part in, that ended."""
    found = [each for each in await frame.contacts() if each["path"] in AI_PATHS]
    return await frame.seen(found, lambda row: float(_int(row, "contained")))


async def resolved_in_contained(frame: Frame) -> list[Seen]:
    """Contained conversations."""
    states = {str(r["need"]): str(r["state"]) for r in await frame.needs()}
    found = [each for each in await frame.contacts() if _int(each, "contained")]
    return await frame.seen(found, lambda row: float(states.get(str(row["need"])) == "confirmed"))


async def verified(frame: Frame) -> list[Seen]:
    """Needs that began with an AI."""
    found = [each for each in await frame.needs() if each["first_path"] in AI_PATHS]
    return await frame.seen(found, lambda row: float(row["state"] == "confirmed"), key="need")


async def reward(frame: Frame) -> list[Seen]:
    """Conversations whose outcome a simulation states."""
    return await frame.seen(await frame.rewards(), lambda row: float(_int(row, "value")))


async def judged(frame: Frame) -> list[Seen]:
    """Conversations an AI took part in, by how likely their need was met; their label where the source states the outcome."""
    found = [each for each in await frame.contacts() if each["path"] in AI_PATHS]
    seen = await frame.seen(found, lambda row: max(0, _int(row, "estimate")) / 1000, _has_estimate)
    return [
        msgspec.structs.replace(each, model=str(row["estimate_model"] or ""), label=_stated(row))
        for each, row in zip(seen, found, strict=True)
    ]


def _has_estimate(row: Row) -> float:
    return float(bool(row["estimate_model"]))


def _stated(row: Row) -> float | None:
    """Whether the source states that the need was met, or None where it says nothing."""
    return float(row["verdict"] in JUDGED_MET) if "stated_by_" in str(row["evidence"]) else None


async def escalation(frame: Frame) -> list[Seen]:
    """Conversations an AI took part in, that ended."""
    found = [each for each in await frame.contacts() if each["path"] in AI_PATHS]
    return await frame.seen(found, lambda row: float(row["path"] == "agent_rep"))


async def aht(frame: Frame) -> list[Seen]:
    """Answered stretches that ended."""
    found = await frame.segments(lambda r: bool(_int(r, "answered_ms") and _int(r, "ended_ms")))
    return await frame.seen(found, _handle_s, by_rep=True)


async def asa(frame: Frame) -> list[Seen]:
    """Answered stretches whose wait is known."""
    found = await frame.segments(lambda r: bool(_int(r, "offered_ms") and _int(r, "answered_ms")))
    return await frame.seen(found, _waited_s, by_rep=True)


async def service_level(frame: Frame) -> list[Seen]:
    """Stretches answered, or abandoned after more than the short-abandon threshold."""
    found = await frame.segments(_answered_or_lost)
    return await frame.seen(
        found, lambda r: float(bool(_int(r, "answered_ms")) and _waited_s(r) <= TARGET_S), by_rep=True
    )


async def abandon(frame: Frame) -> list[Seen]:
    """Stretches answered, or abandoned after more than the short-abandon threshold."""
    found = await frame.segments(_answered_or_lost)
    return await frame.seen(found, lambda r: float(_int(r, "abandoned")), by_rep=True)


async def occupancy(frame: Frame) -> list[Seen]:
    """Reps' days with at least five answered stretches."""
    found = await frame.segments(lambda r: bool(r["rep"] and _int(r, "answered_ms") and _int(r, "ended_ms")))
    days: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for row in found:
        busy = (_int(row, "answered_ms"), _int(row, "ended_ms") + _int(row, "wrap_ms"), str(row["conversation"]))
        days.setdefault((str(row["rep"]), busy[0] // DAY_MS), []).append(busy)
    told = {rep_day: sorted(busy) for rep_day, busy in days.items() if len(busy) >= 5}
    return [
        Seen(busy[0][2], _union_ms(busy) / 1000, (max(b[1] for b in busy) - busy[0][0]) / 1000, rep, {"rep": rep})
        for (rep, _), busy in told.items()
    ]


async def time_to_person(frame: Frame) -> list[Seen]:
    """Stays with the AI in which a person was needed, and was reached."""
    found = [each for each in await frame.person_needs() if _int(each, "reached_ms")]
    return await frame.seen(found, lambda row: (_int(row, "reached_ms") - _int(row, "needed_ms")) / 1000)


async def sentiment_shift(frame: Frame) -> list[Seen]:
    """Conversations with at least two customer turns."""
    among = await frame.conversations()
    found = [row for row in among.values() if _int(row, "turns_customer") > 1 and row["first_mood"] is not None]
    return await frame.seen(found, lambda row: float(_int(row, "last_mood") - _int(row, "first_mood")))


async def recontact(frame: Frame, days: int) -> list[Seen]:
    """Ended contacts of real customers whose window of `days` was observed."""
    found = [row for row in await frame.contacts() if not row["simulated"]]
    until: dict[str, int] = {}
    needs: dict[str, int] = {}
    for row in found:
        until[str(row["source"])] = max(until.get(str(row["source"]), 0), _int(row, "ended_ms"))
        needs[str(row["stated_need"])] = needs.get(str(row["stated_need"]), 0) + 1
    single = {need for need, count in needs.items() if need and count == 1}
    window = days * DAY_MS
    observed = [
        row for row in found
        if _int(row, "ended_ms") + window <= until[str(row["source"])] and row["stated_need"] not in single
    ]  # fmt: skip
    return await frame.seen(observed, lambda row: float(bool(row["next"]) and _int(row, "gap_ms") <= window))


async def offers_passed(frame: Frame) -> list[Seen]:
    """Offers taken or passed."""
    return await frame.seen(await frame.offers(), lambda r: float(_int(r, "passed")), _offered, by_rep=True)


def _handle_s(row: Row) -> float:
    return (_int(row, "ended_ms") - _int(row, "answered_ms") + _int(row, "wrap_ms")) / 1000


def _waited_s(row: Row) -> float:
    return (_int(row, "answered_ms") - _int(row, "offered_ms")) / 1000


def _offered(row: Row) -> float:
    return float(_int(row, "taken") + _int(row, "passed"))


def _answered_or_lost(row: Row) -> bool:
    if not _int(row, "offered_ms"):
        return False
    lost = _int(row, "abandoned") and _int(row, "ended_ms") - _int(row, "offered_ms") >= SHORT_S * 1000
    return bool(_int(row, "answered_ms") or lost)


def _union_ms(busy: list[tuple[int, int, str]]) -> int:
    total, until = 0, 0
    for begin, end, _ in busy:
        total += max(0, end - max(begin, until))
        until = max(until, end)
    return total


def _state(state: str) -> Metric:
    async def of(frame: Frame) -> list[Seen]:
        return await frame.seen(await frame.needs(), lambda row: float(row["state"] == state), key="need")

    return Metric(
        f"ledger_{state}", f"Needs {state.replace('_', ' ')}",
        f"needs that are {state.replace('_', ' ')} / all needs. {STATE_TEXT[state].capitalize()}.", "share", of,
        options="Window W = 7 days.", source="The resolution ledger: nine states, which sum to 100 % of needs.",
    )  # fmt: skip


def _recontact(days: int) -> Metric:
    async def of(frame: Frame) -> list[Seen]:
        return await recontact(frame, days)

    return Metric(
        f"recontact_{days}d", f"Came back in {days} day{'s' if days > 1 else ''}",
        f"contacts after which the customer came back about the same issue, on any channel, in {days} days / ended contacts",
        "share", of,
        exclusions="Simulated customers; contacts of a need that its source names for one contact alone; contacts whose window reaches beyond what is known of their source; anonymous "
        "customers cannot be seen to come back.",
        options=f"W = {days} days; same issue = the stated need, else the intent, else the queue.",
        source="1 - behavioural FCR over all contacts (dividing by resolved ones would be circular).",
    )  # fmt: skip


def _complexity(level: str) -> Metric:
    async def of(frame: Frame) -> list[Seen]:
        among = await frame.conversations()
        graded = [row for row in among.values() if row["complexity"]]
        return await frame.seen(graded, lambda row: float(row["complexity"] == level))

    return Metric(
        f"complexity_{level}", f"Complexity {level}", f"conversations of {level} complexity / conversations with a grade",
        "share", of, exclusions="Contact records without turns have no grade.",
    )  # fmt: skip


def _suggestion(id: str, title: str, formula: str, column: str) -> Metric:
    async def of(frame: Frame) -> list[Seen]:
        found = [e for e in await frame.suggestions() if _sent(e)]
        return await frame.seen(found, lambda row: float(_int(row, column)), _sent, by_rep=True)

    return Metric(id, title, formula, "share", of, exclusions="Conversations in which the rep sent nothing.")


def _sent(row: Row) -> float:
    return float(_int(row, "picked") + _int(row, "edited") + _int(row, "own_words"))


async def _requested(frame: Frame) -> list[Seen]:
    found = [e for e in await frame.suggestions() if _int(e, "requested")]
    return await frame.seen(found, lambda row: float(_int(row, "requested")), by_rep=True)


async def _reworked(frame: Frame) -> list[Seen]:
    found = [e for e in await frame.suggestions() if _int(e, "picked") + _int(e, "edited")]
    return await frame.seen(
        found, lambda r: float(_int(r, "reworked")), lambda r: float(_int(r, "picked") + _int(r, "edited")), by_rep=True
    )


BESIDE = ("verified_resolution", "resolved_in_contained")
SENT = "turns sent by reps who had suggestions"
NO_TIMES = "Simulated customers (their times mean nothing)."
NO_WAITS = f"{NO_TIMES} Stretches whose wait no source tells."

METRICS: dict[str, Metric] = {
    metric.id: metric
    for metric in (
        Metric("containment", "Contained", "AI conversations that ended without a person / AI conversations that ended", "share",
               containment, "Conversations under way.", "Says nothing of whether the need was met: shown beside resolution only.",
               "Amazon Lex, Genesys and others.", BESIDE),
        Metric("resolved_in_contained", "Resolved, of the contained",
               "contained conversations whose need is confirmed / contained conversations", "share", resolved_in_contained,
               "Conversations under way."),
        Metric("verified_resolution", "Verified resolution", "needs that began with an AI and are confirmed / needs that began "
               "with an AI", "share", verified, "None: needs whose window is open count as not (yet) confirmed.",
               "W = 7 days; confirmed = evidence (record changed, customer, rep or source says so), nobody came back in W, no open "
               "promise.", "V(W)."),
        Metric("reward", "Truly resolved, as the simulation states",
               "conversations whose outcome is as the task wants it / conversations with a stated outcome", "share", reward,
               "Conversations without a stated outcome.", "Clusters are tasks. The customers are simulated.",
               "tau-bench: the system of record compared with the task's (Yao et al. 2024)."),
        Metric("judged_resolution", "Resolved, as Baton estimates it alone",
               "mean chance that the need was met, as a model sees each AI conversation without a stated outcome / AI conversations that "
               "ended and that it can judge", "share", judged, "Conversations under way, those in which a rep spoke, and those whose "
               "words the model does not know; no figure where it knows less than half.", "Where outcomes are stated for a part, "
               "prediction-powered by them; where for all or none, the estimates alone. What the model was fitted on is judged by a fold "
               "that never saw its task. Clusters are tasks or customers. It was fitted on simulated customers of one airline.",
               "PPI++ (Angelopoulos, Duchi and Zrnic 2023); model card weights/resolution.card.json.", automatic=True),
        *(_state(state) for state in STATES),
        Metric("escalation", "Escalated", "AI conversations handed to a person / AI conversations that ended", "share", escalation,
               "Conversations under way."),
        *(_recontact(days) for days in WINDOWS_DAYS),
        Metric("aht", "Average handle time", "(answered to ended + wrap-up) / answered stretches; hold is inside", "s", aht, NO_TIMES,
               "Clusters are reps."),
        Metric("asa", "Average speed of answer", "sum of waits of the answered / answered", "s", asa, NO_WAITS),
        Metric("service_level", "Service level", f"answered within {TARGET_S} s / (answered + abandoned)", "share", service_level,
               f"Abandoned in less than {SHORT_S} s. {NO_WAITS}", f"Target {TARGET_S} s, counted from when a person was asked for "
               "or needed: instant AI answers never count."),
        Metric("abandon", "Abandoned", "abandoned / (answered + abandoned)", "share", abandon,
               f"Abandoned in less than {SHORT_S} s. {NO_WAITS}"),
        Metric("occupancy", "Occupancy", "time with at least one contact in hand, wrap-up included / time from a rep's first answer "
               "to their last end, per day", "share", occupancy, "Days with fewer than five contacts; time before the first and after "
               "the last contact. Concurrent contacts count once.", "An upper bound where presence is not recorded."),
        Metric("time_to_person", "Time to a person", "from when a person was needed or asked for until one answered, mean", "s",
               time_to_person, "Needs for a person that reached none: see missed escalations."),
        Metric("sentiment_shift", "Sentiment shift", "mood after the last customer turn - mood after the first, mean (-1000 to 1000)",
               "permille", sentiment_shift, "Conversations with one customer turn."),
        *(_complexity(level) for level in ("high", "medium", "low")),
        Metric("suggestions_requested", "Suggestions requested", "times a rep asked for AI suggestions", "count", _requested),
        _suggestion("suggestions_picked", "Suggestions sent as they were", f"suggestions sent as they were / {SENT}", "picked"),
        _suggestion("suggestions_edited", "Suggestions edited", f"suggestions edited before sending / {SENT}", "edited"),
        _suggestion("suggestions_own_words", "Own words", f"turns in own words / {SENT}", "own_words"),
        Metric("silent_rework", "Silent rework", "AI drafts changed by 20 % of their text or more before sending / AI drafts sent",
               "share", _reworked, "Own words.", "Materially changed = 200 permille of the text."),
        Metric("offers_passed", "Offers passed", "offers passed / offers taken or passed", "share", offers_passed,
               "Offers still open.", "By complexity it shows whether the easy ones are picked."),
    )
}  # fmt: skip
