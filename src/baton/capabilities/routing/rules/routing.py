"""The routing policy as a whole: its queues, and how who serves next is chosen."""

import msgspec

from baton.capabilities.routing.rules.queue import Queue, Zone


class Routing(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `routing.Routing`: the queues, how long an offer stays, and how who serves next is chosen.

    `match_permille` is what a perfect match of skill, language and load counts beside urgency, where 1000 is a wait of the
    target in a queue of 20 s; `affinity_permille` is the same for the rep of last time, `fairness_permille` for a share
    of hard conversations a tenth above the team's, `effect_permille` for a team known to meet a tenth more of such needs. Past `starving_after_s` first come is first served. `places` is how many of a rep's places a conversation of a channel takes (0 is all of
    them); work of `deferrable` channels yields to live conversations. A rep whose desk is gone for `grace_s` while they
    hold a conversation gives it back to the front of the line.
    """

    queues: tuple[Queue, ...] = ()
    offer_s: int = 20
    wait_limit_s: int = 1800
    match_permille: int = 300
    affinity_permille: int = 500
    fairness_permille: int = 200
    starving_after_s: int = 900
    places: dict[str, int] = msgspec.field(default_factory=lambda: {"voice": 0, "callback": 0})
    deferrable: tuple[str, ...] = ("email", "task", "outbound")
    zones: tuple[Zone, ...] = ()
    grace_s: int = 45
    effect_permille: int = 300


class Effect(msgspec.Struct, frozen=True, gc=False):
    """How much more often (permille) a team meets needs of an intent than all do, shrunken; `n` conversations of the team tell it."""

    intent: str
    team: str
    permille: int
    n: int


class Effects(msgspec.Struct, frozen=True, gc=False):
    """The policy `routing.Effects`: differences between teams that are known. It is learned; nobody writes it."""

    effects: tuple[Effect, ...] = ()
