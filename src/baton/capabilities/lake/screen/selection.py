"""Which conversations a list shows: the filter bar, and what a figure elsewhere asked to be opened."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select

from baton.capabilities.lake.asking import SHOWN
from baton.capabilities.lake.tables import CONVERSATIONS, LABELS, SEGMENTS
from baton.capabilities.performance.tables import AI_USE
from baton.capabilities.resolution.events import STATES
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.kernel.log import Store
from baton.web.asked import SIDES, Asked, Choices, Option, in_words

C = CONVERSATIONS.c
INTENT = func.coalesce(func.nullif(C.stated_intent, ""), C.intent, "")
STATE = func.coalesce(NEEDS.c.state, "open")
SETTLED = ("confirmed", "provisional", "correctly_refused")
JUDGED_MET = ("met", "refused", "handed_over")
USED = ("requested", "picked", "edited", "own_words", "reworked")
DAY_MS = 86_400_000
MORE = (
    "state", "complexity", "contained", "gap", "needs", "returned", "stated", "judged", "no_change", "rep", "suggestions", "path",
    "mood", "customer", "open", "q", "sort",
)  # fmt: skip
SORTS: Mapping[str, tuple[ColumnElement[Any], str]] = {
    "": (C.started_ms.desc(), "newest first"),
    "oldest": (C.started_ms.asc(), "oldest first"),
    "mood": (func.coalesce(C.last_mood, 1001).asc(), "worst mood at the end first"),
    "soonest": (func.coalesce(CONTACTS.c.gap_ms, 1 << 60).asc(), "soonest return first"),
}
CHOICES = 40


class Chosen(msgspec.Struct, frozen=True):
    """What a list shows: the bar, the further conditions by name, and whose it is (a rep sees their own)."""

    asked: Asked
    more: dict[str, str]
    own: str = ""
    ids: tuple[str, ...] | None = None

    def query(self, **changes: str) -> dict[str, str]:
        """As the parameters of an address."""
        return {k: v for k, v in {**self.asked.query(), **self.more, **changes}.items() if v}


def chosen_of(query: Mapping[str, str], asked: Asked, own: str = "") -> Chosen:
    """The conditions an address names; those nobody knows are left out."""
    return Chosen(asked, {name: query[name][:120] for name in MORE if query.get(name)}, own)


async def listed(store: Store, chosen: Chosen, size: int, offset: int = 0) -> list[Mapping[str, object]]:
    """A part of the list, each row with the state of its need (`open` while under way)."""
    order = SORTS.get(chosen.more.get("sort", ""), SORTS[""])[0]
    query = _where(_joined(*SHOWN, C.lowest_mood, STATE.label("now")), chosen).order_by(order, C.conversation)
    return list(await store.rows(query.limit(size).offset(offset)))


async def openable(store: Store, chosen: Chosen, keys: Sequence[str]) -> frozenset[str]:
    """Which of these conversations whoever asks may open: a rep their own, everybody else all."""
    if not chosen.own or not keys:
        return frozenset(keys)
    found = await store.rows(select(C.conversation).where(C.conversation.in_(keys), _of_rep(chosen.own)))
    return frozenset(str(row["conversation"]) for row in found)


async def counted(store: Store, chosen: Chosen) -> int:
    """How many there are."""
    return _whole((await store.rows(_where(_joined(func.count().label("n")), chosen)))[0]["n"])


async def beside(store: Store, chosen: Chosen, key: str, began_ms: int) -> tuple[str, str]:
    """The conversations before and after this one in the list as it is sorted by time: newer, then older."""
    newer = and_(C.started_ms >= began_ms, or_(C.started_ms > began_ms, C.conversation < key))
    older = and_(C.started_ms <= began_ms, or_(C.started_ms < began_ms, C.conversation > key))
    up = _where(_joined(C.conversation), chosen).where(newer).order_by(C.started_ms.asc(), C.conversation.desc())
    down = _where(_joined(C.conversation), chosen).where(older).order_by(C.started_ms.desc(), C.conversation.asc())
    found = [await store.rows(query.limit(1)) for query in (up, down)]
    return str(found[0][0]["conversation"]) if found[0] else "", str(found[1][0]["conversation"]) if found[1] else ""


async def reach(store: Store) -> tuple[int, int]:
    """How many conversations the log holds, and when the last of them began."""
    row = (await store.rows(_joined(func.count().label("n"), func.max(C.started_ms).label("last"))))[0]
    return _whole(row["n"]), _whole(row["last"])


async def choices(store: Store, titles: Mapping[str, str]) -> Choices:
    """The values there are of each dimension, the most frequent first; `titles` names queues."""
    columns = {"source": C.source, "queue": C.queue, "channel": C.channel, "intent": INTENT}
    return {name: await _values(store, column, titles) for name, column in columns.items()}


async def others(store: Store, customer: str, but: str, own: str = "", limit: int = 20) -> list[Mapping[str, object]]:
    """The same customer's other conversations, latest first; none for somebody anonymous."""
    if not customer:
        return []
    chosen = Chosen(Asked(range="all"), {"customer": customer}, own)
    found = await listed(store, chosen, limit + 1)
    return [row for row in found if row["conversation"] != but][:limit]


async def _values(store: Store, column: ColumnElement[Any], titles: Mapping[str, str]) -> list[Option]:
    value, often = func.coalesce(column, "").label("value"), func.count().label("n")
    rows = await store.rows(
        _selected(value, often).select_from(CONVERSATIONS).group_by(value).order_by(often.desc()).limit(CHOICES)
    )
    return [(v, titles.get(v) or in_words(v)) for row in rows if (v := str(row["value"]))]


def _joined(*columns: ColumnElement[Any]) -> Select[tuple[object, ...]]:
    contacts = CONVERSATIONS.outerjoin(CONTACTS, CONTACTS.c.conversation == C.conversation)
    return _selected(*columns).select_from(contacts.outerjoin(NEEDS, NEEDS.c.need == CONTACTS.c.need))


def _selected(*columns: ColumnElement[Any]) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = select(*columns)
    return query


def _where(query: Select[tuple[object, ...]], chosen: Chosen) -> Select[tuple[object, ...]]:
    asked = chosen.asked
    conditions = [] if not asked.from_ms else [C.started_ms >= asked.from_ms]
    conditions += [C.started_ms < asked.until_ms] if asked.until_ms else []
    for name, column in (("source", C.source), ("queue", C.queue), ("channel", C.channel), ("intent", INTENT)):
        conditions += [column == getattr(asked, name)] if getattr(asked, name) else []
    if asked.took in SIDES:
        conditions.append(or_(C.path.in_(SIDES[asked.took]), and_(C.path.is_(None), _holds_now(asked.took))))
    if chosen.own:
        conditions.append(_of_rep(chosen.own))
    if chosen.ids is not None:
        conditions.append(C.conversation.in_(chosen.ids))
    for name, value in chosen.more.items():
        conditions += _condition(name, value, chosen.more)
    return query.where(*conditions)


def _holds_now(took: str) -> ColumnElement[bool]:
    people = and_(func.coalesce(C.turns_rep, 0) > 0, func.coalesce(C.turns_agent, 0) == 0)
    return people if took == "people" else ~people if took == "ai" else false()


def _condition(name: str, value: str, more: Mapping[str, str]) -> list[ColumnElement[bool]]:
    plain: dict[str, ColumnElement[Any]] = {"complexity": C.complexity, "path": C.path, "customer": C.customer}
    if name in plain:
        return [plain[name] == value]
    if name == "state":
        return [STATE.in_((value,))] if value in STATES else []
    if name == "rep":
        return [] if more.get("suggestions") in USED else [_of_rep(value)]
    made = _FLAGS.get(name)
    return [made(value)] if made else _asked_of_use(name, value, more)


def _asked_of_use(name: str, value: str, more: Mapping[str, str]) -> list[ColumnElement[bool]]:
    if name != "suggestions" or value not in USED:
        return []
    used = and_(AI_USE.c.conversation == C.conversation, AI_USE.c[value] > 0)
    return [exists().where(used, AI_USE.c.rep == more["rep"]) if more.get("rep") else exists().where(used)]


def _contained(value: str) -> ColumnElement[bool]:
    return func.coalesce(C.contained, 0) == (0 if value == "0" else 1)


def _gap(_: str) -> ColumnElement[bool]:
    return and_(func.coalesce(NEEDS.c.contained, 0) == 1, STATE.notin_(SETTLED))


def _needs(_: str) -> ColumnElement[bool]:
    return or_(CONTACTS.c.conversation.is_(None), and_(NEEDS.c.need == C.conversation, NEEDS.c.merged_into == ""))


def _returned(value: str) -> ColumnElement[bool]:
    days = int(value) if value.isdigit() and len(value) < 4 else 30
    return and_(CONTACTS.c.next.isnot(None), CONTACTS.c.gap_ms <= days * DAY_MS)


def _stated(value: str) -> ColumnElement[bool]:
    reward = and_(LABELS.c.conversation == C.conversation, LABELS.c.what == "reward")
    return exists().where(reward, LABELS.c.value == int(value)) if value in {"0", "1"} else exists().where(reward)


def _judged(value: str) -> ColumnElement[bool]:
    return CONTACTS.c.judged.notin_(JUDGED_MET) if value == "0" else CONTACTS.c.judged.in_(JUDGED_MET)


def _no_change(_: str) -> ColumnElement[bool]:
    return exists().where(LABELS.c.conversation == C.conversation, LABELS.c.label == "no_change")


def _mood(value: str) -> ColumnElement[bool]:
    return C.last_mood < C.first_mood - 200 if value == "fell" else C.last_mood <= -300


def _begins(value: str) -> ColumnElement[bool]:
    return or_(C.conversation.startswith(value, autoescape=True), C.customer.startswith(value, autoescape=True))


def _open(_: str) -> ColumnElement[bool]:
    return C.ended_ms.is_(None)


_FLAGS = {
    "contained": _contained, "gap": _gap, "needs": _needs, "returned": _returned, "stated": _stated, "judged": _judged,
    "no_change": _no_change, "mood": _mood, "open": _open, "begins": _begins,
}  # fmt: skip


def _of_rep(rep: str) -> ColumnElement[bool]:
    return or_(C.rep == rep, exists().where(SEGMENTS.c.conversation == C.conversation, SEGMENTS.c.rep == rep))


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
