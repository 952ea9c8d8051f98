"""Acts of wellbeing, all inside: asking for a breather, granting some, beginning one."""

from collections.abc import Iterator
from hashlib import blake2b

from msgspec.structs import replace

from baton.capabilities.wellbeing.breathers import granting, own
from baton.capabilities.wellbeing.events import Asked, Breather, BreatherAsked, Duty, Load, Wellbeing, team_stream
from baton.capabilities.wellbeing.load.counting import rested
from baton.kernel.conversation import Decided, Due, To
from baton.kernel.events import Event
from baton.kernel.stream import Stream

Said = Iterator[Event | To]


def ask_breather(decided: Decided, stream: Stream) -> Said:
    """The team's stream is asked; the rep hears of it only once it may be offered."""
    rules, duty, team = stream.policy(Wellbeing), stream.facts.get(Duty), own.team_of(stream.facts)
    ref = blake2b(f"{stream.id}|{stream.entry.position}".encode(), digest_size=8).hexdigest()
    until_ms = stream.now_ms + 1000 * rules.stays_s
    yield Breather(ref, "asked", team, rest_s=rules.break_s, until_ms=until_ms)
    yield To(team_stream(team), BreatherAsked(ref, stream.key, team, rules.break_s, duty.skills if duty else ()))
    yield To(stream.id, Due(own.LAPSES, ref), until_ms)


def grant_breathers(decided: Decided, stream: Stream) -> Said:
    """One by its name, or the oldest so many."""
    asked = stream.facts.all(Asked)
    ref, by = decided.args.get("ref"), str(decided.args.get("by", granting.POLICY))
    chosen = [each for each in granting.waiting(asked) if ref in {None, each.ref}]
    yield from granting.granted(chosen[: int(decided.args.get("many", 1))], by, stream)


def take_breather(decided: Decided, stream: Stream) -> Said:
    """The breather begins, and the load with it: breathers do not follow one another."""
    breather, load = own.current(stream.facts, str(decided.args["ref"])), stream.facts.get(Load)
    if breather is None or breather.state != "offered":
        return
    if load is not None:
        yield replace(rested(load, stream.now_ms), milli_min=0)
    yield from own.begun(breather, stream)
