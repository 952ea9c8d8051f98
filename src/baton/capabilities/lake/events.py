"""What the lake says: what imported history carries beside its turns."""

from typing import Literal

from baton.kernel.events import Event, Fact


class Labelled(Event, frozen=True, gc=False, omit_defaults=True):
    """What somebody else's data states: `reward` (0 or 1), `customer_says`, `rep_says`, `outcome`, `intent`, `need`…

    `group` names what it clusters by (a task, a batch), `value` is permille or a small number, `text_label` a label.
    """

    what: str
    value: int = 0
    text_label: str = ""
    group: str = ""


class ToolCalled(Event, frozen=True, gc=False, omit_defaults=True):
    """A tool call in imported history: its name and whether it writes to the system of record."""

    tool: str
    writes: bool = False
    ok: bool = True


class Segment(Event, frozen=True, gc=False, omit_defaults=True):
    """One row of an ACD's contact record: times in milliseconds, who, where, and how it ended."""

    contact: str
    queue: str
    offered_ms: int
    answered_ms: int = 0
    ended_ms: int = 0
    hold_ms: int = 0
    wrap_ms: int = 0
    rep: str = ""
    need: str = ""
    transferred_to: str = ""
    abandoned: bool = False
    callback: bool = False
    number: int = 1


class Course(Fact, frozen=True, gc=False, omit_defaults=True):
    """The way a conversation takes: whether it was handed over, and its latest stretch with a queue or a rep.

    `segment` counts those stretches, `unanswered` tells that the customer spoke last; times are milliseconds since the epoch, 0 where it has not come to that. `path` and
    `contained` are said when it is `closed`.
    """

    segment: int = 0
    queue: str = ""
    offered_ms: int = 0
    answered_ms: int = 0
    ended_ms: int = 0
    hold_ms: int = 0
    wrap_ms: int = 0
    rep: str = ""
    transferred_to: str = ""
    abandoned: bool = False
    handed_over: bool = False
    reached: bool = False
    reason: str = ""
    closed: bool = False
    why: str = ""
    path: Literal["agent", "agent_rep", "rep", "machine"] = "agent"
    contained: bool = False
    unanswered: bool = False
