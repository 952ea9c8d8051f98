"""Accounts of a home of one's own: made on the command line, since nobody can sign in before there is one."""

import re

import msgspec

from baton.kernel.clock import SystemChance, WallClock
from baton.kernel.errors import BatonError
from baton.settings import Settings
from baton.web.staff import ROLES, Accounts, Role, Staff

ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,189}")
SECRET_BYTES = 12


def make_account(settings: Settings, email: str, role: str, name: str) -> dict[str, object]:
    """Add an account, or give the one of this address a role and a password anew; its sessions end.

    Returns:
        How to sign in. The password is told here once; only its hash is kept.
    """
    known_role = next((each for each in ROLES if each == role), None)
    if known_role is None:
        raise BatonError("unknown_role", 422, f"{role!r} is no role. Use one of {', '.join(ROLES)}.")
    if not ADDRESS.fullmatch(email):
        raise BatonError("bad_address", 422, f"{email!r} is no e-mail address. Write it like mara@example.com.")
    chance = SystemChance()
    accounts = Accounts(settings.home / "staff.db", WallClock(), chance)
    try:
        password = chance.token(SECRET_BYTES)
        accounts.add(_staff(accounts, email, known_role, name), password)
    finally:
        accounts.close()
    return {"email": email.strip().lower(), "role": role, "password": password}


def _staff(accounts: Accounts, email: str, role: Role, name: str) -> Staff:
    known = accounts.by_email(email)
    if known is not None:
        return msgspec.structs.replace(known, role=role, name=name or known.name)
    local = email.partition("@")[0].lower()
    taken = {each.id for each in accounts.everyone()}
    return Staff(email.lower() if local in taken else local, email, name or local, role)
