"""The audit over HTTP: heads, proofs, how it stands, records, and heads of other logs kept for them."""

from base64 import b64encode
from dataclasses import asdict
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request

from baton.capabilities.governance.audit.bodies import (
    Brought,
    HeadBody,
    Heads,
    KeptBody,
    KeptHeads,
    Place,
    ProofBody,
    ReceiptBody,
    Record,
    Records,
    Standing,
)
from baton.capabilities.governance.audit.entry import readable
from baton.capabilities.governance.audit.records import KINDS, asked, found
from baton.capabilities.governance.audit.standing import standing
from baton.engines.audit import witnessing
from baton.engines.audit.heads import Signing, signing_of
from baton.engines.audit.sealing import Sealer
from baton.engines.audit.tree import Tree
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.refusals import not_found

CHAT: Final = "chat"
"""What the token of a conversation is signed for (channels/chat)."""
KIND: Final = "conversation/"
Position = Annotated[
    int, Query(ge=0, le=1 << 53, description="A position of the log: of an input, or of what it caused.")
]
Limit = Annotated[int, Query(ge=1, le=1000)]
Word = Annotated[str, Query(max_length=100, pattern=r"^[^\x00]*$")]
Log = Annotated[str, Query(max_length=64, pattern=r"^[\w-]*$", description="One log; empty: all.")]


def signing(app: App) -> Signing:
    """The organisation's audit key."""
    given = app.settings.audit_key
    return signing_of(app.settings.home, given.get_secret_value() if given else None)


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/audit", tags=["audit"])
    _own(routes, app)
    _receipts(routes, app)
    _witness(routes, app)
    return routes


def _own(routes: APIRouter, app: App) -> None:
    @routes.get("", response_model=Standing)
    async def state(request: Request) -> Standing:
        """How the audit stands."""
        app.allow(request, "open", "admin")
        now = await standing(app)
        return Standing(
            kind=now.kind, title=now.title, text=now.text, size=now.head.size if now.head else 0, signed_ms=now.head.at_ms if now.head else 0,
            verified_ms=now.checked.at_ms if now.checked and now.checked.ok else 0, places=[Place(**asdict(place)) for place in now.places],
        )  # fmt: skip

    @routes.get("/heads", response_model=Heads)
    async def heads(request: Request, after: Annotated[int, Query(ge=0, le=1 << 53)] = 0, limit: Limit = 100) -> Heads:
        """Signed heads of more than `after` entries, in order."""
        app.allow(request, "open", "admin")
        told = [HeadBody.of(head) for head in await Tree(app.store).heads(after, limit)]
        return Heads(heads=told, public=[signing(app).public.hex()])

    @routes.get("/records", response_model=Records)
    async def records(
        request: Request, who: Word = "", kind: Word = "", on: Word = "", since: Annotated[str, Query(alias="from", max_length=10)] = "",
        until: Annotated[str, Query(max_length=10)] = "", before: Annotated[int, Query(ge=0, le=1 << 53)] = 0, limit: Limit = 100,
    ) -> Records:  # fmt: skip
        """Policy changes, looks at personal data, what was taken out, and sign-ins."""
        app.allow(request, "open", "admin")
        query = {"who": who, "kind": kind, "on": on, "from": since, "until": until, "before": str(before)}
        if kind and kind not in KINDS:
            raise BatonError("no_such_kind", 422, f"There is no kind {kind!r}. Use one of {', '.join(KINDS)}.")
        return Records(records=[Record(**asdict(one)) for one in await found(app, asked(app, query), limit)])


def _receipts(routes: APIRouter, app: App) -> None:
    @routes.get("/proof", response_model=ProofBody)
    async def proof(request: Request, position: Position) -> ProofBody:
        """The proof that what stands at a position is in the log: to staff, and to the customer for their own conversation."""
        entry = await app.store.at(position)
        staff = app.who(request)
        if staff is not None or not request.headers.get("authorization"):
            app.allow(request, "open", "admin")
        elif entry is None or not _their_own(app, request, entry.entry.stream):
            raise not_found()
        made = await Tree(app.store).proof(position) if entry else None
        if made is None:
            raise not_found()
        shown = staff is not None and entry is not None and readable(entry.entry.stream)
        return ProofBody.of(made, b64encode(made.leaf).decode() if shown else "")


def _their_own(app: App, request: Request, stream: str) -> bool:
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    return (
        kind.lower() == "bearer"
        and stream.startswith(KIND)
        and app.signer.opens(CHAT, stream.removeprefix(KIND), token)
    )


def _witness(routes: APIRouter, app: App) -> None:
    made: list[witnessing.Witness] = []

    def witness() -> witnessing.Witness:
        if not made:
            sealer = Sealer(app.store, app.committer.memory.quiet, app.clock, signing(app))
            made.append(witnessing.Witness(sealer, app.clock))
        return made[0]

    @routes.post(
        "/witness", response_model=ReceiptBody,
        responses={409: {"description": "It does not continue the head that is kept of that log; nothing was kept."}},
    )  # fmt: skip
    async def keep(request: Request, body: Brought) -> ReceiptBody:
        """Keep the head of another log: checked against the last one kept, and counter-signed."""
        staff = app.allow(request, "witness", "admin")
        brought = witnessing.Brought(body.head.head(), body.since, tuple(body.proof), body.public)
        receipt = await witness().keep(brought, staff.id)
        return ReceiptBody(head=receipt.head, at_ms=receipt.at_ms, public=receipt.public, signature=receipt.signature)

    @routes.get("/witness", response_model=KeptHeads)
    async def kept(request: Request, log: Log = "", limit: Limit = 100) -> KeptHeads:
        """Heads kept for others, the newest first; to who may not open the audit, those they brought."""
        staff = app.allow(request, "witness", "admin")
        every = app.may(staff, "open", "admin")
        found = await witness().kept(log, limit, "" if every else staff.id)
        return KeptHeads(heads=[KeptBody.kept(one) for one in found])
