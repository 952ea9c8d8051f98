"""What an agent did, as its record shows it: looked up, changed, asked before it changed, refused, handed over.

Facts that hold for any task and company, and no words: tools are known by whether they write, answers by whether they are
errors. What the task wanted is not read.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

_AGREES: Final = re.compile(
    r"\b(?:yes|proceed|go ahead|confirm|sure|please do|sounds good|that works)\b", re.IGNORECASE
)
_ASKS: Final = re.compile(r"confirm|proceed|would you like me|shall i|is that correct", re.IGNORECASE)
_REFUSES: Final = re.compile(r"unfortunately|unable to|cannot|can't|not eligible|not allowed|policy", re.IGNORECASE)
_MOST: Final = {"unconfirmed": 3, "errors": 4, "refusals": 12}
FACTS: Final = 7


class Call(NamedTuple):
    """One act: where it stands among the messages, its tool, and whether the tool answered with an error."""

    at: int
    tool: str
    failed: bool


class Process(NamedTuple):
    """What was done in one conversation. `refused` counts words of refusal where nothing was changed."""

    unconfirmed: int
    changed: bool
    errors: int
    handed_over: bool
    refused: int
    looked_up: bool

    def numbers(self) -> tuple[float, ...]:
        """As a head takes them: bounded, so that no length speaks for ever; the last, handed over without a change."""
        return (
            min(self.unconfirmed, _MOST["unconfirmed"]), self.changed, min(self.errors, _MOST["errors"]), self.handed_over,
            min(self.refused, _MOST["refusals"]) / 6, self.looked_up, self.handed_over and not self.changed,
        )  # fmt: skip


def process_of(messages: Sequence[dict[str, Any]], writes: frozenset[str], transfer: str) -> Process:
    """The facts of a conversation in OpenAI's message format; `writes` are the tools that change the system of record."""
    done = list(_calls(messages))
    changes = [call for call in done if call.tool in writes and not call.failed]
    said = " ".join(_said(m) for m in messages if m.get("role") == "assistant")
    return Process(
        unconfirmed=sum(not _confirmed(messages[: call.at]) for call in changes),
        changed=bool(changes),
        errors=sum(call.failed for call in done),
        handed_over=any(call.tool == transfer for call in done),
        refused=0 if changes else len(_REFUSES.findall(said)),
        looked_up=any(call.tool not in writes and re.match(r"(?:get|find|look)_(?!user|customer|account)", call.tool) for call in done),
    )  # fmt: skip


def went_wrong(answer: dict[str, Any]) -> bool:
    """Whether a tool answered with an error."""
    return answer.get("role") == "tool" and str(answer.get("content") or "").startswith("Error")


def _calls(messages: Sequence[dict[str, Any]]) -> Iterator[Call]:
    for at, message in enumerate(messages):
        failed = went_wrong(messages[at + 1]) if at + 1 < len(messages) else False
        for call in message.get("tool_calls") or []:
            yield Call(at, str((call.get("function") or {}).get("name", "")), failed)


def _confirmed(before: Sequence[dict[str, Any]]) -> bool:
    """Whether the last thing asked was for leave to do it, and the last thing the customer said was a yes."""
    asked = next((_said(m) for m in reversed(before) if m.get("role") == "assistant" and _said(m)), "")
    agreed = next((_said(m) for m in reversed(before) if m.get("role") == "user"), "")
    return bool(_ASKS.search(asked) and _AGREES.search(agreed))


def _said(message: dict[str, Any]) -> str:
    return str(message.get("content") or "")
