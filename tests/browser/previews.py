"""A preview of the look by itself: the gallery and single fragments over HTTP with the product's Content-Security-Policy, and a live stream a test speaks into."""

import mimetypes
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Empty, Queue
from urllib.parse import parse_qs, urlsplit

import js_lib_htmx

from baton.web.gallery import INVENTED, gallery
from baton.web.templating import STATIC, environment

HTMX = Path(js_lib_htmx.__file__).parent / "static" / "htmx" / "htmx.min.js"
POLICY = "default-src 'self'; style-src 'self'; script-src 'self'"
TEMPLATES = environment({})
NOW_MS = 1_795_701_840_000

SIGN_IN = {
    "csrf": "t", "email": "", "told": "", "passkey_origin": "http://127.0.0.1", "error": "That email and password do not go together.", "next": "/", "organisation": "Halcyon Air", "nobody": False, "single_sign_on": False,
    "accounts": [{"email": "jack@halcyon.example", "password": "invented", "role": "rep"}],
}  # fmt: skip
ERROR = {
    "status": 404,
    "title": "There is no such conversation",
    "kept": "",
    "todo": "Look under Conversations.",
    "home": "/",
    "reference": "8f2c",
}

LIVE_PAGE = """{% extends "layout.html" %}{% block title %}Live{% endblock %}
{% from "macros/conversation.html" import composer %}{% from "macros/marks.html" import elapsed %}
{% block main %}<section id="part" hx-get="/part" hx-trigger="baton:assignment from:body">{% include part %}</section>{% endblock %}"""
PART = """{% from "macros/conversation.html" import composer %}<p id="count">fetched {{ fetched }} times</p>
{{ composer("Reply", "/sent", "t") }}<p>since <time id="since" data-since="{{ since }}">0:00</time></p>"""


@dataclass
class Preview:
    """The server: what was asked of its live stream, what to say on it, and how often to refuse it first."""

    url: str = ""
    asked: list[tuple[str, str]] = field(default_factory=list)  # topics, Last-Event-ID
    say: Queue[str] = field(default_factory=Queue)
    refusals: int = 0
    fetched: int = 0

    def html(self, path: str) -> str | None:
        """The page at a path, or None."""
        if path == "/gallery":
            return gallery(TEMPLATES, NOW_MS)
        if path == "/sign-in":
            return TEMPLATES.get_template("sign_in.html").render(SIGN_IN)
        if path == "/error":
            return TEMPLATES.get_template("error.html").render(ERROR)
        if path not in ("/live", "/part"):
            return None
        self.fetched += path == "/part"
        told = {"fetched": self.fetched, "since": int(time.time() * 1000) - 252_000, "shell": INVENTED}
        part = TEMPLATES.from_string(PART)
        return part.render(told) if path == "/part" else TEMPLATES.from_string(LIVE_PAGE).render(told, part=part)


class Handler(BaseHTTPRequestHandler):
    """One request to a preview."""

    made: Preview

    def do_GET(self) -> None:
        """A page, a static file or the live stream."""
        asked = urlsplit(self.path)
        if asked.path == "/api/live":
            self._live(parse_qs(asked.query)["topics"][0])
        elif asked.path.startswith("/static/"):
            file = HTMX if asked.path.endswith("htmx.min.js") else STATIC / asked.path.removeprefix("/static/")
            self._answer(file.read_bytes(), mimetypes.guess_type(file.name)[0] or "text/plain")
        elif (html := self.made.html(asked.path)) is not None:
            self._answer(html.encode(), "text/html; charset=utf-8")
        else:
            self.send_error(404)

    def _answer(self, body: bytes, kind: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)

    def _live(self, topics: str) -> None:
        self.made.asked.append((topics, self.headers["Last-Event-ID"]))
        if self.made.refusals:
            self.made.refusals -= 1
            self.send_error(503)
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        with suppress(Empty, OSError):  # nothing more to say, or the tab went away
            while block := self.made.say.get(timeout=20):
                self.wfile.write(block.encode())
                self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: the test's output is the test's."""


@contextmanager
def preview() -> Iterator[Preview]:
    """Serve until the block ends, on a free port of this machine."""
    made = Preview()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OwnHandler", (Handler,), {"made": made}))
    server.daemon_threads = True
    made.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield made
    made.say.put("")
    server.shutdown()
    server.server_close()
    thread.join()
