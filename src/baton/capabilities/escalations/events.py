"""What escalations say: how far a procedure came, and tasks for what the AI lacked. Tasks live on `case/…` streams."""

from typing import Literal

from baton.kernel.events import Event, Fact

TaskState = Literal["watched", "open", "closed"]
How = Literal["supplied", "not_asked_any_more", "not_the_cause"]
"""How what was missing was seen to: it can be had now, the procedure does without it, or it was not why people were needed."""


class StepReached(Fact, frozen=True, gc=False, omit_defaults=True):
    """The procedure of a conversation rests at a step, which wants `field`: a slot, or the record a tool looks up.

    `lacks` tells that the AI gave up here because it could not get it. Imported history may say this of itself.
    """

    procedure: str
    step: str
    field: str = ""
    lacks: bool = False


class Escalated(Fact, frozen=True, gc=False, omit_defaults=True):
    """From AI to a person, for the `count`-th time in this conversation, after the customer's `turn`-th turn.

    `epoch` is the holder's of the stay with the AI that ended; procedure, step and intent are where it stood then, `field` is what
    the AI lacked, empty where that was not the cause.
    """

    reason: str
    queue: str
    agent: str
    turn: int
    epoch: int = 0
    count: int = 1
    intent: str = ""
    procedure: str = ""
    step: str = ""
    field: str = ""


class FieldLacked(Event, frozen=True, gc=False, omit_defaults=True):
    """On the task's stream: a conversation went to a person because the AI lacked this field at this step."""

    conversation: str
    procedure: str
    step: str
    field: str
    owner: str = ""
    title: str = ""


class DataTask(Fact, frozen=True, gc=False, omit_defaults=True):
    """A field that the AI lacked, and whether its owner has a task because of it. One stream per procedure and field.

    `times` are the latest times it was lacking (milliseconds since the epoch, oldest first), `lacked` how often in all, `opened`
    how many times a task was opened.
    """

    procedure: str
    field: str
    owner: str = ""
    title: str = ""
    state: TaskState = "watched"
    times: tuple[int, ...] = ()
    lacked: int = 0
    opened: int = 0
    opened_ms: int = 0
    closed_ms: int = 0
    closed_by: str = ""
    how: How | Literal[""] = ""


class DataTaskClosed(Event, frozen=True, gc=False, omit_defaults=True):
    """The owner saw to it."""

    by: str
    how: How
