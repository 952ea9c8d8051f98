"""Problems: every error as application/problem+json (RFC 9457), and what each operation may answer with."""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from urllib.parse import quote

import msgspec
from fastapi import Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.kernel.errors import BatonError
from baton.web.pages import wants_page

MEDIA = "application/problem+json"


class Fault(msgspec.Struct, frozen=True, gc=False):
    """One thing wrong with a request: where (a JSON pointer, or `query/name`), and what."""

    at: str
    message: str


class Problem(msgspec.Struct, frozen=True, gc=False):
    """The body of every error. `detail` says what happened, what was kept and what to do next."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: tuple[Fault, ...] = ()


SCHEMA: dict[str, object] = {
    "type": "object",
    "title": "Problem",
    "description": "RFC 9457. `detail` says what happened, what was kept and what to do next.",
    "required": ["type", "title", "status", "detail", "instance", "code", "errors"],
    "properties": {
        "type": {"type": "string", "description": "`urn:baton:problem:` and the code."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "description": "The path that was asked for."},
        "code": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["at", "message"],
                "properties": {"at": {"type": "string"}, "message": {"type": "string"}},
            },
        },
    },
}

TOLD = {
    400: ("malformed", "The request could not be read. Send JSON in UTF-8."),
    401: ("sign_in_needed", "Sign in, or send a valid token as `Authorization: Bearer …`."),
    403: ("not_allowed", "Your role does not allow this. Ask an administrator."),
    404: ("not_found", "There is nothing here for you. Check the address."),
    405: ("method_not_allowed", "This address does not take that method. See the Allow header."),
    413: ("too_large", "The body is too large and nothing of it was kept. Send less."),
    415: ("wrong_media_type", "Send `Content-Type: application/json`."),
    422: ("invalid", "Something in the request is not as it must be; nothing was kept. See `errors`."),
    429: ("too_many", "Too many requests. Wait as long as Retry-After says, in seconds."),
    500: ("failed", "Something failed here, and it is not your doing. Try again; if it stays, tell an administrator."),
}


def body_of(status: int, code: str, detail: str, path: str, errors: Sequence[Fault] = ()) -> bytes:
    """The bytes of a problem."""
    title = HTTPStatus(status).phrase
    return msgspec.json.encode(Problem(f"urn:baton:problem:{code}", title, status, detail, path, code, tuple(errors)))


def problem(
    status: int, path: str, code: str = "", detail: str = "", errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
) -> Response:  # fmt: skip
    """A problem response; code and detail are the usual ones of the status where not given."""
    usual = TOLD.get(status, ("failed" if status >= 500 else "refused", HTTPStatus(status).description + "."))
    body = body_of(status, code or usual[0], detail or usual[1], path, errors)
    return Response(body, status, dict(headers or {}), MEDIA)


def told(
    request: Request, status: int, code: str = "", detail: str = "", errors: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
) -> Response:  # fmt: skip
    """A problem for a program; for a person in a browser, a page, or the way to sign in."""
    if not wants_page(request):
        return problem(status, request.url.path, code, detail, errors, headers)
    if status == HTTPStatus.UNAUTHORIZED and request.method == "GET":
        return RedirectResponse(f"/sign-in?next={quote(request.url.path)}", 303)
    page = request.app.state.baton.templates.get_template("error.html")
    todo = detail or TOLD.get(status, TOLD[500])[1]
    body = page.render(status=status, title=HTTPStatus(status).phrase, kept="", todo=todo, home="/", reference="")
    return HTMLResponse(body, status, headers)


async def on_baton_error(request: Request, error: Exception) -> Response:
    """An expected failure."""
    assert isinstance(error, BatonError)  # noqa: S101  FastAPI files handlers by type
    wait = getattr(error, "retry_after_s", None)
    headers = {"Retry-After": str(wait)} if wait is not None else {}
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return told(request, error.status, error.code, error.message, headers=headers)


async def on_http_error(request: Request, error: Exception) -> Response:
    """What the framework refuses: no such path, method or form."""
    assert isinstance(error, HTTPException)  # noqa: S101  FastAPI files handlers by type
    return told(request, error.status_code, headers=error.headers)


async def on_invalid(request: Request, error: Exception) -> Response:
    """A request that does not fit its schema: 400 where it is not even JSON, else 422 with each fault."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  FastAPI files handlers by type
    raw = error.errors()
    if any(e["type"] == "json_invalid" for e in raw):
        return told(request, 400)
    faults = [Fault("/".join(str(p) for p in e["loc"]), str(e["msg"])) for e in raw]
    return told(request, 422, errors=faults)


async def on_too_deep(request: Request, _: Exception) -> Response:
    """A text whose parts are nested deeper than anybody reads."""
    return told(request, 400, detail="What was sent is nested too deep to be read, and nothing was changed.")


async def on_failure(request: Request, _: Exception) -> Response:
    """Something nobody expected; it was logged."""
    return told(request, 500)
