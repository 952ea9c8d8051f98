"""Read models of orchestration."""

import msgspec

from baton.capabilities.orchestration.events import (
    ChangeWentLive,
    ExamplesGiven,
    HeadTaught,
    IntentCorrected,
    ReplayAsked,
    ReplayDone,
    ReplayFailed,
    TeachingAsked,
    TeachingFailed,
    TeachingStep,
)
from baton.capabilities.orchestration.tables import HEADS, LABELS, PRESENCE, REPLAYS
from baton.capabilities.routing.events import Post, RepReady
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables, Value


def corrected(event: IntentCorrected, stream: Stream, tables: Tables) -> None:
    """What somebody said the customer wants."""
    key: dict[str, Value] = {"conversation": stream.key, "position": event.position}
    tables.put(LABELS, key, label=event.label, was=event.was, staff=event.staff, at_ms=stream.now_ms)


def given(event: ExamplesGiven, stream: Stream, tables: Tables) -> None:
    """Labelled rows that a head may be taught."""
    tables.put(
        HEADS, {"head": stream.key}, title=event.title, staff=event.staff, given_ms=stream.now_ms, rows=event.rows,
        held=event.held, corrections=event.corrections, labels=_json(event.labels), out_of_scope=event.out_of_scope,
        tested=int(event.tested), left=_json(event.left), state="doubted" if event.left else "given", step="", done=0, total=0,
        figures="", why="", over_ms=0,
    )  # fmt: skip


def asked(event: TeachingAsked, stream: Stream, tables: Tables) -> None:
    """It is to be taught."""
    tables.put(HEADS, {"head": stream.key}, state="asked", step="", done=0, total=0, why="")


def went_on(event: TeachingStep, stream: Stream, tables: Tables) -> None:
    """How far it is."""
    tables.put(HEADS, {"head": stream.key}, step=event.step, done=event.done, total=event.total)


def taught(event: HeadTaught, stream: Stream, tables: Tables) -> None:
    """It is taught and measured."""
    figures = msgspec.json.encode(event).decode()
    tables.put(HEADS, {"head": stream.key}, state="taught", figures=figures, over_ms=stream.now_ms)


def failed(event: TeachingFailed, stream: Stream, tables: Tables) -> None:
    """It could not be taught."""
    tables.put(HEADS, {"head": stream.key}, state="failed", why=event.why, over_ms=stream.now_ms)


def present(event: RepReady, stream: Stream, tables: Tables) -> None:
    """A rep's presence, since when: said again, it is the same row."""
    post = stream.facts.slot(Post, event.rep)
    since_ms = post.since_ms if post else stream.now_ms
    tables.put(PRESENCE, {"rep": event.rep, "since_ms": since_ms}, presence=event.presence)


def replay_asked(event: ReplayAsked, stream: Stream, tables: Tables) -> None:
    """Somebody asks what a change would have done."""
    tables.put(
        REPLAYS, {"replay": stream.key}, title=event.title, staff=event.staff, asked_ms=stream.now_ms, since_ms=event.since_ms,
        until_ms=event.until_ms, state="asked", why="", over_ms=0, contacts=0, live_ms=0, live_by="",
    )  # fmt: skip


def replay_done(event: ReplayDone, stream: Stream, tables: Tables) -> None:
    """It is told."""
    tables.put(REPLAYS, {"replay": stream.key}, state="done", over_ms=stream.now_ms, contacts=event.contacts)


def replay_failed(event: ReplayFailed, stream: Stream, tables: Tables) -> None:
    """It could not be run."""
    tables.put(REPLAYS, {"replay": stream.key}, state="failed", why=event.why, over_ms=stream.now_ms)


def went_live(event: ChangeWentLive, stream: Stream, tables: Tables) -> None:
    """Its change is in force."""
    tables.put(REPLAYS, {"replay": stream.key}, live_ms=stream.now_ms, live_by=event.staff)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
