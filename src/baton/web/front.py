"""Front: FastAPI behind the guard, and before both the hot routes, which no framework sees."""

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from fastapi import FastAPI
from starlette.types import Receive, Scope, Send

from baton.web import openapi
from baton.web.guard import Guard, refuse


class Hot(msgspec.Struct, frozen=True):
    """A route answered before any framework: `prefix`, one id, `suffix`. `operation` documents it in the OpenAPI page."""

    method: str
    prefix: str
    suffix: str
    run: Callable[[str, Scope, Receive, Send], Awaitable[None]]
    operation: dict[str, Any]
    has_id: bool = True

    @property
    def path(self) -> str:
        """The path as OpenAPI writes it."""
        return f"{self.prefix}{{id}}{self.suffix}" if self.has_id else self.prefix

    def key(self, path: str) -> str | None:
        """The id in `path`, empty where this route has none; None where the path is another."""
        if not self.has_id:
            return "" if path == self.prefix else None
        if not path.startswith(self.prefix) or not path.endswith(self.suffix):
            return None
        found = path[len(self.prefix) : -len(self.suffix)]
        return found if found and "/" not in found else None


class Front(FastAPI):
    """FastAPI behind the guard, with the hot routes answered before both."""

    hot: tuple[Hot, ...] = ()
    guard: Guard

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One connection."""
        if scope["type"] != "http":
            await super().__call__(scope, receive, send)
            return
        path, method = scope["path"], scope["method"]
        for hot in self.hot:
            if method == hot.method and (key := hot.key(path)) is not None:
                await hot.run(key, scope, receive, send)
                return
        await self.guard(scope, receive, send)

    async def inner(self, scope: Scope, receive: Receive, send: Send) -> None:
        """FastAPI itself."""
        await super().__call__(scope, receive, send)

    def openapi(self) -> dict[str, Any]:
        """The whole document: hot routes and the problems of every operation included."""
        if not self.openapi_schema:
            self.openapi_schema = openapi.document(
                super().openapi(), [(h.path, h.method, h.operation) for h in self.hot]
            )
        return self.openapi_schema


class OtherMethods:
    """What a hot path answers to any other method."""

    def __init__(self, allowed: str) -> None:
        self._allowed = allowed.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """405, with the method it takes."""
        await refuse(send, 405, scope["path"], headers=((b"allow", self._allowed),))
