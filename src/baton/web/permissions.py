"""Permissions: role x screen x act, and whose conversation it is. Cedar policies: those that ship, and the organisation's own."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import cedarpy
import msgspec

from baton.web.identity.events import MadeRole, Roles
from baton.web.staff import ROLES, Staff

SCREENS: Final = (
    "desk", "live", "conversations", "performance", "quality", "planning", "knowledge", "agents", "cases", "machines",
    "outreach", "value", "admin",
)  # fmt: skip
ACTS: Final = (
    "open", "serve", "take_over", "assign", "explain", "export", "import", "propose", "change", "approve", "stop", "replay", "see_pay", "see_personal", "witness",
)  # fmt: skip
OBJECT_ACTS: Final = ("see", "speak", "read_load")
ASKS_OF_KEYS: Final = {
    "see": ("conversations:open", "desk:open", "desk:serve"), "speak": ("desk:serve",), "read_load": ("desk:open", "desk:serve"),
}  # fmt: skip
"""Which scopes of a key let it do what is asked of an object."""
SOURCE: Final = Path(__file__).with_name("permissions.cedar")
KEPT: Final = 20_000
Entities = list[dict[str, object]]


class Permissions:
    """One Cedar decision each: about 30 to 100 microseconds; screens are asked once a role and kept.

    `made` gives the organisation's own roles as they are now: when they change, everything is asked again. Where their
    Cedar cannot be read, nobody has any right by them.
    """

    def __init__(self, text: str | None = None, made: Callable[[], Roles] = Roles) -> None:
        self._text, self._made = SOURCE.read_text() if text is None else text, made
        self._known = Roles()
        self._kinds: dict[str, str] = {}
        self._screens: dict[tuple[object, ...], bool] = {}
        self._read(self._known)

    def _now(self) -> None:
        made = self._made()
        if made is not self._known and made != self._known:
            self._read(made)

    def _read(self, made: Roles) -> None:
        self._known, self._screens = made, {}
        try:
            self._policies = cedarpy.PolicySet.from_str("\n".join([self._text, *map(cedar_of, made.roles)]))
        except ValueError:
            made = Roles()
            self._policies = cedarpy.PolicySet.from_str(self._text)
        self._kinds = {**{role: role for role in ROLES}, **{role.id: role.kind for role in made.roles}}

    @property
    def roles(self) -> tuple[str, ...]:
        """Every role there is: those that ship, then the organisation's own."""
        self._now()
        return tuple(self._kinds)

    def kind(self, role: str) -> str:
        """The role that ships which a role is, or was made from; empty where there is no such role."""
        self._now()
        return self._kinds.get(role, "")

    def may(self, role: str, act: str, screen: str) -> bool:
        """Whether a role may do `act` on `screen`. A name nobody knows is not allowed."""
        kind = self.kind(role)
        made_role = "" if kind == role else role
        return self.lets(Staff("anyone", "", "", kind, made_role=made_role), act, screen)

    def lets(self, staff: Staff, act: str, screen: str) -> bool:
        """Whether someone may do `act` on `screen`: by their role and what is said of them, and by the key they use."""
        self._now()
        key = (staff.role, staff.rights, staff.attributes, staff.scopes, act, screen)
        known = self._screens.get(key)
        if known is None:
            if self._kinds.get(staff.rights) != staff.role or act not in ACTS or screen not in SCREENS:
                return False
            if len(self._screens) > KEPT:
                self._screens.clear()
            asked = (f"{screen}:{act}",)
            anyone = msgspec.structs.replace(staff, id="anyone")
            known = self._screens[key] = self._ask(
                _person(anyone), anyone, act, {"type": "Screen", "id": screen}, asked
            )
        return known

    def may_with(self, staff: Staff, act: str, conversation: str, reps: Iterable[str], holder: str = "") -> bool:
        """Whether someone may `see` or `speak` in a conversation that `reps` hold, held or were offered."""
        attrs: dict[str, object] = {"reps": [_uid("Staff", rep) for rep in reps]}
        if holder:
            attrs["holder"] = _uid("Staff", holder)
        return self._object(staff, act, {"type": "Conversation", "id": conversation}, attrs)

    def may_read_load(self, staff: Staff, rep: str) -> bool:
        """Whether someone may read a rep's work load: it is the rep's own."""
        return self._object(staff, "read_load", {"type": "Load", "id": rep}, {"owner": _uid("Staff", rep)})

    def opened_by(self, role: str) -> list[str]:
        """The screens a role may open."""
        return [screen for screen in SCREENS if self.may(role, "open", screen)]

    def opened_to(self, staff: Staff) -> list[str]:
        """The screens someone may open."""
        return [screen for screen in SCREENS if self.lets(staff, "open", screen)]

    def _object(self, staff: Staff, act: str, uid: dict[str, str], attrs: dict[str, object]) -> bool:
        self._now()
        if self._kinds.get(staff.rights) != staff.role:
            return False
        entities = [*_person(staff), {"uid": uid, "attrs": attrs, "parents": []}]
        return self._ask(entities, staff, act, uid, ASKS_OF_KEYS[act])

    def _ask(
        self, entities: Entities, staff: Staff, act: str, resource: dict[str, str], asked: tuple[str, ...]
    ) -> bool:
        context: dict[str, object] = {"asked": list(asked)}
        if staff.scopes is not None:
            context["scopes"] = sorted(_spelled(staff.scopes))
        request = {
            "principal": {"type": "Staff", "id": staff.id}, "action": {"type": "Action", "id": act}, "resource": resource, "context": context,
        }  # fmt: skip
        return bool(cedarpy.is_authorized(request, self._policies, msgspec.json.encode(entities).decode()).allowed)


def cedar_of(role: MadeRole) -> str:
    """The Cedar of a made role: one policy a screen it may do something on, then what was written beside them."""
    acts = {screen: [act for act in ACTS if f"{screen}:{act}" in role.allows] for screen in SCREENS}
    lines = [f"// {role.title}: made from {role.kind}" if "\n" not in role.title else ""]
    for screen, allowed in acts.items():
        if allowed:
            named = ", ".join(f'Action::"{act}"' for act in allowed)
            lines += [
                f'@id("{role.id}-{screen}")',
                f'permit (principal in Role::"{role.id}", action in [{named}], resource == Screen::"{screen}");',
            ]
    return "\n".join([*lines, role.cedar, ""])


def _spelled(scopes: Iterable[str]) -> set[str]:
    """Scopes with `screen:*` written out."""
    spelled: set[str] = set()
    for scope in scopes:
        screen, _, act = scope.partition(":")
        spelled |= {f"{screen}:{each}" for each in ACTS} if act == "*" else {scope}
    return spelled


def _uid(kind: str, id: str) -> dict[str, dict[str, str]]:
    return {"__entity": {"type": kind, "id": id}}


def _person(staff: Staff) -> Entities:
    parents = [{"type": "Role", "id": staff.rights}, {"type": "Kind", "id": staff.role}]
    return [{"uid": {"type": "Staff", "id": staff.id}, "attrs": dict(staff.attributes), "parents": parents}]


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
        "## Roles of your own", "",
        "An administrator makes further roles on `/admin/roles`, each from one that ships: it keeps whose conversations that role sees, and "
        "may do on each screen what is ticked. What no role may ever do is forbidden by the policies that ship, so nothing written "
        "beside them lifts it: reading another's work load, speaking without holding, a rep reading what was never theirs, a customer "
        "opening a staff screen, a key doing more than its scopes.", "",
        "An API key does what its owner may and its scopes name (`screen:act`, `screen:*`, or `scim`), never more.", "",
    ]  # fmt: skip
    return "\n".join(lines)
