"""A told conversation and what is secretly true of it. Invented; times in milliseconds since the epoch, or seconds from its start."""

from typing import Literal

import msgspec

from baton.demo.halcyon.company import Intent

Channel = Literal["chat", "voice", "email", "messaging"]
Persona = Literal["patient", "angry", "confused", "vulnerable", "machine"]
Complexity = Literal["low", "medium", "high"]
Role = Literal["customer", "agent", "rep", "machine"]
Path = Literal["ai_only", "ai_then_rep", "rep_only"]
Reason = Literal[
    "asked_for_person", "anger", "two_failed_attempts", "policy", "vulnerable", "out_of_scope", "over_limit", "failed_check",
]  # fmt: skip
Ended = Literal["said_thanks", "left_in_silence", "gave_up", "refused_correctly", "transferred", "callback_promised"]
Next = Literal["", "comes_back", "called_back", "transferred"]


class Line(msgspec.Struct, frozen=True):
    """A turn before it has a time. `pace` is its share of the part's length."""

    role: Role
    text: str
    pace: float
    part: str


class Turn(msgspec.Struct, frozen=True):
    """Something said. `who` is a customer, agent or rep id."""

    role: Role
    who: str
    offset_s: int
    text: str


class Suggestion(msgspec.Struct, frozen=True):
    """What became of an AI suggestion at one of the rep's turns. Without `shown` the rep wrote alone."""

    turn: int
    shown: bool
    picked: bool
    edited: bool
    own_words: bool


class Effect(msgspec.Struct, frozen=True):
    """A change of the record that was asked for, and whether it was really made. `claimed`: someone said it was."""

    tool: str
    subject: str
    asked: bool
    done: bool
    claimed: bool


class Promise(msgspec.Struct, frozen=True):
    """Something promised with a date. `kept` is None while it is not due."""

    what: Literal["write", "call_back"]
    due_ms: int
    kept: bool | None


class Handover(msgspec.Struct, frozen=True):
    """When and why the AI passed the baton to a person."""

    reason: Reason
    offset_s: int


class Truth(msgspec.Struct, frozen=True):
    """What nobody in the company knows for sure. `moods` has one permille value for each customer turn.

    `need_met` also holds for a need that was rightly refused. `seemed_met`: it looked so to whoever only reads the conversation.
    """

    persona: Persona
    complexity: Complexity
    need_met: bool
    seemed_met: bool
    will_come_back: bool
    next_contact: Next
    next_story: str
    next_channel: Channel | None
    next_after_h: float | None
    contained: bool
    gap: str
    incident: str
    moods: tuple[int, ...]


class Story(msgspec.Struct, frozen=True):
    """One conversation from its first to its last word. `contact` counts the contacts about this need, from 1."""

    id: str
    need_id: str
    contact: int
    customer: str
    channel: Channel
    language: str
    queue: str
    intent: Intent
    started_ms: int
    ended_ms: int
    turns: tuple[Turn, ...]
    handled_by: Path
    agent: str
    rep: str
    handover: Handover | None
    abandoned: bool
    wait_s: int
    talk_s: int
    hold_s: int
    wrap_s: int
    suggestions: tuple[Suggestion, ...]
    ended: Ended
    disposition: str
    effects: tuple[Effect, ...]
    promise: Promise | None
    truth: Truth
