"""A queue: what it takes, when it is open, how its delay counts, and where it goes when it is too much."""

import msgspec


class Urgency(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """How waiting in a queue counts: cost = weight x (wait / target) ** power; generalised c-mu serves by its slope.

    `weight_permille` is the queue's weight, `power_permille` is from 1000 (each second counts the same) to 3000, in steps
    of 500; 2000 makes the last second count in proportion to the wait.
    """

    weight_permille: int = 1000
    power_permille: int = 2000


class Queue(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A queue: the intents it takes, the skill it needs, its service-level target and opening hours (minutes of `zone`).

    `closed_days` are weekdays, Monday 0, `closed_dates` are ISO dates. `person_first` sends every conversation of the queue
    to a person at once, `person_first_intents` only those. `reasons` are why a person is needed (`bereavement`) that this
    queue takes before any other, whatever the intent.

    `reserved` free reps with the queue's skill are kept free for it. Past `overflow_after_s`, or at once where nobody at
    work has the skill, reps of the queues `overflow_to` are asked too. Work of deferrable channels is due after
    `deferred_target_s`.

    The AI on duty is a member of the queue for conversations of the complexities `agent_levels`: it takes what waited
    `agent_after_s` for a person, if nobody asked for one and none is needed.
    """

    id: str
    title: str
    skill: str = ""
    intents: tuple[str, ...] = ()
    target_s: int = 20
    target_permille: int = 800
    opens_minute: int = 0
    closes_minute: int = 1440
    person_first: bool = False
    closed_days: tuple[int, ...] = ()
    person_first_intents: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    zone: str = "UTC"
    closed_dates: tuple[str, ...] = ()
    urgency: Urgency = Urgency()
    reserved: int = 0
    overflow_after_s: int = 0
    overflow_to: tuple[str, ...] = ()
    deferred_target_s: int = 14_400
    agent_levels: tuple[str, ...] = ()
    agent_after_s: int = 30


class Zone(msgspec.Struct, frozen=True, gc=False):
    """A time zone as deciding reads it: from each time (ms since the epoch) on, minutes ahead of UTC.

    Written into the policy when it is revised, so that a decision never depends on the time-zone data of a machine.
    """

    id: str
    offsets: tuple[tuple[int, int], ...] = ()
