"""Correcting an intent: somebody who may see a conversation says what the customer wants."""

from typing import Any

from baton.capabilities.orchestration.events import Intent, IntentCorrected
from baton.capabilities.orchestration.teaching.standing import known_labels
from baton.engines.models.own.files import spelled
from baton.kernel.errors import BatonError
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.asked import in_words


async def correct(app: App, stream: Stream, staff: str, label: str, position: int = 0) -> int:
    """Append the correction; returns its position in the log. `position` 0 is the turn that the models took it from."""
    said = spelled(label)
    if not said:
        raise BatonError("no_label", 422, f"{label!r} is no label. Choose one, or write a word or two.")
    known = stream.facts.get(Intent)
    at = position or (known.position if known else 0)
    corrected = IntentCorrected(said, staff, at, known.label if known else "")
    return await app.committer.append(stream.id, corrected, by=f"staff/{staff}")


async def form_of(app: App, stream: Stream) -> dict[str, Any]:
    """What the form shows: what is understood, by whom, and the labels there are."""
    known = stream.facts.get(Intent)
    return {
        "key": stream.key, "label": known.label if known else "", "labels": await known_labels(app), "in_words": in_words,
    }  # fmt: skip
