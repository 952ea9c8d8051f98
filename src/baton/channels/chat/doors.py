"""Doors: who may speak in which conversation, and who the customer is.

A conversation's token is signed under the organisation's secret and bound to the conversation; nothing is stored. A
customer is anonymous, claimed (the page says who, unproven) or verified (a token signed by the site that embeds the chat).
"""

import hmac
from collections import OrderedDict
from typing import Final, Literal

import msgspec
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey
from starlette.types import Scope

from baton.kernel.errors import BatonError
from baton.kernel.ports import Clock
from baton.web.refusals import not_found
from baton.web.signing import Signer

PURPOSE: Final = "chat"
AUDIENCE: Final = "baton"
LEEWAY_S: Final = 30
LONGEST_S: Final = 3600
KEPT: Final = 20_000
KIND = "conversation/"
NO_TOKEN: Final = "Send the token of this conversation as `Authorization: Bearer …`."  # noqa: S105  words, no secret
Verified = Literal["anonymous", "claimed", "verified"]


class Customer(msgspec.Struct, frozen=True):
    """Who writes: an identifier of the embedding site, and how well it is known."""

    id: str
    verified: Verified


class Doors:
    """Opens conversations to whoever holds their token. Tokens that were right are kept, so that each is computed once."""

    def __init__(self, signer: Signer, clock: Clock, site_secret: str) -> None:
        self._signer, self._clock = signer, clock
        self._right: OrderedDict[str, bytes] = OrderedDict()
        self._site = OctKey.import_key(site_secret) if site_secret else None

    def token(self, key: str, salt: str) -> str:
        """The token of a conversation that was just made."""
        return self._signer.token(PURPOSE, key, salt)

    def stream(self, key: str, scope: Scope) -> str:
        """The stream of conversation `key`, where the request may use it; a foreign and a missing one answer alike."""
        for name, value in scope["headers"]:
            if name == b"authorization":
                right = self._right.get(key)
                if right is not None and hmac.compare_digest(right, value):
                    return KIND + key
                return self._checked(key, value)
        raise BatonError("token_needed", 401, NO_TOKEN)

    def _checked(self, key: str, value: bytes) -> str:
        given = value.decode("latin-1")
        if given[:7].lower() != "bearer " or not self._signer.opens(PURPOSE, key, given[7:]):
            raise not_found()
        self._right[key] = value
        if len(self._right) > KEPT:
            self._right.popitem(last=False)
        return KIND + key

    def customer(self, claimed: str, identity: str) -> Customer:
        """Who the embedding page says this is; raises 401 where a signed identity does not hold."""
        if identity:
            return Customer(self._verified(identity), "verified")
        return Customer(claimed, "claimed" if claimed else "anonymous")

    def _verified(self, identity: str) -> str:
        if self._site is None:
            raise BatonError(
                "identity_off", 422, "This server checks no identities: set BATON_SITE_SECRET, or leave `identity` out."
            )
        now_s = self._clock.now_ms() // 1000
        checks = jwt.JWTClaimsRegistry(
            now=now_s, leeway=LEEWAY_S, exp={"essential": True},
            sub={"essential": True}, aud={"value": AUDIENCE},
        )  # fmt: skip
        try:
            read = jwt.decode(identity, self._site, algorithms=["HS256"])
            checks.validate(read.claims)
        except (JoseError, ValueError) as error:
            raise BatonError(
                "identity_refused", 401, "The identity token is not valid, or is too old. Ask the site for a new one."
            ) from error
        if read.claims["exp"] - now_s > LONGEST_S + LEEWAY_S:
            raise BatonError(
                "identity_too_long", 401, "The identity token lasts longer than an hour. Make it when the page is made."
            )
        return str(read.claims["sub"])
