"""Reaching: requests to the identity provider, at addresses that were looked at. Nothing is redirected, no proxy of the environment is used.

Where the provider stands is what the setting says. One inside the house may name endpoints inside, and be asked in plain http; one on the
Internet may not: what it answers leads no request of Baton's to a machine inside, nor does its name once it points elsewhere.
"""

import asyncio
import socket
import ssl
from collections.abc import Mapping
from functools import cache
from typing import Final

import httpx

from baton.engines.tools.declared import AnswerTooLarge, ToolRefused
from baton.engines.tools.outgoing import PLAIN, Forbidden, Pinned, body_of, public
from baton.kernel.errors import BatonError

TIMEOUT_S: Final = 15.0
MOST_BYTES: Final = 1_000_000
"""Bytes of one answer: a discovery document or a set of keys has a few thousand."""


class Provider:
    """The provider at `issuer`, and the endpoints it names. Sign-ins are rare: no connection outlives its answer."""

    def __init__(self, issuer: str) -> None:
        self._issuer = httpx.URL(issuer)
        self._inside: bool | None = None

    async def ask(self, method: str, url: object, form: Mapping[str, str] | None = None) -> tuple[int, bytes]:
        """The status and the body. Raises 502 where the address may not be asked, does not answer, or answers too much."""
        try:
            at = httpx.URL(str(url))
            inside = await self._is_inside()
            if at.scheme != "https" and not (inside and at.scheme == "http"):
                raise _wrong(url, "is not https. Only a provider inside your network may be asked in plain http")
            return await asyncio.wait_for(_asked(method, at, inside, form), TIMEOUT_S)
        except Forbidden as error:
            raise _wrong(
                url, "leads inside your network, while the provider stands on the Internet: it was not asked"
            ) from error
        except (ToolRefused, AnswerTooLarge) as error:
            raise _wrong(url, f"does not answer as it must: {error}") from error
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise _wrong(url, "does not answer") from error

    async def _is_inside(self) -> bool:
        """Whether the provider stands inside, as its name says now. A name that is of both is refused."""
        if self._inside is None:
            host = self._issuer.host
            found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
            outside = {public(str(each[4][0])) for each in found}
            if len(outside) != 1:
                raise _wrong(host, "is an address inside and one of the Internet at once")
            self._inside = not outside.pop()
        return self._inside


async def _asked(method: str, at: httpx.URL, inside: bool, form: Mapping[str, str] | None) -> tuple[int, bytes]:
    headers = {"Accept": "application/json", "Accept-Encoding": PLAIN, "User-Agent": "baton"}
    transport = Pinned(at.host, inside, trusted())
    async with (
        httpx.AsyncClient(transport=transport, follow_redirects=False, trust_env=False, headers=headers) as client,
        client.stream(method, at, data=form) as answer,
    ):
        return answer.status_code, await body_of(answer, MOST_BYTES)


@cache
def trusted() -> ssl.SSLContext:
    """Whose certificates count: those this machine trusts, such as a company's own, and the public ones."""
    context = httpx.create_ssl_context(trust_env=False)
    context.load_default_certs()
    return context


def _wrong(url: object, what: str) -> BatonError:
    told = f"The identity provider's address {str(url)[:200]!r} {what}. Check BATON_OIDC_ISSUER, or sign in with a password."
    return BatonError("oidc_unreachable", 502, told)
