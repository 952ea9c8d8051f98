"""OpenAPI: the document made complete. Every operation tells every problem it may answer with."""

from collections.abc import Iterable
from typing import Any

from baton.web.problems import MEDIA, SCHEMA, TOLD

Document = dict[str, Any]
ALWAYS = (400, 401, 403, 404, 405, 422, 429, 500)
WITH_BODY = (413, 415)
CHAT: dict[str, list[str]] = {"chat": []}
STAFF: list[dict[str, list[str]]] = [{"session": []}, {"token": []}]
OPEN = (
    "/health",
    "/metrics",
    "/api/sign-in",
    "/api/chat/openers",
    "/api/chat/passages/{cite}",
    "/api/chat/conversations",
)
SECURITY = {
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "baton_session",
        "description": "From POST /api/sign-in; what changes something sends its `csrf` as X-CSRF-Token.",
    },
    "token": {"type": "http", "scheme": "bearer", "description": "An API token of a member of staff."},
    "chat": {"type": "http", "scheme": "bearer", "description": "The token given when the conversation was made."},
}


def document(made: Document, hot: Iterable[tuple[str, str, Document]]) -> Document:
    """FastAPI's document, with the hot routes and the problems added."""
    for path, method, operation in hot:
        made.setdefault("paths", {}).setdefault(path, {})[method.lower()] = operation
    parts = made.setdefault("components", {})
    parts.setdefault("schemas", {})["Problem"] = SCHEMA
    for unused in ("HTTPValidationError", "ValidationError"):
        parts["schemas"].pop(unused, None)
    parts["securitySchemes"] = SECURITY
    for path, methods in made["paths"].items():
        for operation in methods.values():
            _complete(path, operation)
    return made


def _complete(path: str, operation: Document) -> None:
    statuses = ALWAYS + (WITH_BODY if "requestBody" in operation else ())
    responses = operation.setdefault("responses", {})
    for status in statuses:
        told = responses.get(str(status), {}).get("description") or TOLD[status][1]
        responses[str(status)] = _problem(told)
    for refused in ("409", "503", "507"):
        if refused in responses and "content" not in responses[refused]:
            responses[refused] = _problem(responses[refused]["description"])
    if "security" not in operation:
        operation["security"] = [] if path in OPEN else [CHAT] if path.startswith("/api/chat/") else STAFF


def _problem(told: str) -> Document:
    return {"description": told, "content": {MEDIA: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
