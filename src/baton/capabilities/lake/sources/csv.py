"""Transcripts as a table: one row per turn.

`conversation, at, role (customer, rep, agent, machine), text`, and optional `rep, customer, channel, intent, outcome,
queue`. A conversation with a row that cannot be read is left out whole: mended, the file can be imported again.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from baton.capabilities.lake.events import Labelled
from baton.capabilities.lake.sources.grouped import grouped
from baton.capabilities.lake.sources.history import Conversation, Moment, Names, Skipped, conversation, label_of, where
from baton.capabilities.lake.sources.lenient import Row, Times
from baton.capabilities.routing.events import Assigned, HandedOver
from baton.kernel.conversation import Ended, Role, Started, TurnSaid
from baton.kernel.events import Event

SOURCE = "csv"
SUFFIXES = (".csv", ".tsv", ".txt")
COLUMNS: dict[str, tuple[str, ...]] = {
    "conversation": ("conversation_id", "session", "session_id", "chat_id", "dialogue_id", "contact_id", "ticket_id"),
    "at": ("timestamp", "time", "sent_at", "created_at", "date", "datetime"),
    "role": ("speaker", "author_type", "sender_type", "from", "participant", "sender"),
    "text": ("message", "body", "utterance", "content", "transcript"),
    "rep": ("agent_id", "rep_id", "agent_name", "employee"),
    "customer": ("customer_id", "user_id", "contact", "account"),
    "channel": ("media", "medium"),
    "intent": ("reason", "topic", "need", "contact_reason"),
    "outcome": ("resolution", "result", "status"),
    "queue": ("skill", "department", "team"),
}
NEEDED = ("conversation", "at", "role", "text")
ROLES: dict[str, Role] = {
    **dict.fromkeys(("customer", "user", "client", "caller", "visitor", "contact", "enduser", "consumer", "guest"), "customer"),
    **dict.fromkeys(("rep", "human", "advisor", "adviser", "operator", "employee", "representative", "staff", "humanagent"), "rep"),
    **dict.fromkeys(("agent", "bot", "ai", "assistant", "chatbot", "virtualagent", "va", "aiagent"), "agent"),
    **dict.fromkeys(("machine", "machinecustomer", "customeragent"), "machine"),
    "system": "system",
}  # fmt: skip
OUTCOMES = {
    **dict.fromkeys(("met", "resolved", "solved", "yes", "true", "1", "success", "confirmed", "completed"), "met"),
    **dict.fromkeys(("failed", "unresolved", "no", "false", "0", "not_resolved", "unsolved", "failure"), "failed"),
    **dict.fromkeys(("refused", "correctly_refused", "declined", "denied"), "refused"),
    **dict.fromkeys(("handed_over", "escalated", "transferred", "correctly_handed_over"), "handed_over"),
    **dict.fromkeys(("given_up", "abandoned", "left"), "given_up"),
}
CHANNELS = {
    **dict.fromkeys(("voice", "phone", "call", "telephony", "inbound_call", "telephone", "inbound"), "voice"),
    **dict.fromkeys(("chat", "web", "webchat", "web_chat", "live_chat", "message"), "chat"),
    **dict.fromkeys(("email", "mail", "e_mail"), "email"),
    **dict.fromkeys(("messaging", "sms", "whatsapp", "social", "messenger"), "messaging"),
}


class _Turn(msgspec.Struct, frozen=True, gc=False):
    at_ms: int
    row: Row
    role: Role


def channel_of(told: str) -> str:
    """A channel in our words: voice, chat, email, messaging, or as told; chat where nothing is told."""
    label = label_of(told)
    return CHANNELS.get(label, label) or "chat"


def read(path: Path, names: Names) -> Iterator[Conversation | Skipped]:
    """The conversations of one table."""
    found = grouped(path, COLUMNS, NEEDED, "conversation")
    yield from found.skipped
    times = Times(row.cells.get("at", "") for told in found.rows.values() for row in told)
    for external, told in found.rows.items():
        yield from _conversation(external, told, times, names, path)


def _conversation(
    external: str, rows: list[Row], times: Times, names: Names, path: Path
) -> Iterator[Conversation | Skipped]:
    turns: list[_Turn] = []
    for row in rows:
        at_ms, role = times.ms(row.cells.get("at", "")), ROLES.get(label_of(row.cells.get("role", "")).replace("_", ""))
        wrong = (
            "no time that can be read"
            if at_ms is None
            else "an unknown role"
            if role is None
            else ("" if row.cells.get("text") else "no text")
        )
        if at_ms is None or role is None or wrong:
            yield Skipped(f"{wrong}; its conversation was left out", where(path, row.number))
            return
        turns.append(_Turn(at_ms, row, role))
    turns.sort(key=lambda t: t.at_ms)
    yield _built(external, turns, names)


def _built(external: str, turns: list[_Turn], names: Names) -> Conversation:
    customer, channel, queue = _first(turns, "customer"), _first(turns, "channel"), label_of(_first(turns, "queue"))
    begun = Started(
        channel=channel_of(channel), customer=names.customer(customer), origin="imported", source=SOURCE, queue=queue
    )
    moments = [Moment(turns[0].at_ms, (begun,)), *_moments(turns, queue, names)]
    outcome = OUTCOMES.get(label_of(_first(turns, "outcome")), "")
    intent = label_of(_first(turns, "intent"))
    labels = [Labelled("intent", text_label=intent)] if intent else []
    labels += [Labelled("outcome", int(outcome == "met"), outcome)] if outcome else []
    moments.append(Moment(turns[-1].at_ms, (*labels, Ended("imported"))))
    return conversation(SOURCE, names.stream(SOURCE, external), begun.customer, moments, len(turns))


def _moments(turns: list[_Turn], queue: str, names: Names) -> Iterator[Moment]:
    """Turns, with the rep who begins to speak. After an AI, the wait for a person is counted from the turn before."""
    holder, before_ms, agent_spoke = "", turns[0].at_ms, False
    for turn in turns:
        events: tuple[Event, ...] = ()
        rep = (names.rep(turn.row.cells.get("rep", "")) or "rep-unnamed") if turn.role == "rep" else ""
        if rep and rep != holder:
            if agent_spoke and not holder:
                yield Moment(before_ms, (HandedOver(queue, "imported", from_kind="agent"),))
            events, holder = (Assigned(rep, "", turn.at_ms - before_ms if agent_spoke else 0, queue),), rep
        agent_spoke, before_ms = agent_spoke or turn.role == "agent", turn.at_ms
        yield Moment(turn.at_ms, (*events, TurnSaid(turn.role, turn.row.cells["text"], who=rep)))


def _first(turns: list[_Turn], name: str) -> str:
    return next((told for t in turns if (told := t.row.cells.get(name, ""))), "")
