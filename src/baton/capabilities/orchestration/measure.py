"""Read models of orchestration."""

import msgspec

from baton.capabilities.orchestration.events import (
    ExamplesGiven,
    HeadTaught,
    IntentCorrected,
    TeachingAsked,
    TeachingFailed,
    TeachingStep,
)
from baton.capabilities.orchestration.tables import HEADS, LABELS
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


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
