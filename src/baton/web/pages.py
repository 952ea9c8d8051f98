"""Pages: HTML around what capabilities and channels show, the error page, and static files that may be cached for ever."""

from functools import cache
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from baton.web.refusals import not_found

STATIC: Final = Path(__file__).parent / "static"
TYPES: Final = {
    ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml", ".png": "image/png",
    ".woff2": "font/woff2", ".ico": "image/x-icon", ".json": "application/json",
}  # fmt: skip
FOREVER: Final = "public, max-age=31536000, immutable"
ASK_AGAIN: Final = "public, max-age=0, must-revalidate"


def wants_page(request: Request) -> bool:
    """Whether a person in a browser asks for a page, and not a program or a script for data."""
    accept = request.headers.get("accept", "")
    return "text/html" in accept and not request.url.path.startswith("/api/") and "hx-request" not in request.headers


@cache
def _read(path: Path, _changed_ns: int) -> tuple[bytes, str]:
    body = path.read_bytes()
    return body, sha256(body).hexdigest()[:16]


def file_response(request: Request, path: Path) -> Response:
    """A file with its hash as ETag; with that hash as `?v=` it may be kept for ever."""
    body, tag = _read(path, path.stat().st_mtime_ns)
    etag = f'"{tag}"'
    headers = {"ETag": etag, "Cache-Control": FOREVER if request.query_params.get("v") == tag else ASK_AGAIN}
    if request.headers.get("if-none-match") == etag:
        return Response(status_code=304, headers=headers)
    return Response(body, 200, headers, TYPES.get(path.suffix, "application/octet-stream"))


def htmx() -> Path:
    """The htmx 2 script as its Python package ships it."""
    return Path(str(files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js"))


def static_routes() -> APIRouter:
    """/static."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/static/vendor/htmx.min.js")
    async def vendored(request: Request) -> Response:
        return file_response(request, htmx())

    @routes.get("/favicon.ico")
    async def mark(request: Request) -> Response:
        return file_response(request, STATIC / "icon.svg")

    @routes.get("/static/{name:path}")
    async def static(request: Request, name: str) -> Response:
        path = (STATIC / name).resolve()
        if not path.is_relative_to(STATIC) or not path.is_file():
            raise not_found()
        return file_response(request, path)

    return routes
