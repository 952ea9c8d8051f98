"""Parts: the screen in pieces that are fetched again only when they changed, so that nothing else moves under the reader."""

from collections.abc import Iterable, Mapping
from hashlib import blake2b
from typing import Final

import msgspec

from baton.capabilities.routing.screen.agents import fleet
from baton.capabilities.routing.screen.alerts import alerts
from baton.capabilities.routing.screen.changes import Revision, changes
from baton.capabilities.routing.screen.cover import cover
from baton.capabilities.routing.screen.mix import mix
from baton.capabilities.routing.screen.people import people
from baton.capabilities.routing.screen.queues import rows
from baton.capabilities.routing.screen.risk import risks
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.tiles import tiles

TILE: Final = "tile-"


class Filling(msgspec.Struct, frozen=True):
    """The invented history that fills in."""

    told: int
    expected: int
    since_ms: int


class Known(msgspec.Struct, frozen=True):
    """An outage under way: what staff call it, since when, how many conversations were told, which queues (none: all)."""

    outage: str
    title: str
    began_ms: int
    told: int
    queues: list[str]


class Part(msgspec.Struct, frozen=True):
    """A piece of the page: its id, its template, what it shows, and a hash of that: its version."""

    id: str
    template: str
    shows: object
    version: str

    @property
    def seen(self) -> str:
        """What the page says it has."""
        return f"{self.id}:{self.version}"


def parts(seen: Seen, revisions: list[Revision], filling: Filling | None) -> tuple[Part, ...]:
    """Every part, in the order of the page."""
    return (
        _part("alerts", alerts(seen)),
        _part("outage", _outage(seen)),
        _part("filling", filling),
        *(_part(TILE + tile.id, tile, "tile") for tile in tiles(seen)),
        _part("queues", rows(seen)),
        _part("risk", risks(seen)),
        _part("cover", cover(seen)),
        _part("mix", mix(seen)),
        _part("changes", changes(seen, revisions)),
        _part("agents", fleet(seen)),
        _part("people", people(seen)),
    )


def _outage(seen: Seen) -> Known | None:
    """The outage customers are told of; None without one."""
    now = seen.outage
    told = next((o.told or 0 for o in seen.floor.led.outages if o.outage == now.id), 0)
    return Known(now.id, now.title, now.began_ms, told, [seen.title(q) for q in now.queues]) if now.id else None


def changed(all_parts: Iterable[Part], had: Iterable[str]) -> list[Part]:
    """The parts whose version the page does not have."""
    known = set(had)
    return [part for part in all_parts if part.seen not in known]


def by_id(all_parts: Iterable[Part]) -> Mapping[str, Part]:
    """The parts by their ids."""
    return {part.id: part for part in all_parts}


def _part(id: str, shows: object, template: str = "") -> Part:
    return Part(id, f"capabilities/routing/parts/{template or id}.html", shows, _hash(shows))


def _hash(shows: object) -> str:
    return blake2b(msgspec.json.encode(shows), digest_size=6).hexdigest()
