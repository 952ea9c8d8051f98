"""The metrics: each one definition. The text of a formula is what screens, tooltips and documents show."""

from baton.capabilities.performance.ai_use.days import DAY_MS
from baton.capabilities.performance.registry import rows
from baton.capabilities.performance.registry.rows import Row, seen
from baton.capabilities.performance.registry.seen import Filters, Metric, Seen
from baton.capabilities.resolution.events import STATES
from baton.kernel.log import Store

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
    value = row.get(name)
    return value if isinstance(value, int) else 0


async def containment(store: Store, filters: Filters) -> list[Seen]:
    """Conversations an AI took part in, that ended."""
    found = [each for each in await rows.contacts(store, filters) if each[0]["path"] in AI_PATHS]
    return seen(found, lambda row: float(_int(row, "contained")))


async def resolved_in_contained(store: Store, filters: Filters) -> list[Seen]:
    """Contained conversations."""
    states = {str(r["need"]): str(r["state"]) for r, _ in await rows.needs(store, filters)}
    found = [each for each in await rows.contacts(store, filters) if _int(each[0], "contained")]
    return seen(found, lambda row: float(states.get(str(row["need"])) == "confirmed"))


async def verified(store: Store, filters: Filters) -> list[Seen]:
    """Needs that began with an AI."""
    found = [each for each in await rows.needs(store, filters) if each[0]["first_path"] in AI_PATHS]
    return seen(found, lambda row: float(row["state"] == "confirmed"), key="need")


async def reward(store: Store, filters: Filters) -> list[Seen]:
    """Conversations whose outcome a simulation states."""
    return seen(await rows.rewards(store, filters), lambda row: float(_int(row, "value")))


async def judged(store: Store, filters: Filters) -> list[Seen]:
    """Conversations an AI took part in, as Baton judges them without a stated outcome."""
    found = [each for each in await rows.contacts(store, filters) if each[0]["path"] in AI_PATHS]
    return seen(found, lambda row: float(row["judged"] in JUDGED_MET))


async def escalation(store: Store, filters: Filters) -> list[Seen]:
    """Conversations an AI took part in, that ended."""
    found = [each for each in await rows.contacts(store, filters) if each[0]["path"] in AI_PATHS]
    return seen(found, lambda row: float(row["path"] == "agent_rep"))


async def aht(store: Store, filters: Filters) -> list[Seen]:
    """Answered stretches that ended."""
    found = await rows.segments(store, filters, lambda r: bool(_int(r, "answered_ms") and _int(r, "ended_ms")))
    return seen(found, _handle_s, by_rep=True)


async def asa(store: Store, filters: Filters) -> list[Seen]:
    """Answered stretches."""
    found = await rows.segments(store, filters, lambda r: bool(_int(r, "answered_ms")))
    return seen(found, _waited_s, by_rep=True)


async def service_level(store: Store, filters: Filters) -> list[Seen]:
    """Stretches answered, or abandoned after more than the short-abandon threshold."""
    found = await rows.segments(store, filters, _answered_or_lost)
    return seen(found, lambda r: float(bool(_int(r, "answered_ms")) and _waited_s(r) <= TARGET_S), by_rep=True)


async def abandon(store: Store, filters: Filters) -> list[Seen]:
    """Stretches answered, or abandoned after more than the short-abandon threshold."""
    found = await rows.segments(store, filters, _answered_or_lost)
    return seen(found, lambda r: float(_int(r, "abandoned")), by_rep=True)


async def occupancy(store: Store, filters: Filters) -> list[Seen]:
    """Reps' days with at least five answered stretches."""
    found = await rows.segments(
        store, filters, lambda r: bool(r["rep"] and _int(r, "answered_ms") and _int(r, "ended_ms"))
    )
    days: dict[tuple[str, int], list[tuple[int, int, str]]] = {}
    for row, _ in found:
        busy = (_int(row, "answered_ms"), _int(row, "ended_ms") + _int(row, "wrap_ms"), str(row["conversation"]))
        days.setdefault((str(row["rep"]), busy[0] // DAY_MS), []).append(busy)
    told = {rep_day: sorted(busy) for rep_day, busy in days.items() if len(busy) >= 5}
    return [
        Seen(busy[0][2], _union_ms(busy) / 1000, (max(b[1] for b in busy) - busy[0][0]) / 1000, rep, {"rep": rep})
        for (rep, _), busy in told.items()
    ]


async def time_to_person(store: Store, filters: Filters) -> list[Seen]:
    """Stays with the AI in which a person was needed, and was reached."""
    found = [each for each in await rows.person_needs(store, filters) if _int(each[0], "reached_ms")]
    return seen(found, lambda row: (_int(row, "reached_ms") - _int(row, "needed_ms")) / 1000)


async def sentiment_shift(store: Store, filters: Filters) -> list[Seen]:
    """Conversations with at least two customer turns."""
    among = await rows.conversations(store, filters)
    found = [
        (row, among) for row in among.values() if _int(row, "turns_customer") > 1 and row["first_mood"] is not None
    ]
    return seen(found, lambda row: float(_int(row, "last_mood") - _int(row, "first_mood")))


async def recontact(store: Store, filters: Filters, days: int) -> list[Seen]:
    """Ended contacts of real customers whose window of `days` was observed."""
    found = await rows.contacts(store, filters)
    until: dict[str, int] = {}
    for row, _ in found:
        until[str(row["source"])] = max(until.get(str(row["source"]), 0), _int(row, "ended_ms"))
    window = days * DAY_MS
    observed = [
        e for e in found if not e[0]["simulated"] and _int(e[0], "ended_ms") + window <= until[str(e[0]["source"])]
    ]
    return seen(observed, lambda row: float(bool(row["next"]) and _int(row, "gap_ms") <= window))


async def offers_passed(store: Store, filters: Filters) -> list[Seen]:
    """Offers taken or passed."""
    return seen(await rows.offers(store, filters), lambda r: float(_int(r, "passed")), _offered, by_rep=True)


def _handle_s(row: Row) -> float:
    return (_int(row, "ended_ms") - _int(row, "answered_ms") + _int(row, "wrap_ms")) / 1000


def _waited_s(row: Row) -> float:
    return (_int(row, "answered_ms") - _int(row, "offered_ms")) / 1000


def _offered(row: Row) -> float:
    return float(_int(row, "taken") + _int(row, "passed"))


def _answered_or_lost(row: Row) -> bool:
    lost = _int(row, "abandoned") and _int(row, "ended_ms") - _int(row, "offered_ms") >= SHORT_S * 1000
    return bool(_int(row, "answered_ms") or lost)


def _union_ms(busy: list[tuple[int, int, str]]) -> int:
    total, until = 0, 0
    for begin, end, _ in busy:
        total += max(0, end - max(begin, until))
        until = max(until, end)
    return total


def _state(state: str) -> Metric:
    async def of(store: Store, filters: Filters) -> list[Seen]:
        return seen(await rows.needs(store, filters), lambda row: float(row["state"] == state), key="need")

    return Metric(
        f"ledger_{state}", f"Needs {state.replace('_', ' ')}",
        f"needs that are {state.replace('_', ' ')} / all needs. {STATE_TEXT[state].capitalize()}.", "share", of,
        options="Window W = 7 days.", source="The resolution ledger: nine states, which sum to 100 % of needs.",
    )  # fmt: skip


def _recontact(days: int) -> Metric:
    async def of(store: Store, filters: Filters) -> list[Seen]:
        return await recontact(store, filters, days)

    return Metric(
        f"recontact_{days}d", f"Came back in {days} day{'s' if days > 1 else ''}",
        f"contacts after which the customer came back about the same issue, on any channel, in {days} days / ended contacts",
        "share", of,
        exclusions="Simulated customers; contacts whose window reaches beyond what is known of their source; anonymous "
        "customers cannot be seen to come back.",
        options=f"W = {days} days; same issue = the stated need, else the intent, else the queue.",
        source="1 - behavioural FCR over all contacts (dividing by resolved ones would be circular).",
    )  # fmt: skip


def _complexity(level: str) -> Metric:
    async def of(store: Store, filters: Filters) -> list[Seen]:
        among = await rows.conversations(store, filters)
        graded = [(row, among) for row in among.values() if row["complexity"]]
        return seen(graded, lambda row: float(row["complexity"] == level))

    return Metric(
        f"complexity_{level}", f"Complexity {level}", f"conversations of {level} complexity / conversations with a grade",
        "share", of, exclusions="Contact records without turns have no grade.",
    )  # fmt: skip


def _suggestion(id: str, title: str, formula: str, column: str) -> Metric:
    async def of(store: Store, filters: Filters) -> list[Seen]:
        found = [e for e in await rows.suggestions(store, filters) if _sent(e[0])]
        return seen(found, lambda row: float(_int(row, column)), _sent, by_rep=True)

    return Metric(id, title, formula, "share", of, exclusions="Conversations in which the rep sent nothing.")


def _sent(row: Row) -> float:
    return float(_int(row, "picked") + _int(row, "edited") + _int(row, "own_words"))


async def _requested(store: Store, filters: Filters) -> list[Seen]:
    found = [e for e in await rows.suggestions(store, filters) if _int(e[0], "requested")]
    return seen(found, lambda row: float(_int(row, "requested")), by_rep=True)


async def _reworked(store: Store, filters: Filters) -> list[Seen]:
    found = [e for e in await rows.suggestions(store, filters) if _int(e[0], "picked") + _int(e[0], "edited")]
    return seen(
        found, lambda r: float(_int(r, "reworked")), lambda r: float(_int(r, "picked") + _int(r, "edited")), by_rep=True
    )


BESIDE = ("verified_resolution", "resolved_in_contained")
SENT = "turns sent by reps who had suggestions"
CALLBACK = "Simulated customers (their times mean nothing)."

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
        Metric("judged_resolution", "Resolved, as Baton judges it alone",
               "AI conversations judged met, refused or rightly handed over without a stated outcome / AI conversations that ended",
               "share", judged, "Conversations under way.", "Evidence of the conversation alone; shown beside a stated outcome."),
        *(_state(state) for state in STATES),
        Metric("escalation", "Escalated", "AI conversations handed to a person / AI conversations that ended", "share", escalation,
               "Conversations under way."),
        *(_recontact(days) for days in WINDOWS_DAYS),
        Metric("aht", "Average handle time", "(answered to ended + wrap-up) / answered stretches; hold is inside", "s", aht, CALLBACK,
               "Clusters are reps."),
        Metric("asa", "Average speed of answer", "sum of waits of the answered / answered", "s", asa, CALLBACK),
        Metric("service_level", "Service level", f"answered within {TARGET_S} s / (answered + abandoned)", "share", service_level,
               f"Abandoned in less than {SHORT_S} s. {CALLBACK}", f"Target {TARGET_S} s, counted from when a person was asked for "
               "or needed: instant AI answers never count."),
        Metric("abandon", "Abandoned", "abandoned / (answered + abandoned)", "share", abandon,
               f"Abandoned in less than {SHORT_S} s. {CALLBACK}"),
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
