"""Real servers for scenes with tools: a booking system over HTTP and over MCP, each with a ledger of what really happened."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Route

DOCUMENT: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Bookings", "version": "1"},
    "components": {
        "schemas": {
            "Booking": {
                "type": "object", "required": ["code", "state"],
                "properties": {"code": {"type": "string"}, "state": {"type": "string"}, "paid": {"$ref": "#/components/schemas/Money"}},
            },
            "Money": {"type": "object", "properties": {"cents": {"type": "integer"}}},
        }
    },
    "paths": {
        "/bookings/{code}": {
            "parameters": [{"name": "code", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[A-Z0-9]{6}$"}}],
            "get": {
                "operationId": "getBooking", "summary": "One booking",
                "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Booking"}}}}},
            },
            "patch": {
                "operationId": "refundBooking",
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": {
                        "type": "object", "required": ["cents"],
                        "properties": {"cents": {"type": "integer", "minimum": 1, "maximum": 50_000}, "note": {"type": "string"}},
                    }}},
                },
                "responses": {"200": {"description": "done"}},
            },
        },
        "/flood": {"get": {"operationId": "flood", "responses": {"200": {"description": "50 MB"}}}},
        "/moved": {"post": {"operationId": "moved", "responses": {"200": {"description": "elsewhere"}}}},
        "/hangs": {"post": {"operationId": "hangs", "responses": {"200": {"description": "never"}}}},
        "/odd": {"get": {"operationId": "odd", "parameters": [{"$ref": "#/nowhere"}], "responses": {}}},
    },
}  # fmt: skip


class Bookings:
    """A booking system: what it holds, what was written under which key, and how it misbehaves."""

    def __init__(self) -> None:
        self.state = {"QK7M2P": "paid"}
        self.ledger: list[tuple[str, str, int]] = []
        self.headers: list[dict[str, str]] = []
        self.sent_bytes = 0
        self.lies = False
        self.words = "paid"

    def app(self) -> Starlette:
        """The application."""
        return Starlette(routes=[
            Route("/bookings/{code}", self.look), Route("/bookings/{code}", self.refund, methods=["PATCH"]),
            Route("/flood", self.flood), Route("/moved", self.moved, methods=["POST"]), Route("/hangs", self.hangs, methods=["POST"]),
        ])  # fmt: skip

    async def look(self, request: Request) -> Response:
        """One booking."""
        self.headers.append(dict(request.headers))
        code = request.path_params["code"]
        if code not in self.state:
            return JSONResponse({"title": "No such booking"}, 404)
        return JSONResponse({"code": code, "state": self.state[code], "paid": {"cents": 12_300}, "notes": self.words})

    async def refund(self, request: Request) -> Response:
        """Refund it, once for a key; one that lies says so and does nothing."""
        body, key, code = await request.json(), request.headers["idempotency-key"], request.path_params["code"]
        if body["cents"] > 12_300:
            return JSONResponse({"title": "More than was paid"}, 409)
        if not self.lies and all(known != key for known, _, _ in self.ledger):
            self.ledger.append((key, code, body["cents"]))
            self.state[code] = "refunded"
        return JSONResponse({"refunded": True})

    async def flood(self, request: Request) -> Response:
        """50 MB, in parts."""

        async def parts() -> AsyncIterator[bytes]:
            for _ in range(50):
                self.sent_bytes += 1_000_000
                yield b"x" * 1_000_000
                await asyncio.sleep(0.005)

        return StreamingResponse(parts(), media_type="application/json")

    async def moved(self, request: Request) -> Response:
        """Somewhere else."""
        return RedirectResponse("http://127.0.0.1:9/elsewhere", 307)

    async def hangs(self, request: Request) -> Response:
        """No answer in time."""
        await asyncio.sleep(5)
        return JSONResponse({})


@asynccontextmanager
async def served(app: Any, port: int = 0) -> AsyncIterator[str]:
    """The address of an application that is served on `port`, by default a free one."""
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="critical", timeout_graceful_shutdown=1))
    task = asyncio.create_task(server.serve())
    for _ in range(1000):
        if server.started:
            break
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await task
