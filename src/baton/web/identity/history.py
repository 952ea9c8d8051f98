"""History: what the log tells of one person's rights, in words."""

from dataclasses import dataclass
from typing import Final

from baton.capabilities.governance.events import SignedIn
from baton.kernel.events import Event
from baton.web.app import App
from baton.web.identity import events as said
from baton.web.identity.frame import titles

SHOWN: Final = 30


@dataclass(frozen=True)
class Happened:
    """One thing: when, what, by whom and why."""

    at_ms: int
    what: str
    by: str
    why: str = ""


async def history(app: App, staff_id: str) -> list[Happened]:
    """The newest first."""
    names = {row.id: row.name for row in app.accounts.rows()}
    called = titles(app)
    told = await app.reader.told(f"staff/{staff_id}")
    found = [(entry.at_ms, entry.event, _words(entry.event, called)) for entry, _ in reversed(told)]
    return [
        Happened(at_ms, what, names.get(by := getattr(event, "by", ""), by), getattr(event, "why", "")) for at_ms, event, what in found if what
    ][:SHOWN]  # fmt: skip


def _words(event: Event, called: dict[str, str]) -> str:
    match event:
        case SignedIn():
            return f"Signed in as {called.get(event.role, event.role)}"
        case said.AccountMade():
            return f"Account made, {called.get(event.role, event.role)}"
        case said.RoleGiven():
            return f"Role: {called.get(event.before, event.before)} → {called.get(event.role, event.role)}"
        case said.AccountChanged():
            return f"Changed: {', '.join(event.changed)}"
        case said.AccountClosed():
            return "Account removed" if event.removed else "Account closed"
        case said.AccountOpened():
            return "Account opened again"
        case said.SessionsEnded():
            return f"{event.count} {'session' if event.count == 1 else 'sessions'} ended"
        case _:
            return _of_doors(event)


def _of_doors(event: Event) -> str:
    match event:
        case said.LinkMade():
            return "Link for a password made"
        case said.PasswordSet():
            return "Password set by link"
        case said.PasskeyAdded():
            return "Passkey added"
        case said.PasskeyRemoved():
            return "Passkey removed"
        case said.PasskeyRefused():
            return "Passkey refused"
        case said.KeyMade():
            return f"Key {event.key}… made"
        case said.KeyRevoked():
            return f"Key {event.key}… revoked"
        case _:
            return ""
