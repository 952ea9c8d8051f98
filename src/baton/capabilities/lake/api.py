"""The lake over HTTP: conversations as rows, one with its turns, vCons in and out."""

import gzip
import zlib
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from baton.capabilities.governance.events import Looked, TakenOut
from baton.capabilities.lake.asking import (
    MOST,
    SHOWN,
    Wanted,
    conversation,
    conversations,
    count,
    labels,
    segments,
    separated,
)
from baton.capabilities.lake.importing import append_one
from baton.capabilities.lake.screen.routes import router as screen
from baton.capabilities.lake.sources.history import Names, Skipped
from baton.capabilities.lake.sources.vcon import from_document, renamed
from baton.capabilities.lake.vcon import export_vcon
from baton.kernel.errors import BatonError
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

DAY_MS = 86_400_000
VCON = "application/vcon"
ZIPPED = ("application/vcon+gzip", "application/gzip")
IN = (VCON, "application/vcon+json", "application/json")
UNZIPPED_MOST = 8 << 20
COLUMNS = tuple(column.name for column in SHOWN)
CSV_OR_JSON: dict[int | str, dict[str, object]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
A_VCON: dict[str, object] = {"schema": {"type": "object", "required": ["uuid"]}}
TAKES_VCON = {"requestBody": {"required": True, "content": dict.fromkeys(IN, A_VCON)}}
Format = Annotated[Literal["json", "csv"] | None, Query(description="csv as `Accept: text/csv` would give")]
Text = Annotated[str, Query(max_length=100)]
Time = Annotated[int, Query(ge=0, le=4_102_444_800_000, description="Milliseconds since the epoch.")]


class ConversationRow(BaseModel):
    """One conversation. Moods are the customer's, permille; times are milliseconds since the epoch."""

    conversation: str
    source: str | None
    origin: str | None
    simulated: bool | None
    channel: str | None
    language: str | None
    customer: str | None
    queue: str | None
    brand: str | None
    site: str | None
    started_ms: int | None
    last_ms: int | None
    ended_ms: int | None
    why: str | None
    turns_customer: int | None
    turns_machine: int | None
    turns_agent: int | None
    turns_rep: int | None
    path: str | None
    contained: bool | None
    handed_over: bool | None
    reason: str | None
    rep: str | None
    agent: str | None
    intent: str | None
    complexity: str | None
    first_mood: int | None
    last_mood: int | None
    need: str | None
    verdict: str | None
    state: str | None
    next: str | None
    gap_ms: int | None


class ConversationPage(BaseModel):
    """A page of conversations, newest first, and how many there are in all."""

    conversations: list[ConversationRow]
    total: int
    page: int
    size: int


class TurnRow(BaseModel):
    """A turn; `position` is unique in the whole log. `ai_generated` marks what an AI made."""

    position: int
    role: str
    who: str
    text: str
    at_ms: int
    ai_generated: bool = False


class SegmentRow(BaseModel):
    """A stretch with a queue or a rep."""

    number: int
    queue: str | None
    rep: str | None
    need: str | None
    offered_ms: int | None
    answered_ms: int | None
    ended_ms: int | None
    hold_ms: int | None
    wrap_ms: int | None
    transferred_to: str | None
    abandoned: bool | None
    callback: bool | None


class LabelRow(BaseModel):
    """Something the source states of the conversation."""

    what: str
    label: str
    value: int | None
    cluster: str | None


class ConversationFull(BaseModel):
    """A conversation with its turns, stretches and what its source states of it."""

    conversation: ConversationRow
    turns: list[TurnRow]
    segments: list[SegmentRow]
    labels: list[LabelRow]


class Accepted(BaseModel):
    """A vCon that was imported."""

    conversation: str
    turns: int


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["conversations"])
    _lists(routes, app)
    _vcons(routes, app)
    _one(routes, app)
    routes.include_router(screen(app))
    return routes


def _lists(routes: APIRouter, app: App) -> None:
    @routes.get("/api/conversations", response_model=ConversationPage, responses=CSV_OR_JSON)
    async def listed(
        request: Request, since: Annotated[Time, Query(alias="from")] = 0, until: Annotated[Time, Query(alias="to")] = 0,
        source: Text = "", channel: Text = "", queue: Text = "", intent: Text = "", path: Text = "", rep: Text = "",
        state: Text = "", complexity: Text = "", customer: Text = "",
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1, size: Annotated[int, Query(ge=1, le=MOST)] = 50,
        format: Format = None,
    ) -> Response | ConversationPage:  # fmt: skip
        """Conversations by what is known of them: when they began, their source, channel, queue, intent, path, rep, state."""
        staff = app.allow(request, "open", "conversations")
        told = {
            "source": source, "channel": channel, "queue": queue, "intent": intent, "path": path, "rep": rep, "state": state,
            "complexity": complexity, "customer": customer,
        }  # fmt: skip
        wanted = Wanted(since, until, _theirs(staff, {k: v for k, v in told.items() if v}), page, size)
        rows = await conversations(app.store, wanted)
        if format == "csv" or (format is None and "text/csv" in request.headers.get("accept", "")):
            app.allow(request, "export", "conversations")
            return csv_response(separated(rows, COLUMNS), "conversations")
        total = await count(app.store, wanted)
        return ConversationPage(conversations=[_row(row) for row in rows], total=total, page=page, size=size)


def _one(routes: APIRouter, app: App) -> None:
    @routes.get("/api/conversations/{id}", response_model=ConversationFull)
    async def one(request: Request, id: str) -> ConversationFull:
        """One conversation with its turns. That somebody looked is kept."""
        staff = app.allow(request, "open", "conversations")
        stream, row = await _found(app, staff, id)
        await look(app, staff, stream)
        return ConversationFull(
            conversation=row, turns=await _turns(app, staff, stream),
            segments=[SegmentRow.model_validate(s) for s in await segments(app.store, stream.key)],
            labels=[LabelRow.model_validate(each) for each in await labels(app.store, stream.key)],
        )  # fmt: skip


def _vcons(routes: APIRouter, app: App) -> None:
    @routes.get("/api/conversations/{id}.vcon", responses={200: {"content": {VCON: {"schema": {"type": "object"}}}}})
    async def vcon(request: Request, id: str, personal: Literal["shown", "hidden"] = "shown") -> Response:
        """One conversation as a strict vCon, personal values in its texts hidden where asked. That it was taken out is kept."""
        staff = app.allow(request, "export", "conversations")
        stream = await app.conversation(staff, id)
        hidden = personal == "hidden" or not app.hiding.plain(staff)
        document = await export_vcon(app.committer, stream.id, app.hiding.hide if hidden else None)
        await look(app, staff, stream)
        customer = stream.started.customer if stream.started else ""
        taken = TakenOut("vcon", staff.id, customer, stream.key, plain=not hidden)
        await app.committer.append(f"access/{app.clock.now_ms() // DAY_MS}", taken, by=f"staff/{staff.id}")
        return JSONResponse(document, media_type=VCON)

    @routes.post(
        "/api/vcons", response_model=Accepted, status_code=201, openapi_extra=TAKES_VCON,
        responses={409: {"description": "A vCon with this uuid is here already; nothing was changed."}},
    )  # fmt: skip
    async def bring(request: Request) -> Accepted:
        """Import one vCon, of any draft, leniently; plain or gzip."""
        app.allow(request, "import", "conversations")
        told = _document(await _body(request))
        read = from_document(told, Names(app.keys))
        if isinstance(read, Skipped):
            raise _unfit(_pointer(read.reason), f"This vCon cannot be imported: {read.reason}.")
        if await app.store.history(read.stream):
            raise BatonError("already_here", 409, "A vCon with this uuid was imported before. Nothing was changed.")
        await append_one(app.committer, app.keys, read)
        return Accepted(conversation=read.stream.partition("/")[2], turns=read.turns)


async def look(app: App, staff: Staff, stream: Stream) -> None:
    """Keep that someone opened a conversation's text."""
    day = app.clock.now_ms() // DAY_MS
    await app.committer.append(f"access/{day}", Looked(staff.id, stream.key), by=f"staff/{staff.id}")


def csv_response(text: str, name: str) -> Response:
    """A CSV file to keep."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


async def _found(app: App, staff: Staff, key: str) -> tuple[Stream, ConversationRow]:
    stream = await app.conversation(staff, key)
    row = await conversation(app.store, stream.key)
    if row is None:
        raise not_found()
    return stream, _row(row)


def _row(row: object) -> ConversationRow:
    return ConversationRow.model_validate(row)


async def _turns(app: App, staff: Staff, stream: Stream) -> list[TurnRow]:
    texts = await app.hiding.texts(staff, [turn.text for turn in stream.turns])
    return [
        TurnRow(
            position=t.position + t.n, role=t.role, who=t.who, text=text, at_ms=t.at_ms, ai_generated=t.role == "agent"
        )
        for t, text in zip(stream.turns, texts, strict=True)
    ]


def _theirs(staff: Staff, equal: dict[str, str]) -> dict[str, str]:
    """A rep lists their own conversations."""
    return {**equal, "rep": staff.id} if staff.role == "rep" else equal


async def _body(request: Request) -> bytes:
    media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media not in IN + ZIPPED:
        raise BatonError("wrong_media_type", 415, f"Send `Content-Type: {VCON}` or `application/json`, plain or gzip.")
    body = await request.body()
    zipped = media in ZIPPED or request.headers.get("content-encoding", "") == "gzip" or body[:2] == b"\x1f\x8b"
    return _unzipped(body) if zipped else body


def _unzipped(body: bytes) -> bytes:
    try:
        reader = zlib.decompressobj(zlib.MAX_WBITS | 16)
        plain = reader.decompress(body, UNZIPPED_MOST)
    except (zlib.error, gzip.BadGzipFile) as error:
        raise BatonError("malformed", 400, "The gzip body could not be read. Send it again, or plain.") from error
    if reader.unconsumed_tail or not reader.eof:
        raise BatonError("too_large", 413, f"The body unpacks to more than {UNZIPPED_MOST >> 20} MB, or is cut off.")
    return plain


def _document(body: bytes) -> dict[str, object]:
    try:
        told = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BatonError("malformed", 400, "The request could not be read. Send JSON in UTF-8.") from error
    if not isinstance(told, dict):
        raise _unfit("/", "A vCon is a JSON object.")
    now = renamed(told)
    for name in ("parties", "dialog", "analysis", "attachments", "critical"):
        if name in now and not isinstance(now[name], list):
            raise _unfit(f"/{name}", f"{name} is an array.")
    return now


def _pointer(reason: str) -> str:
    return "/critical" if "extension" in reason else "/analysis" if "transcript" in reason else "/dialog"


def _unfit(pointer: str, message: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", *pointer.strip("/").split("/")), "msg": message, "type": "vcon"}])
