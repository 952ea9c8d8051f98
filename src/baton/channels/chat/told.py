"""What the OpenAPI document says of the hot routes, which no framework describes for us."""

from typing import Any, Final

ID: Final[dict[str, Any]] = {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}}
AGAIN: Final = {"description": "Nothing was kept; the log cannot be written now. Send it again."}


def _body(schema: dict[str, Any], required: bool) -> dict[str, Any]:
    return {"required": required, "content": {"application/json": {"schema": schema}}}


def _json(told: str, properties: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "object", "required": list(properties), "properties": properties}
    return {"description": told, "content": {"application/json": {"schema": schema}}}


BEGIN: Final[dict[str, Any]] = {
    "operationId": "begin_conversation",
    "summary": "Begin a conversation",
    "tags": ["chat"],
    "security": [],
    "requestBody": _body(
        {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "customer": {"type": "string", "maxLength": 200, "description": "Who the page says this is: claimed, not proven.", "pattern": "^[^\\u0000]*$"},
                "language": {"type": "string", "pattern": "^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3})?$"},
                "channel": {"type": "string", "pattern": "^[a-z][a-z_]{0,19}$", "default": "chat"},
                "queue": {"type": "string", "description": "The queue that the page is for; one that there is not counts as none."},
                "identity": {"type": "string", "description": "A JWT (HS256, `sub`, `aud: baton`, `exp`) signed by the embedding site: verified."},
            },
        },
        False,
    ),
    "responses": {
        "201": _json("Begun. Keep the token: it is shown once.", {"id": {"type": "string"}, "token": {"type": "string"}}),
        "503": AGAIN,
        "507": AGAIN,
    },
}  # fmt: skip
POST: Final[dict[str, Any]] = {
    "operationId": "say_turn",
    "summary": "Say a turn",
    "description": "Answers when the turn is on disk. Payment card numbers and codes are covered before anything is kept.",
    "tags": ["chat"],
    "parameters": [ID],
    "requestBody": _body(
        {
            "type": "object",
            "additionalProperties": False,
            "required": ["text", "nonce"],
            "properties": {
                "text": {"type": "string", "minLength": 1, "maxLength": 8000, "pattern": "^[^\\u0000]*\\S[^\\u0000]*$"},
                "nonce": {"type": "string", "pattern": "^[\\x21-\\x7e]{1,128}$", "description": "New for each turn; the same when sent again."},
            },
        },
        True,
    ),
    "responses": {
        "202": _json("On disk. The same nonce with the same text gives the same position.", {"position": {"type": "integer"}}),
        "409": {"description": "The nonce was used for another text. Nothing was kept."},
        "503": AGAIN,
        "507": AGAIN,
    },
}  # fmt: skip
FOLLOW: Final[dict[str, Any]] = {
    "operationId": "follow_conversation",
    "summary": "Follow the conversation",
    "description": (
        "Server-sent events, read with fetch. `id:` is the position; send the last one seen as Last-Event-ID to go on without gap or duplicate. "
        "`turn` {position, role, text, by, nonce, at_ms, cites}; `holder` {kind, name, position}; `joined` {by, name, position}; `waiting` {place, wait_s, nobody}; "
        "`choice` {name, wait_s, within_s, anyone_s, chosen, position}; "
        "`card` {position, card}; `typing`; `partial` {thought, text}: whole sentences of an answer that is still written, each judged, the text so far; "
        "an empty text takes them back, and so does a `turn` that begins otherwise; `ended` {why, position}. A comment comes every 15 seconds."
    ),
    "tags": ["chat"],
    "parameters": [ID, {"name": "Last-Event-ID", "in": "header", "schema": {"type": "string", "pattern": "^[0-9]{0,18}$"}}],
    "responses": {"200": {"description": "Events, until the client closes.", "content": {"text/event-stream": {"schema": {"type": "string"}}}}},
}  # fmt: skip
