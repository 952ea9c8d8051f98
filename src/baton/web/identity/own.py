"""Own: what concerns one's own sign-in. It needs a session: a key can neither make a key nor add a passkey."""

from fastapi import Request

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.staff import Staff


def own(app: App, request: Request) -> Staff:
    """Who asks, by session; raises 401 where nobody is signed in and 403 for a key."""
    staff = app.holder(request)
    if staff.how == "key":
        raise BatonError("session_needed", 403, "A key does not change how its owner signs in. Sign in yourself.")
    return staff
