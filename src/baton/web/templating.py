"""Templating: the one Jinja environment, and what the shell around every staff page needs to know."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import BaseLoader, ChoiceLoader, Environment, FileSystemLoader, PrefixLoader, StrictUndefined

from baton.web import charts, formats

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent / "static"
_PACKAGE = Path(__file__).parent.parent


@dataclass(frozen=True)
class Screen:
    """An entry of the left rail. `key` is pressed after `g`; `group` draws a line between kinds of work.

    `opened_by` is the screen whose right opens it, where it has none of its own.
    """

    name: str
    label: str
    href: str
    icon: str
    key: str
    group: str
    opened_by: str = ""


SCREENS: tuple[Screen, ...] = (
    Screen("desk", "Desk", "/desk", "desk", "d", "serve"),
    Screen("live", "Live", "/live", "live", "l", "serve"),
    Screen("conversations", "Conversations", "/conversations", "chats", "c", "serve"),
    Screen("performance", "Performance", "/performance", "performance", "p", "improve"),
    Screen("quality", "Quality", "/quality", "quality", "q", "improve"),
    Screen("planning", "Planning", "/planning", "planning", "n", "improve"),
    Screen("knowledge", "Knowledge", "/knowledge", "knowledge", "k", "build"),
    Screen("agents", "Agents", "/agents", "agent", "a", "build"),
    Screen("cases", "Cases", "/cases", "cases", "s", "build"),
    Screen("machines", "Machines", "/machines", "machine", "m", "build"),
    Screen("outreach", "Outreach", "/outreach", "outreach", "o", "run"),
    Screen("value", "Value", "/value", "value", "v", "run"),
    Screen("governance", "Governance", "/governance", "shield", "u", "run", opened_by="agents"),
    Screen("admin", "Admin", "/admin", "admin", "x", "run"),
)


@dataclass(frozen=True)
class Viewer:
    """Who is signed in: shown in the user menu."""

    name: str
    role: str
    email: str


@dataclass(frozen=True)
class Link:
    """A saved view or a command of the palette. `hint` says where it leads; `current` marks the view in use."""

    label: str
    href: str
    hint: str = ""
    current: bool = False


@dataclass(frozen=True)
class Shell:
    """What layout.html needs, passed to every page as `shell`.

    `screens` holds only what the viewer's role may open. `position` is the log position the page was read at: live
    updates resume from there. `zone` is an IANA time zone. `invented` shows that the data is made up. The bell is shown where
    `notices_href` says where it leads.
    """

    viewer: Viewer
    screens: tuple[Screen, ...]
    active: str
    csrf: str
    position: int = 0
    zone: str = "UTC"
    organisation: str = ""
    invented: bool = False
    presence: str = ""
    notices: int = 0
    notices_href: str = ""
    views: tuple[Link, ...] = ()
    commands: tuple[Link, ...] = ()


def screens_for(allowed: Iterable[str]) -> tuple[Screen, ...]:
    """The rail entries a role may open, in the rail's order."""
    names = frozenset(allowed)
    return tuple(screen for screen in SCREENS if (screen.opened_by or screen.name) in names)


def environment(capabilities: Mapping[str, Path] | None = None) -> Environment:
    """The Jinja environment: always escapes, and an unknown name is an error.

    `capabilities` maps a capability's name to its folder (default: those that ship with Baton); its page is loaded as
    "capabilities/<name>/page.html", a channel's as "channels/<name>/page.html".
    """
    made = Environment(
        loader=_loader(capabilities),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(_FILTERS)
    made.globals.update(charts=charts, LEDGER=charts.LEDGER, LOOKS=charts.LOOKS)
    return made


def _loader(capabilities: Mapping[str, Path] | None) -> BaseLoader:
    folders: dict[str, BaseLoader] = {name: FileSystemLoader(_PACKAGE / name) for name in ("channels", "demo")}
    if capabilities is None:
        folders["capabilities"] = FileSystemLoader(_PACKAGE / "capabilities")
    else:
        folders["capabilities"] = PrefixLoader({name: FileSystemLoader(path) for name, path in capabilities.items()})
    return ChoiceLoader([FileSystemLoader(TEMPLATES), PrefixLoader(folders)])


_FILTERS = {
    "number": formats.number,
    "permille": formats.permille,
    "percent": formats.percent,
    "points": formats.points,
    "interval": formats.interval,
    "duration": formats.duration,
    "duration_words": formats.duration_words,
    "clock": formats.clock,
    "day": formats.day,
    "day_time": formats.day_time,
    "iso": formats.iso,
    "money": formats.money,
    "initials": formats.initials,
}
