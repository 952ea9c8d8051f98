"""Passkeys: signing in by a device that proves it holds a key and that its owner is there (WebAuthn level 2).

Sources: W3C Web Authentication 7.1 and 7.2. Credentials are discoverable, the user is verified, a challenge is made here,
bound to the browser that asked, used once and lasts two minutes; a counter that goes back is refused as a copy.
"""

from typing import Any, Final
from urllib.parse import urlsplit

import msgspec
from sqlalchemy import delete, select, update
from webauthn import (
    base64url_to_bytes,
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity.tables import PASSKEYS
from baton.web.staff import Staff

LASTS_MS: Final = 120_000
MOST: Final = 20
BAD: Final = (WebAuthnException, ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What a credential that is not as it must be makes the verifier raise."""


class Passkey(msgspec.Struct, frozen=True, gc=False):
    """A passkey as lists show it; `used_ms` is 0 where it never was used."""

    id: str
    staff: str
    name: str
    made_ms: int
    used_ms: int


class Copied(BatonError):
    """The counter of a known passkey went back."""

    def __init__(self, staff: str, passkey: str) -> None:
        super().__init__(
            "passkey_refused", 401, "This passkey was refused. Sign in another way, and tell an administrator."
        )
        self.staff, self.passkey = staff, passkey


def refused() -> BatonError:
    """The one answer to every bad passkey, known or not."""
    return BatonError(
        "passkey_refused", 401, "This passkey does not open an account here. Try again, or sign in another way."
    )


class Passkeys:
    """The passkeys of everybody."""

    def __init__(self, app: App) -> None:
        self._app, self._db, self._once = app, app.accounts.db, app.accounts.once

    @property
    def origin(self) -> str:
        """Where the browser must be: the setting, or localhost."""
        settings = self._app.settings
        return settings.public_url.rstrip("/") or f"http://localhost:{settings.port}"

    @property
    def rp_id(self) -> str:
        """The domain that passkeys are bound to."""
        return urlsplit(self.origin).hostname or "localhost"

    def of(self, staff: str) -> list[Passkey]:
        """Somebody's passkeys, the oldest first."""
        with self._db.connect() as db:
            found = db.execute(select(PASSKEYS).where(PASSKEYS.c.staff == staff).order_by(PASSKEYS.c.made_ms))
            return [Passkey(r.id, r.staff, r.name, r.made_ms, r.used_ms) for r in found]

    def _challenge(self, purpose: str, bound_to: str) -> bytes:
        return base64url_to_bytes(self._once.make(f"passkey/{purpose}", bound_to, LASTS_MS))

    def _taken(self, purpose: str, bound_to: str, credential: dict[str, Any]) -> bytes:
        """The challenge this credential answers, if it was made here for this browser and not answered before."""
        try:
            said = msgspec.json.decode(
                base64url_to_bytes(credential["response"]["clientDataJSON"]), type=dict[str, Any]
            )
            challenge = str(said["challenge"])
        except (msgspec.DecodeError, *BAD) as error:
            raise refused() from error
        if self._once.take(f"passkey/{purpose}", challenge) != bound_to or not bound_to:
            raise refused()
        return base64url_to_bytes(challenge)

    def adding(self, staff: Staff, bound_to: str) -> str:
        """What the browser needs to make a passkey, as JSON."""
        known = self.of(staff.id)
        if len(known) >= MOST:
            raise BatonError(
                "too_many_passkeys", 422, f"{MOST} passkeys are as many as one account has. Remove one first."
            )
        return options_to_json(
            generate_registration_options(
                rp_id=self.rp_id, rp_name=self._app.organisation.name or "Baton", user_name=staff.email, user_display_name=staff.name,
                user_id=staff.id.encode(), challenge=self._challenge("add", bound_to), timeout=LASTS_MS,
                authenticator_selection=AuthenticatorSelectionCriteria(
                    resident_key=ResidentKeyRequirement.REQUIRED, user_verification=UserVerificationRequirement.REQUIRED
                ),
                exclude_credentials=[PublicKeyCredentialDescriptor(id=base64url_to_bytes(each.id)) for each in known],
            )
        )  # fmt: skip

    def add(self, staff: Staff, bound_to: str, credential: dict[str, Any], name: str) -> Passkey:
        """Keep the passkey a browser made; raises 401 where it is not as it must be."""
        challenge = self._taken("add", bound_to, credential)
        try:
            made = verify_registration_response(
                credential=credential, expected_challenge=challenge, expected_rp_id=self.rp_id, expected_origin=self.origin,
                require_user_verification=True,
            )  # fmt: skip
        except BAD as error:
            raise refused() from error
        passkey, now = bytes_to_base64url(made.credential_id), self._app.clock.now_ms()
        key = bytes_to_base64url(made.credential_public_key)
        row = {
            "id": passkey,
            "staff": staff.id,
            "name": name,
            "public_key": key,
            "counter": made.sign_count,
            "made_ms": now,
        }
        with self._db.begin() as db:
            if db.execute(select(PASSKEYS.c.id).where(PASSKEYS.c.id == passkey)).first() is not None:
                raise refused()
            db.execute(PASSKEYS.insert().values(row))
        return Passkey(passkey, staff.id, name, now, 0)

    def asking(self, bound_to: str) -> str:
        """What the browser needs to ask for a passkey, as JSON: the same for everybody, so it tells nothing of accounts."""
        return options_to_json(
            generate_authentication_options(
                rp_id=self.rp_id, challenge=self._challenge("ask", bound_to), timeout=LASTS_MS,
                user_verification=UserVerificationRequirement.REQUIRED,
            )
        )  # fmt: skip

    def enter(self, bound_to: str, credential: dict[str, Any]) -> Staff:
        """Whose passkey answers the challenge; raises 401 where it does not hold, and tells a copy apart."""
        challenge, passkey = self._taken("ask", bound_to, credential), str(credential.get("id", ""))
        with self._db.connect() as db:
            row = db.execute(select(PASSKEYS).where(PASSKEYS.c.id == passkey)).first()
        staff = self._app.accounts.by_id(row.staff) if row is not None else None
        if row is None or staff is None:
            raise refused()
        try:
            proved = verify_authentication_response(
                credential=credential, expected_challenge=challenge, expected_rp_id=self.rp_id, expected_origin=self.origin,
                credential_public_key=base64url_to_bytes(row.public_key), credential_current_sign_count=0, require_user_verification=True,
            )  # fmt: skip
            handle = credential["response"].get("userHandle")
            if not handle or base64url_to_bytes(handle) != row.staff.encode():
                raise refused()
        except BAD as error:
            raise refused() from error
        if (row.counter or proved.new_sign_count) and proved.new_sign_count <= row.counter:
            raise Copied(staff.id, passkey)
        self._used(passkey, proved.new_sign_count)
        return staff

    def _used(self, id: str, count: int) -> None:
        with self._db.begin() as db:
            used = {"counter": count, "used_ms": self._app.clock.now_ms()}
            db.execute(update(PASSKEYS).where(PASSKEYS.c.id == id).values(used))

    def remove(self, staff: str, id: str) -> bool:
        """Remove one of somebody's; whether it was there."""
        with self._db.begin() as db:
            gone = delete(PASSKEYS).where(PASSKEYS.c.id == id, PASSKEYS.c.staff == staff).returning(PASSKEYS.c.id)
            return db.execute(gone).first() is not None
