"""Permissions: role x screen x act, and whose conversation it is. Cedar policies, parsed once (permissions.cedar)."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

import cedarpy
import msgspec

from baton.web.staff import ROLES, Staff

SCREENS: Final = (
    "desk", "live", "conversations", "performance", "quality", "planning", "knowledge", "agents", "cases", "machines",
    "outreach", "value", "admin",
)  # fmt: skip
ACTS: Final = (
    "open", "serve", "take_over", "assign", "explain", "export", "import", "propose", "change", "approve", "stop", "replay", "see_pay", "see_personal",
)  # fmt: skip
OBJECT_ACTS: Final = ("see", "speak", "read_load")
SOURCE: Final = Path(__file__).with_name("permissions.cedar")


class Permissions:
    """One Cedar decision each: about 30 to 100 microseconds; screens are asked once a role and kept."""

    def __init__(self, text: str | None = None) -> None:
        self._policies = cedarpy.PolicySet.from_str(SOURCE.read_text() if text is None else text)
        self._screens: dict[tuple[str, str, str], bool] = {}

    def may(self, role: str, act: str, screen: str) -> bool:
        """Whether a role may do `act` on `screen`. A name nobody knows is not allowed."""
        key = (role, act, screen)
        known = self._screens.get(key)
        if known is None:
            if role not in ROLES or act not in ACTS or screen not in SCREENS:
                return False
            known = self._screens[key] = self._ask(
                _person("anyone", role), "anyone", act, {"type": "Screen", "id": screen}
            )
        return known

    def may_with(self, staff: Staff, act: str, conversation: str, reps: Iterable[str], holder: str = "") -> bool:
        """Whether someone may `see` or `speak` in a conversation that `reps` hold, held or were offered."""
        attrs: dict[str, object] = {"reps": [_uid("Staff", rep) for rep in reps]}
        if holder:
            attrs["holder"] = _uid("Staff", holder)
        uid = {"type": "Conversation", "id": conversation}
        entities = [*_person(staff.id, staff.role), {"uid": uid, "attrs": attrs, "parents": []}]
        return self._ask(entities, staff.id, act, uid)

    def may_read_load(self, staff: Staff, rep: str) -> bool:
        """Whether someone may read a rep's work load: it is the rep's own."""
        uid = {"type": "Load", "id": rep}
        owner: dict[str, object] = {"uid": uid, "attrs": {"owner": _uid("Staff", rep)}, "parents": []}
        return self._ask([*_person(staff.id, staff.role), owner], staff.id, "read_load", uid)

    def opened_by(self, role: str) -> list[str]:
        """The screens a role may open."""
        return [screen for screen in SCREENS if self.may(role, "open", screen)]

    def _ask(self, entities: list[dict[str, object]], who: str, act: str, resource: dict[str, str]) -> bool:
        request = {
            "principal": {"type": "Staff", "id": who}, "action": {"type": "Action", "id": act}, "resource": resource, "context": {},
        }  # fmt: skip
        return bool(cedarpy.is_authorized(request, self._policies, msgspec.json.encode(entities).decode()).allowed)


def _uid(kind: str, id: str) -> dict[str, dict[str, str]]:
    return {"__entity": {"type": kind, "id": id}}


def _person(id: str, role: str) -> list[dict[str, object]]:
    return [{"uid": {"type": "Staff", "id": id}, "attrs": {}, "parents": [{"type": "Role", "id": role}]}]


def page() -> str:
    """docs/reference/permissions.md, from the policies."""
    asked = Permissions()
    lines = [
        "# Permissions", "",
        "Who may do what where. Generated from `src/baton/web/permissions.cedar`; a test compares them. An empty cell means no.", "",
        f"| screen | {' | '.join(role.replace('_', ' ') for role in ROLES)} |", f"|---{'|---' * len(ROLES)}|",
    ]  # fmt: skip
    for screen in SCREENS:
        cells = [", ".join(act.replace("_", " ") for act in ACTS if asked.may(role, act, screen)) for role in ROLES]
        lines.append(f"| {screen} | {' | '.join(cells)} |")
    lines += [
        "",
        "## Whose conversation", "",
        "A rep sees the conversations they hold, held or were offered. Supervisors, analysts, knowledge managers, admins and "
        "integrations see all. Only the rep who holds a conversation speaks in it. A foreign id and a missing one both answer 404.", "",
        "A rep's work load is the rep's own: they read, export and delete it. Nobody else may, whatever their role; supervisors see "
        "what teams of eight or more need and what it costs.", "",
        "A customer has no staff screen: the chat token opens their own conversation and nothing else.", "",
    ]  # fmt: skip
    return "\n".join(lines)
