"""Kept: accounts as SCIM users, and groups, read from and written to the file of accounts."""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from scim2_models import Meta, MutabilityException, UniquenessException
from sqlalchemy import delete, update
from sqlalchemy.engine import Row

from baton.kernel.errors import Conflict
from baton.web.app import App
from baton.web.identity.directory import follow_all
from baton.web.identity.rights import (
    ADDRESS,
    change_account,
    close_account,
    make_account,
    open_account,
)
from baton.web.identity.scim.models import Group, Membership, User
from baton.web.identity.tables import GROUPS
from baton.web.staff import NO_ROLE, Staff

K = TypeVar("K", User, Group)
BY_DIRECTORY = "the directory"


class Kept:
    """The people and groups of one installation, as `base` addresses them; changes are by `by`."""

    def __init__(self, app: App, base: str, by: str) -> None:
        self._app, self._base, self._by = app, base, by

    def users(self) -> list[User]:
        """Everybody, accounts that are closed too."""
        groups = self._groups()
        return [self._user(row, groups) for row in self._app.accounts.rows()]

    def user(self, id: str) -> User | None:
        """One account."""
        row = self._app.accounts.row(id)
        return self._user(row, self._groups()) if row is not None else None

    def groups(self) -> list[Group]:
        """Every group."""
        return [self._group(row) for row in self._groups()]

    def group(self, id: str) -> Group | None:
        """One group."""
        return next((self._group(row) for row in self._groups() if row.id == id), None)

    def _groups(self) -> list[Row[tuple[object, ...]]]:
        with self._app.accounts.db.connect() as db:
            return list(db.execute(GROUPS.select().order_by(GROUPS.c.made_ms, GROUPS.c.id)))

    def _user(self, row: Row[tuple[object, ...]], groups: list[Row[tuple[object, ...]]]) -> User:
        plain = {
            "userName": row.email,
            "displayName": row.name,
            "emails": [{"value": row.email, "primary": True}],
            "active": True,
        }
        said: dict[str, Any] = msgspec.json.decode(row.resource) if row.resource else plain
        if row.disabled or "active" in said:
            said["active"] = not row.disabled
        made = User.model_validate(said)
        mine = [Membership(value=each.id, display=each.name) for each in groups if row.id in each.members.split(",")]
        made.groups = mine or None
        return self._marked(made, row)

    def _group(self, row: Row[tuple[object, ...]]) -> Group:
        return self._marked(Group.model_validate(msgspec.json.decode(row.resource)), row)

    def _marked(self, made: K, row: Row[tuple[object, ...]]) -> K:
        kind = type(made).__name__
        version = sha256(made.model_dump_json().encode()).hexdigest()[:16]
        made.id = row.id
        made.meta = Meta(
            resource_type=kind, created=_time(row.made_ms), last_modified=_time(row.changed_ms), version=f'W/"{version}"',
            location=f"{self._base}/{kind}s/{row.id}",
        )  # fmt: skip
        return made

    async def add_user(self, user: User) -> str:
        """Make an account without a role, unless a group gives one; its id."""
        self._is_free(user, "")
        made = await self._made(user)
        self._app.accounts.change(made.id, resource=_said(user))
        if user.active is False:
            await close_account(self._app, made.id, self._by, BY_DIRECTORY)
        await follow_all(self._app, [made.id], self._by)
        return made.id

    async def _made(self, user: User) -> Staff:
        try:
            return await make_account(self._app, Staff("", _address(user), _name(user), NO_ROLE), self._by, "scim")
        except Conflict as taken:
            raise UniquenessException(detail=taken.message) from taken

    async def change_user(self, id: str, user: User) -> None:
        """Write what was replaced or patched; an account that is not active any more is closed at once."""
        self._is_free(user, id)
        app, row = self._app, self._app.accounts.row(id)
        if row is None:
            return
        if user.active is False and not row.disabled:
            await self._closed(id)
        elif user.active is not False and row.disabled:
            await open_account(app, id, self._by, BY_DIRECTORY)
        await change_account(app, id, self._by, email=_address(user), name=_name(user), resource=_said(user))
        await follow_all(app, [id], self._by)

    async def _closed(self, id: str, *, remove: bool = False) -> None:
        try:
            await close_account(self._app, id, self._by, BY_DIRECTORY, remove=remove)
        except Conflict as last:
            raise MutabilityException(detail=last.message) from last

    async def remove_user(self, id: str) -> None:
        """Keep nothing of an account but what the log tells of its id."""
        await self._closed(id, remove=True)

    def _is_free(self, user: User, id: str) -> None:
        wanted = {str(user.user_name).casefold(), _address(user).casefold()}
        for row in self._app.accounts.rows():
            said = msgspec.json.decode(row.resource)["userName"].casefold() if row.resource else row.email
            if row.id != id and wanted & {said, row.email}:
                raise UniquenessException(detail=f"{user.user_name!r} has an account already.")

    async def put_group(self, id: str, group: Group) -> None:
        """Write a group, new or changed, and give everybody who was or is in it the role that follows."""
        before, now = self._members(id), self._app.clock.now_ms()
        told = [member.value for member in group.members or [] if member.value]
        row = {"name": group.display_name, "resource": _said(group), "members": ",".join(told), "changed_ms": now}
        with self._app.accounts.db.begin() as db:
            done = db.execute(update(GROUPS).where(GROUPS.c.id == id).values(row).returning(GROUPS.c.id)).first()
            if done is None:
                db.execute(GROUPS.insert().values(id=id, made_ms=now, **row))
        await self._follow({*before, *told})

    async def remove_group(self, id: str) -> None:
        """Forget a group; who had a role by it has none any more."""
        before = self._members(id)
        with self._app.accounts.db.begin() as db:
            db.execute(delete(GROUPS).where(GROUPS.c.id == id))
        await self._follow(before)

    def _members(self, id: str) -> set[str]:
        return {member for row in self._groups() if row.id == id for member in row.members.split(",") if member}

    async def _follow(self, staff: set[str]) -> None:
        await follow_all(self._app, staff, self._by)


def _said(resource: User | Group) -> str:
    said = resource.model_dump()
    for own in ("id", "meta", "groups"):
        said.pop(own, None)
    return msgspec.json.encode(said).decode()


def _address(user: User) -> str:
    """Where they sign in from: their primary address, else the first, else the user name."""
    emails = sorted(user.emails or [], key=lambda each: not each.primary)
    found = [each.value for each in emails if each.value and ADDRESS.fullmatch(each.value)]
    name = str(user.user_name)
    return (found[0] if found else name if ADDRESS.fullmatch(name) else f"{name}@no.address.invalid").strip().lower()


def _name(user: User) -> str:
    parts = [user.name.given_name, user.name.family_name] if user.name else []
    whole = user.name.formatted if user.name else None
    return user.display_name or whole or " ".join(part for part in parts if part) or str(user.user_name)


def _time(at_ms: int) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, UTC)
