"""The hot routes: begin a conversation, post a turn, follow the events. Plain ASGI and msgspec, for their cost per turn."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Final, TypeVar

import msgspec
from starlette.types import Receive, Scope, Send

from baton.capabilities.routing.events import Routing
from baton.channels.chat.doors import Doors
from baton.channels.chat.forgetting import erased
from baton.channels.chat.stream import STREAMS_MOST, Streams
from baton.kernel.conversation import Started, TurnSaid
from baton.kernel.errors import BatonError
from baton.kernel.lanes import lane_of
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.guard import CHAT_LIMIT, HEADERS, Origins, client_of, read_body, refuse, respond
from baton.web.limits import Buckets
from baton.web.refusals import TooMany, not_found

T = TypeVar("T")
log = logging.getLogger(__name__)
TEXT_MOST: Final = 8000
DATA: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"cross-origin"),
)
"""What goes with data that is never a page, on a path where every byte counts."""
JSON: Final = (b"content-type", b"application/json")
OWN: Final = ("127.0.0.1", "::1", "")
"""Clients on this machine are not limited: drivers, tests, and a proxy that limits by itself."""
LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")
CHANNEL: Final = re.compile(r"[a-z][a-z_]{0,19}")
NONCE: Final = re.compile(r"[\x21-\x7e]{1,128}")


class Begin(msgspec.Struct, forbid_unknown_fields=True):
    """What a new conversation may be told: who the page says it is, or proves it is; language; channel; the queue of the page."""

    customer: str = ""
    language: str = ""
    channel: str = "chat"
    identity: str = ""
    queue: str = ""


class Said(msgspec.Struct, forbid_unknown_fields=True):
    """A turn: what the customer says, and a nonce of the client that makes sending it again harmless."""

    text: str
    nonce: str


class Begun(msgspec.Struct):
    """The conversation, and the token that opens it."""

    id: str
    token: str


_begin = msgspec.json.Decoder(Begin)
_said = msgspec.json.Decoder(Said)


class HotRoutes:
    """The three of them."""

    def __init__(self, app: App, doors: Doors) -> None:
        self._app, self._doors = app, doors
        self._origins = Origins(app.settings.widget_origins)
        self._turns = Buckets(app.clock, 240, 20)
        self._begins = Buckets(app.clock, 30, 0.5)
        self._headers = (JSON, *DATA)
        events = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            *DATA,
        ]
        self.streams = Streams(app, events)

    async def begin(self, _: str, scope: Scope, receive: Receive, send: Send) -> None:
        """POST /api/chat/conversations."""
        await self._answered(self._begin, "", scope, receive, send)

    async def post(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        """POST /api/chat/conversations/{id}/turns."""
        await self._answered(self._post, key, scope, receive, send)

    async def follow(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        """GET /api/chat/conversations/{id}/events."""
        await self._answered(self._follow, key, scope, receive, send)

    async def _answered(
        self, run: Callable[[str, Scope, Receive, Send], Awaitable[None]], key: str, scope: Scope, receive: Receive, send: Send
    ) -> None:  # fmt: skip
        try:
            await run(key, scope, receive, send)
        except BatonError as error:
            extra = self._cross(scope)
            if error.status == 401:
                extra = (*extra, (b"www-authenticate", b"Bearer"))
            if isinstance(error, TooMany):
                extra = (*extra, (b"retry-after", str(error.retry_after_s).encode()))
            await refuse(send, error.status, scope["path"], error.code, error.message, (*HEADERS, *extra))
        except Exception:
            log.exception("a chat route failed: path=%s", scope["path"])
            await refuse(send, 500, scope["path"], headers=(*HEADERS, *self._cross(scope)))

    def _cross(self, scope: Scope) -> tuple[tuple[bytes, bytes], ...]:
        for name, value in scope["headers"]:
            if name == b"origin":
                return self._origins.headers(value)
        return ()

    async def _begin(self, _: str, scope: Scope, receive: Receive, send: Send) -> None:
        self._limit(self._begins, client_of(scope), scope, "Too many new conversations from here.")
        asked = parsed(_begin, await _body(receive) or b"{}")
        check_begin(asked)
        who = self._doors.customer(asked.customer.strip(), asked.identity)
        key = self._app.chance.token(12)
        stream = f"conversation/{key}"
        pseudonym = self._app.keys.pseudonym("customer", who.id) if who.id else ""
        if pseudonym:
            self._app.keys.identify(stream, pseudonym)
        started = Started(
            channel=asked.channel, language=asked.language, customer=pseudonym, verified=who.verified, salt=self._app.chance.token(16),
            queue=asked.queue if asked.queue in {q.id for q in self._app.policy(Routing).queues} else "",
        )  # fmt: skip
        await self._app.committer.append(stream, started, by="customer")
        made = Begun(key, self._doors.token(key, self._app.chance.token(12)))
        await respond(send, 201, msgspec.json.encode(made), (*self._headers, *self._cross(scope)))

    async def _post(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        stream = self._doors.stream(key, scope)
        self._limit(self._turns, key, scope, "Too many turns in a short time; this one was not kept.")
        said = parsed(_said, await _body(receive))
        check_turn(said)
        if await self._stream(stream) is None:
            raise not_found()
        turn = TurnSaid("customer", self._app.cover(said.text), said.nonce)
        position = await self._app.committer.append(stream, turn, by="customer", once=f"turn:{said.nonce}")
        self._app.metrics.turns += 1
        await respond(send, 202, b'{"position":%d}' % position, (*self._headers, *self._cross(scope)))

    async def _follow(self, key: str, scope: Scope, receive: Receive, send: Send) -> None:
        stream = self._doors.stream(key, scope)
        after = last_id(scope)
        if self.streams.count(stream) >= STREAMS_MOST:
            raise TooMany(f"{STREAMS_MOST} streams of this conversation are open already. Close one.", 5)
        if await self._stream(stream) is None:
            raise not_found()
        await self.streams.run(stream, after, receive, send, self._cross(scope))

    def _limit(self, buckets: Buckets, key: str, scope: Scope, told: str) -> None:
        if client_of(scope) not in OWN:
            wait_s = buckets.wait_s(key)
            if wait_s:
                raise TooMany(f"{told} Wait {wait_s} s and send it again.", wait_s)

    async def _stream(self, id: str) -> Stream | None:
        """The conversation, from memory where it is open here; None where it never began or was forgotten."""
        found = self._app.committer.memory.peek(id)
        if found is None and lane_of(id) in self._app.committer.lanes:
            found = await self._app.committer.memory.stream(id)
        elif found is None:
            found = await self._app.reader.stream(id)
        return found if found is not None and found.started is not None and not erased(found) else None


async def _body(receive: Receive) -> bytes:
    message = await receive()
    body: bytes | None = message.get("body", b"")
    if message.get("more_body", False):
        rest = await read_body(receive, CHAT_LIMIT)
        body = None if rest is None or body is None else body + rest
    if body is None or len(body) > CHAT_LIMIT:
        told = f"The body is over {CHAT_LIMIT // 1024} KB and nothing of it was kept. Send the text in parts of at most {TEXT_MOST} characters."
        raise BatonError("too_large", 413, told)
    return body


def parsed(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """The body as its type; raises 400 where it is no JSON, 422 where it does not fit."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise BatonError("invalid", 422, f"{error}. Nothing was kept.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BatonError(
            "malformed", 400, "The body is not JSON in UTF-8, and nothing was kept. Check it and send it again."
        ) from error


def check_begin(asked: Begin) -> None:
    """Raise 422 where a field is not as it must be."""
    if not CHANNEL.fullmatch(asked.channel):
        raise BatonError("invalid", 422, f"{asked.channel!r} is no channel. Use lower-case letters, such as 'chat'.")
    if asked.language and not LANGUAGE.fullmatch(asked.language):
        raise BatonError("invalid", 422, f"{asked.language!r} is no language tag. Use one such as 'en' or 'pt-BR'.")
    if len(asked.customer) > 200 or "\0" in asked.customer:
        raise BatonError("invalid", 422, "`customer` is an identifier of at most 200 characters.")


def check_turn(said: Said) -> None:
    """Raise 422 where a turn cannot be kept as it is."""
    if len(said.text) > TEXT_MOST:
        raise BatonError(
            "text_too_long",
            422,
            f"The text has {len(said.text)} characters and was not kept. Send it in parts of at most {TEXT_MOST}.",
        )
    if not said.text or said.text.isspace():
        raise BatonError("text_empty", 422, "There is no text to send. Write something first.")
    if "\0" in said.text:
        raise BatonError(
            "text_nul", 422, "The text holds a NUL character and was not kept. Remove it and send the text again."
        )
    if not NONCE.fullmatch(said.nonce):
        raise BatonError(
            "nonce",
            422,
            "`nonce` is 1 to 128 visible ASCII characters, new for each turn and the same when sent again.",
        )


def last_id(scope: Scope) -> int:
    """The last event the client saw: 0 where it saw none; raises 422 where it is no position."""
    for name, value in scope["headers"]:
        if name == b"last-event-id" and value:
            if not value.isdigit() or len(value) > 18:
                raise BatonError(
                    "last_event_id", 422, "Last-Event-ID is the position of the last event you saw: a number."
                )
            return int(value)
    return 0
