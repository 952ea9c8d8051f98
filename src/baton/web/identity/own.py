"""Own: what needs a session. A key changes nobody's sign-in and gives nobody a right, its owner included."""

from typing import Final

from fastapi import Request

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.staff import Staff

CHANGES: Final = "A key does not change how its owner signs in. Sign in yourself."
GIVES: Final = (
    "A key gives nobody a right, whatever its scopes. Sign in yourself (POST /api/sign-in, then its cookie and X-CSRF-Token), or let a directory "
    "provision by SCIM. Nothing was changed."
)


def own(app: App, request: Request, told: str = CHANGES) -> Staff:
    """Who asks, by session; raises 401 where nobody is signed in and 403 for a key, with what was `told`."""
    staff = app.holder(request)
    if staff.how == "key":
        raise BatonError("session_needed", 403, told)
    return staff
