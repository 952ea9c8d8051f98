"""Guard: what holds for every request before any route sees it. Size, forged forms, headers, sites that may embed, counts."""

import re
from collections.abc import MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from baton.web.metrics import Metrics
from baton.web.problems import MEDIA, TOLD, body_of
from baton.web.signing import Signer

SESSION: Final = "baton_session"
FORM: Final = "baton_form"
UNSAFE: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
CHAT_LIMIT: Final = 64 * 1024
LIMIT: Final = 1024 * 1024
BULK: Final = ("/api/vcons",)
BULK_LIMIT: Final = 8 * LIMIT
FILES: Final = ("/understanding/heads",)
FILES_LIMIT: Final = 21 * LIMIT
"""Files of up to 20 MB, and the form around them."""
FIELD: Final = re.compile(rb'name="csrf"\r\n\r\n([\x21-\x7e]+)\r\n')
FIRST: Final = 4096
"""The token is the first field of a form with files: nothing that was uploaded is searched for it."""
DRAINED: Final = 64 * 1024 * 1024
CSP: Final = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final[tuple[tuple[bytes, bytes], ...]] = (
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(self)"),
)
NOT_KEPT: Final[tuple[tuple[bytes, bytes], ...]] = ((b"cache-control", b"no-store"),)
"""What an API answers is no browser's and no proxy's to keep."""
SIGN_IN: Final = ("/api/sign-in", "/sign-in/oidc/out")
"""Nothing of a cookie counts here: who asks proves who they are in the body."""
SIGN_IN_FORMS: Final = ("/sign-in/passkey", "/sign-in/link/")
EMBEDDED: Final = ("/api/chat/", "/chat/widget.")
ALLOWED: Final = (
    (b"access-control-allow-methods", b"GET, POST, DELETE, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, last-event-id"),
    (b"access-control-max-age", b"600"),
)


def cookie(headers: Headers, name: str) -> str:
    """The value of a cookie, or empty."""
    jar: SimpleCookie = SimpleCookie()
    try:
        jar.load(headers.get("cookie", ""))
    except CookieError:
        return ""
    return jar[name].value if name in jar else ""


def bearer(headers: Headers) -> str:
    """The token of a request that brings one itself. What a browser sends along by habit (`Basic …`) is none."""
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token if kind.lower() == "bearer" else ""


def client_of(scope: MutableMapping[str, Any]) -> str:
    """The address that asks; empty where the server does not know."""
    client = scope.get("client")
    return str(client[0]) if client else ""


class Origins:
    """The sites whose pages may embed the widget: an allow-list of origins, or `*`."""

    def __init__(self, listed: str) -> None:
        self._any = listed.strip() == "*"
        self._listed = frozenset(o.strip().rstrip("/").encode() for o in listed.split(",") if o.strip())

    def headers(self, origin: bytes) -> tuple[tuple[bytes, bytes], ...]:
        """The CORS headers for a request from `origin`; none where it is not listed."""
        if not origin or not (self._any or origin in self._listed):
            return ()
        return ((b"access-control-allow-origin", origin), (b"vary", b"Origin"))


class Guard:
    """Wraps the application."""

    def __init__(self, inner: ASGIApp, signer: Signer, origins: Origins, metrics: Metrics) -> None:
        self._inner, self._signer, self._origins, self._metrics = inner, signer, origins, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Check, pass on, add headers, count."""
        headers = Headers(scope=scope)
        extra = HEADERS
        if scope["path"].startswith(EMBEDDED):
            extra = (
                *HEADERS,
                (b"cross-origin-resource-policy", b"cross-origin"),
                *self._origins.headers(headers.get("origin", "").encode()),
            )
        answer = self._answering(scope, send, extra)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await respond(answer, 204, b"", ALLOWED)
        elif scope["method"] not in UNSAFE:
            await self._inner(scope, receive, answer)
        else:
            await self._checked(scope, receive, answer, headers)

    async def _checked(self, scope: Scope, receive: Receive, send: Send, headers: Headers) -> None:
        limit = limit_of(scope["path"])
        body = await read_body(receive, limit)
        if body is None:
            await refuse(
                send,
                413,
                scope["path"],
                detail=f"The body is over {limit // 1024} KB and nothing of it was kept. Send it in parts.",
            )
        elif not self._is_own(scope["path"], headers, body):
            detail = "The form did not come from this session, and nothing was changed. Load the page again and send it once more."
            await refuse(send, 403, scope["path"], "forged_form", detail)
        else:
            await self._inner(scope, replayed(body, receive), send)

    def _is_own(self, path: str, headers: Headers, body: bytes) -> bool:
        """Whether a request that rides on a cookie proves that it comes from our own page (double submit, signed)."""
        if path in SIGN_IN or bearer(headers):
            return True
        form = path == "/sign-in" or path.startswith(SIGN_IN_FORMS)
        secret = cookie(headers, FORM if form else SESSION)
        if not secret:
            return not form
        given = headers.get("x-csrf-token", "")
        kind = headers.get("content-type", "")
        if not given and kind.startswith("application/x-www-form-urlencoded"):
            given = parse_qs(body.decode("utf-8", "replace")).get("csrf", [""])[0]
        elif not given and kind.startswith("multipart/form-data"):
            found = FIELD.search(body[:FIRST])
            given = found[1].decode() if found else ""
        return self._signer.fits("csrf", secret, given)

    def _answering(self, scope: Scope, send: Send, extra: tuple[tuple[bytes, bytes], ...]) -> Send:
        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                had = {name.lower() for name, _ in message.get("headers", ())}
                kept = NOT_KEPT if scope["path"].startswith(("/api/", "/scim/")) else ()
                added = [pair for pair in (*extra, *kept) if pair[0] not in had]
                message = {**message, "headers": [*message.get("headers", ()), *added]}
                route = getattr(scope.get("route"), "path", "")
                self._metrics.count(scope["method"], route, message["status"])
            await send(message)

        return answer


def limit_of(path: str) -> int:
    """How many bytes a body of this path may have: turns little, imports much."""
    if path.startswith(BULK):
        return BULK_LIMIT
    if path.startswith(FILES):
        return FILES_LIMIT
    return CHAT_LIMIT if path.startswith("/api/chat/") else LIMIT


async def read_body(receive: Receive, limit: int) -> bytes | None:
    """The whole body, or None where it is longer than `limit`: then it is read to its end, so that the answer arrives."""
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        part = message.get("body", b"")
        size += len(part)
        if size <= limit:
            parts.append(part)
        if not message.get("more_body", False) or size > DRAINED:
            return b"".join(parts) if size <= limit else None


def replayed(body: bytes, receive: Receive) -> Receive:
    """A receive that gives the body that was read, then goes on with the connection."""
    given = False

    async def again() -> Message:
        nonlocal given
        if not given:
            given = True
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return again


async def respond(send: Send, status: int, body: bytes, headers: tuple[tuple[bytes, bytes], ...] = ()) -> None:
    """A whole response in two messages."""
    start = [(b"content-length", str(len(body)).encode()), *headers]
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})


async def refuse(
    send: Send, status: int, path: str, code: str = "", detail: str = "", headers: tuple[tuple[bytes, bytes], ...] = ()
) -> None:  # fmt: skip
    """A problem, answered outside any route."""
    usual = TOLD.get(status, ("refused", "This could not be done."))
    body = body_of(status, code or usual[0], detail or usual[1], path)
    await respond(send, status, body, ((b"content-type", MEDIA.encode()), *headers))
