"""Directory: what an identity provider says of groups, and the roles that follow from it."""

import logging
from collections.abc import Collection

from baton.kernel.errors import Conflict
from baton.web.app import App
from baton.web.identity.events import SignIns
from baton.web.identity.rights import give_role
from baton.web.identity.tables import GROUPS
from baton.web.staff import NO_ROLE

log = logging.getLogger(__name__)


def role_of(rules: SignIns, groups: Collection[str]) -> str:
    """The role that these groups give: the first rule that fits; empty where none does."""
    known = {group.casefold() for group in groups}
    return next((rule.role for rule in rules.groups if rule.group.casefold() in known), "")


def groups_of(app: App, staff_id: str) -> list[str]:
    """The names of the provisioned groups somebody is in."""
    with app.accounts.db.connect() as db:
        return [row.name for row in db.execute(GROUPS.select()) if staff_id in row.members.split(",")]


async def follow_groups(app: App, staff_id: str, by: str) -> None:
    """Give somebody the role their groups give. Who had theirs by a group and is in none that gives one has none any more."""
    row = app.accounts.row(staff_id)
    if row is None:
        return
    role = role_of(app.policy(SignIns), groups_of(app, staff_id))
    if role:
        await give_role(app, staff_id, role, by, "groups of the directory", by_group=True)
    elif row.by_group:
        await give_role(app, staff_id, NO_ROLE, by, "groups of the directory", by_group=True)


async def follow_all(app: App, staff: Collection[str], by: str) -> list[str]:
    """Everybody follows their groups; returns those who keep what they may, because nobody else may change rights."""
    kept = []
    for each in sorted(staff):
        try:
            await follow_groups(app, each, by)
        except Conflict:
            log.warning("the last administrator keeps the right that their groups would take: staff=%s", each)
            kept.append(each)
    return kept
