"""Explain: why each decision was taken, from what, and what it beat; read from the log, never worked out again."""

import msgspec

from baton.kernel.codec import Codec
from baton.kernel.conversation import Decided, TurnSaid
from baton.kernel.errors import BatonError
from baton.kernel.events import Event, Fact
from baton.kernel.log import Recorded, Store


class Explained(msgspec.Struct, frozen=True):
    """One input, what was understood of it, and the decision it led to (None where nothing was to decide)."""

    position: int
    stream: str
    at_ms: int
    by: str
    event: Event
    facts: tuple[tuple[str, Event], ...]
    decided: Decided | None
    caused: tuple[tuple[str, Event], ...]


async def explained(store: Store, codec: Codec, id: str) -> list[Explained]:
    """Every input of a stream (its id, or the part behind the slash of a conversation's), or the one at a position.

    Raises:
        BatonError: 404 where there is no such stream or position.
    """
    rows = await _rows(store, id)
    if not rows:
        raise BatonError(
            "not_found", 404, f"There is no stream or position {id!r}. The Conversations screen lists what there is."
        )
    return [_explained(codec, row) for row in rows]


async def _rows(store: Store, id: str) -> list[Recorded]:
    if id.isdigit():
        row = await store.at(int(id))
        return [row] if row else []
    return await store.stream(id if "/" in id else f"conversation/{id}")


def _explained(codec: Codec, row: Recorded) -> Explained:
    entry = row.entry
    caused = codec.decode_all(entry.stream, row.caused) if row.caused else []
    named = tuple((c.by, c.event) for c in caused)
    facts = tuple((by, e) for by, e in named if isinstance(e, Fact))
    decided = next((e for _, e in named if isinstance(e, Decided)), None)
    rest = tuple((by, e) for by, e in named if not isinstance(e, Fact | Decided))
    event = codec.decode(entry.stream, entry.body)
    return Explained(entry.position, entry.stream, entry.happened_at_ms, entry.by, event, facts, decided, rest)


def in_words(each: Explained) -> list[str]:
    """An explained input as lines for a person to read."""
    lines = [f"{each.position}  {each.by}  {_short(each.event)}"]
    lines += [f"    {by}: {_short(fact)}" for by, fact in each.facts]
    if each.decided is not None:
        chosen = each.decided
        lines.append(
            f"  decided ({chosen.by}): {chosen.action} {_args(chosen.args)} worth {chosen.value}, because {chosen.why}"
        )
        if chosen.chance_permille < 1000:
            lines.append(f"    chosen with probability {chosen.chance_permille / 1000:.3f} among near-ties")
        lines += [f"    over: {p.action} {_args(p.args)} worth {p.value}, because {p.why}" for p in chosen.over]
        lines += [f"    not allowed: {v.action}, because {v.why}" for v in chosen.vetoed]
    lines += [f"    then: {_short(event)}" for _, event in each.caused]
    return lines


def _args(args: dict[str, str | int | bool]) -> str:
    return " ".join(f"{k}={v}" for k, v in args.items())


def _short(event: Event) -> str:
    if isinstance(event, TurnSaid):
        return f"{event.role}: {event.text}"
    fields = {f: getattr(event, f) for f in event.__struct_fields__ if f not in type(event).personal_fields}
    return f"{event.event_name} " + " ".join(f"{k}={v}" for k, v in fields.items() if v not in ("", 0, (), {}))
