"""Commands: the privacy API, under /api/privacy."""

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Path, Query, Request
from starlette.responses import JSONResponse, Response

from baton.capabilities.governance.privacy import asking, consent, erasing, erasures, holds, looks, retention
from baton.capabilities.governance.privacy.bodies import (
    KEY,
    AgreedOut,
    Agreements,
    ConsentIn,
    DueOut,
    Erase,
    ErasureOut,
    Erasures,
    Find,
    HoldIn,
    HoldOut,
    Holds,
    KeepIn,
    Kept,
    Looks,
    RetentionIn,
    RetentionOut,
    SeenOut,
    SubjectOut,
)
from baton.capabilities.governance.privacy.certificate import certificate
from baton.capabilities.governance.privacy.governance import Consent, Keep, Retention
from baton.capabilities.governance.privacy.subject import Subject, holding
from baton.kernel.conversation import PolicyRevised
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.refusals import not_found

POLICY: Final = "governance.Retention"
Key = Annotated[str, Path(pattern=KEY)]
Kind = Annotated[str, Path(pattern=r"^(customer|conversation)$")]
Text = Annotated[str, Query(max_length=100)]
HELD: Final[dict[int | str, dict[str, object]]] = {
    409: {"description": "A legal hold keeps these records, or is over; nothing was changed."}
}
ZIP: Final[dict[int | str, dict[str, object]]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/privacy", tags=["privacy"])
    _erasing(routes, app)
    _holds(routes, app)
    _retention(routes, app)
    _consent(routes, app)
    _out(routes, app)
    return routes


def _erasing(routes: APIRouter, app: App) -> None:
    @routes.post("/find", response_model=SubjectOut)
    async def find(request: Request, body: Find) -> SubjectOut:
        """Who gave this identifier, and what is held of them: counts by kind, and the holds that forbid erasing."""
        app.allow(request, "open", "admin")
        return await subject_out(app, await asking.found(app, body.said, body.conversation))

    @routes.post("/erasures", response_model=ErasureOut, status_code=201, responses=HELD)
    async def erase(request: Request, body: Erase) -> ErasureOut:
        """Forget a person, at once and for ever: 409 where a legal hold forbids it."""
        staff = app.allow(request, "change", "admin")
        done = await erasing.erase(app, await asking.named(app, body.subject), body.why, staff.id)
        return next(_erasure(each) for each in await erasures.every(app) if each.subject == done)

    @routes.get("/erasures", response_model=Erasures)
    async def listed(request: Request) -> Erasures:
        """Who was forgotten, or asked to be."""
        app.allow(request, "open", "admin")
        return Erasures(erasures=[_erasure(each) for each in await erasures.every(app)])

    @routes.get(
        "/erasures/{kind}/{key}", responses={200: {"content": {"application/json": {"schema": {"type": "object"}}}}}
    )
    async def proof(request: Request, kind: Kind, key: Key) -> Response:
        """The signed certificate of an erasure."""
        app.allow(request, "open", "admin")
        found = await erasures.record(app, f"{kind}/{key}")
        if found is None:
            raise not_found()
        return JSONResponse(await certificate(app, *found))


def _holds(routes: APIRouter, app: App) -> None:
    @routes.get("/holds", response_model=Holds)
    async def listed(request: Request) -> Holds:
        """Legal holds, and why each was placed."""
        app.allow(request, "open", "admin")
        now = app.clock.now_ms()
        found = await holds.with_reasons(app.committer, await holds.every(app.store))
        return Holds(holds=[HoldOut(active=each.active(now), **msgspec.to_builtins(each)) for each in found])

    @routes.post("/holds", response_model=Kept, status_code=201)
    async def place(request: Request, body: HoldIn) -> Kept:
        """Hold records: nothing of them is erased until it ends."""
        staff = app.allow(request, "change", "admin")
        key = app.chance.token(9)
        records = tuple(dict.fromkeys(body.records))
        at = await holds.place(
            app.committer, key, staff.id, body.scope, body.ref, records, app.cover(body.why), body.until_ms
        )
        return Kept(position=at)

    @routes.delete("/holds/{key}", response_model=Kept, responses=HELD)
    async def end(request: Request, key: Key) -> Kept:
        """End a hold before its time."""
        staff = app.allow(request, "change", "admin")
        return Kept(position=await holds.end(app.committer, key, staff.id))


def _retention(routes: APIRouter, app: App) -> None:
    @routes.get("/retention", response_model=RetentionOut)
    async def in_force(request: Request) -> RetentionOut:
        """What is kept how long, and what is due now."""
        app.allow(request, "open", "admin")
        return await retention_out(app, app.policy(Retention), in_force=True)

    @routes.put("/retention", response_model=RetentionOut)
    async def change(request: Request, body: RetentionIn) -> RetentionOut:
        """What a change would destroy now; with `sure` it is put in force, with its reason."""
        staff = app.allow(request, "change", "admin")
        wanted = retention.checked(Retention(tuple(Keep(each.records, each.days) for each in body.keep)))
        told = await retention_out(app, wanted, in_force=body.sure)
        if body.sure:
            await put_in_force(app, wanted, staff.id, body.why)
        return told


def _consent(routes: APIRouter, app: App) -> None:
    @routes.get("/customers/{key}/consents", response_model=Agreements)
    async def agreed(request: Request, key: Key) -> Agreements:
        """What this person's data may be used for, as last said."""
        app.allow(request, "open", "admin")
        subject = await asking.named(app, f"customer/{key}")
        return agreements(app, await consent.of(app.store, subject.customers))

    @routes.post("/customers/{key}/consents", response_model=Kept, status_code=201)
    async def keep(request: Request, key: Key, body: ConsentIn) -> Kept:
        """Keep what a person said about one use of their data."""
        staff = app.allow(request, "change", "admin")
        await asking.named(app, f"customer/{key}")
        said = Consent(**body.model_dump())
        return Kept(position=await consent.keep(app.committer, key, said, f"staff/{staff.id}"))


def _out(routes: APIRouter, app: App) -> None:
    @routes.get("/looks", response_model=Looks)
    async def looked(request: Request, staff: Text = "", conversation: Text = "", customer: Text = "") -> Looks:
        """Who read or took out whose words, the newest first."""
        app.allow(request, "open", "admin")
        found = await looks.seen(app, staff, conversation, [customer] if customer else [])
        return Looks(looks=[SeenOut.model_validate(msgspec.to_builtins(each)) for each in found])

    @routes.get("/people/{kind}/{key}.zip", response_class=Response, responses=ZIP)
    async def person(request: Request, kind: Kind, key: Key) -> Response:
        """Everything that is kept of a person, to be given to them. That it was taken out is kept."""
        staff = app.allow(request, "export", "admin")
        return zipped(await asking.taken(app, await asking.named(app, f"{kind}/{key}"), staff.id))


def zipped(body: bytes) -> Response:
    """A zip to keep."""
    headers = {"Content-Disposition": 'attachment; filename="my-data.zip"', "Cache-Control": "no-store"}
    return Response(body, media_type="application/zip", headers=headers)


async def subject_out(app: App, subject: Subject) -> SubjectOut:
    """A person as the API shows them."""
    held = await holds.holding_back(app.store, subject, app.clock.now_ms())
    counted = await holding(app.committer, subject.streams)
    return SubjectOut(
        subject=subject.stream, identities=len(subject.customers), conversations=len(subject.conversations), kinds=counted.kinds,
        held_by=[each.hold for each in held],
    )  # fmt: skip


async def retention_out(app: App, policy: Retention, *, in_force: bool) -> RetentionOut:
    """A retention policy and what it means now."""
    due = [
        DueOut(records=d.records, dark=len(d.due), held=d.held, kept=d.kept)
        for d in await retention.preview(app, policy)
    ]
    return RetentionOut(keep=[KeepIn(records=k.records, days=k.days) for k in policy.keep], due=due, in_force=in_force)


async def put_in_force(app: App, policy: Retention, staff: str, why: str) -> None:
    """Let a retention policy hold from now on. Raises 422 where no reason is given."""
    if not why.strip():
        raise BatonError("no_reason", 422, "Say why it changes: whoever asks later reads it.")
    body = msgspec.Raw(msgspec.json.encode(policy))
    await app.committer.append(
        f"policy/{POLICY}", PolicyRevised(POLICY, body, staff, app.reason(why)), by=f"staff/{staff}"
    )


def agreements(app: App, found: list[consent.Agreed]) -> Agreements:
    """What somebody agreed to, as the API shows it."""
    now = app.clock.now_ms()
    return Agreements(consents=[AgreedOut(valid=each.valid(now), **msgspec.to_builtins(each)) for each in found])


def _erasure(each: erasures.Erasure) -> ErasureOut:
    return ErasureOut.model_validate(msgspec.to_builtins(each))
