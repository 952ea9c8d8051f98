"""Serving SCIM: one dispatcher, so that every answer under /scim/v2, refusals too, is one that SCIM clients understand."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from pydantic import ValidationError
from scim2_models import (
    Context,
    Error,
    ListResponse,
    NotFoundException,
    PatchOp,
    PreconditionFailedException,
    Resource,
    ResourceType,
    ResponseParameters,
    Schema,
    SCIMException,
    SearchRequest,
)
from starlette.responses import Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity.keys import SCIM
from baton.web.identity.scim.kept import Kept
from baton.web.identity.scim.models import MOST, POLICY, PROVIDER, Group, User
from baton.web.limits import Buckets
from baton.web.staff import Staff

MEDIA: Final = "application/scim+json"
METHODS: Final = ("GET", "POST", "PUT", "PATCH", "DELETE")
BURST: Final = 600
PER_S: Final = 30.0
KINDS: Final[dict[str, type[User] | type[Group]]] = {"Users": User, "Groups": Group}
SEARCHES: Final[dict[object, Any]] = {User: SearchRequest[User], Group: SearchRequest[Group]}
PAGES: Final[dict[object, Any]] = {
    User: ListResponse[User], Group: ListResponse[Group], Schema: ListResponse[Schema], ResourceType: ListResponse[ResourceType],
}  # fmt: skip
PATCHES: Final[dict[object, Any]] = {User: PatchOp[User], Group: PatchOp[Group]}
PARTS: Final[dict[object, Any]] = {User: ResponseParameters[User], Group: ResponseParameters[Group]}
DISCOVERY: Final = ("ServiceProviderConfig", "ResourceTypes", "Schemas")
ID_BYTES: Final = 9


class Refused(Exception):
    """An answer that is no, with its status."""

    def __init__(self, status: int, detail: str, allow: str = "") -> None:
        super().__init__(detail)
        self.status, self.detail, self.allow = status, detail, allow


def routes(app: App) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False)
    limit = Buckets(app.clock, BURST, PER_S)

    @made.api_route("/scim/v2/{rest:path}", methods=list(METHODS))
    async def scim(request: Request, rest: str) -> Response:
        """Everything of SCIM."""
        try:
            staff = _asking(app, request, limit)
            with PROVIDER:
                return await _Asked(app, request, staff).answer(rest.strip("/"))
        except Refused as no:
            return _error(no.status, no.detail, {"Allow": no.allow} if no.allow else {})
        except SCIMException as no:
            return _told(no.to_error(), no.status)
        except ValidationError as no:
            errors = Error.from_validation_errors(no)
            return _told(errors[0], HTTPStatus.BAD_REQUEST)
        except BatonError as no:
            return _error(no.status, no.message)

    return made


def _asking(app: App, request: Request, limit: Buckets) -> Staff:
    """Whose key this is: it must have the scope, and its owner the right to change who may what."""
    staff = app.who(request)
    if staff is None or staff.how != "key":
        raise Refused(401, "Send an API key with the scope `scim` as `Authorization: Bearer …`.")
    whole = msgspec.structs.replace(staff, scopes=None)
    if SCIM not in (staff.scopes or ()) or not app.permissions.lets(whole, "change", "admin"):
        raise Refused(
            403, "This key may not provision: it needs the scope `scim`, and its owner the right to change rights."
        )
    if limit.wait_s(staff.id):
        raise Refused(429, "Too many requests. Wait a second, then go on.")
    return staff


class _Asked:
    """One request."""

    def __init__(self, app: App, request: Request, staff: Staff) -> None:
        self._app, self._request = app, request
        base = app.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
        self._base = f"{base}/scim/v2"
        self._kept = Kept(app, self._base, staff.id)

    async def answer(self, rest: str) -> Response:
        """The answer; raises where it is no."""
        place, _, key = rest.partition("/")
        if place in DISCOVERY:
            self._only("GET")
            return self._described(place, key)
        if ".search" in (place, key):
            self._only("POST")
            return self._searched(place if key else "", await self._json())
        kind = KINDS.get(place)
        if kind is None:
            raise NotFoundException
        return await (self._one(kind, key) if key else self._all(kind))

    def _only(self, *methods: str) -> None:
        if self._request.method not in methods:
            raise Refused(405, f"Only {', '.join(methods)} here.", ", ".join(methods))

    async def _json(self) -> dict[str, Any]:
        try:
            return msgspec.json.decode(await self._request.body(), type=dict[str, Any])
        except (msgspec.DecodeError, msgspec.ValidationError, UnicodeDecodeError):
            raise Refused(400, "The body is no JSON object. Nothing was changed.") from None

    def _described(self, place: str, key: str) -> Response:
        if place == "ServiceProviderConfig":
            return _found(PROVIDER.config, None)
        listed: list[Any] = list(PROVIDER.resource_types if place == "ResourceTypes" else PROVIDER.schemas)
        kind = ResourceType if place == "ResourceTypes" else Schema
        if self._request.query_params.get("filter"):
            raise Refused(403, "What this service is cannot be filtered.")
        if key:
            return _found(next((each for each in listed if each.id == key), None), None)
        answer = PAGES[kind](total_results=len(listed), start_index=1, items_per_page=len(listed), resources=listed)
        return _body(answer.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE), 200)

    async def _all(self, kind: type[User] | type[Group]) -> Response:
        self._only("GET", "POST")
        if self._request.method == "GET":
            return self._listed(kind, _query(self._request.query_params))
        told = kind.model_validate(await self._json(), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
        if isinstance(told, User):
            made: User | Group | None = self._kept.user(await self._kept.add_user(told))
        else:
            new = f"g{self._app.chance.token(ID_BYTES)}"
            await self._kept.put_group(new, told)
            made = self._kept.group(new)
        return self._whole(made, Context.RESOURCE_CREATION_RESPONSE, 201)

    def _listed(self, kind: type[User] | type[Group], asked: Mapping[str, Any]) -> Response:
        found: list[Any] = list(self._kept.users() if kind is User else self._kept.groups())
        return _page(SEARCHES[kind].model_validate(asked), found, PAGES[kind])

    def _searched(self, place: str, asked: Mapping[str, Any]) -> Response:
        if place in KINDS:
            return self._listed(KINDS[place], asked)
        if place:
            raise NotFoundException
        found: list[Any] = [*self._kept.users(), *self._kept.groups()]
        return _page(SearchRequest[User | Group].model_validate(asked), found, ListResponse[User | Group])

    async def _one(self, kind: type[User] | type[Group], key: str) -> Response:
        self._only("GET", "PUT", "PATCH", "DELETE")
        there = self._kept.user(key) if kind is User else self._kept.group(key)
        if there is None:
            raise NotFoundException
        self._matches(there)
        method = self._request.method
        if method == "GET":
            return self._whole(there, Context.RESOURCE_QUERY_RESPONSE, 200)
        if method == "DELETE":
            await (self._kept.remove_user(key) if kind is User else self._kept.remove_group(key))
            return Response(status_code=204)
        after = self._changed(kind, there, await self._json())
        await (self._kept.change_user(key, after) if isinstance(after, User) else self._kept.put_group(key, after))
        now = self._kept.user(key) if kind is User else self._kept.group(key)
        context = Context.RESOURCE_REPLACEMENT_RESPONSE if method == "PUT" else Context.RESOURCE_PATCH_RESPONSE
        return self._whole(now, context, 200)

    def _changed(self, kind: type[User] | type[Group], there: Any, body: dict[str, Any]) -> User | Group:
        if self._request.method == "PUT":
            told = kind.model_validate(body, scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
            told.replace(there)
            return told
        patch = PATCHES[kind].model_validate(body, scim_ctx=Context.RESOURCE_PATCH_REQUEST)
        patch.patch(there, scim_policy=POLICY)
        changed: User | Group = there
        return changed

    def _matches(self, there: Resource[Any]) -> None:
        """Whether it is the version that the client knows (RFC 7644, 3.14)."""
        wanted = self._request.headers.get("if-match")
        version = there.meta.version if there.meta else ""
        if wanted and wanted != "*" and version not in [each.strip() for each in wanted.split(",")]:
            raise PreconditionFailedException

    def _whole(self, found: Resource[Any] | None, context: Context, status: int) -> Response:
        if found is None or found.meta is None:
            raise NotFoundException
        version, location = str(found.meta.version), str(found.meta.location)
        if status == HTTPStatus.OK and self._request.headers.get("if-none-match") == version:
            return Response(status_code=304, headers={"ETag": version})
        asked = PARTS[type(found)].model_validate(_query(self._request.query_params))
        said = found.model_dump(scim_ctx=context, response_parameters=asked)
        return _body(said, status, {"ETag": version, "Location": location})


def _page(wanted: Any, found: list[Any], answer: Any) -> Response:
    """The part of what fits that was asked for."""
    if wanted.filter is not None:
        fits = wanted.filter.match
        found = [each for each in found if fits(each)]
    found, start = wanted.sort(found), wanted.start_index_0 or 0
    page = found[start : start + (MOST if wanted.count is None else min(wanted.count, MOST))]
    told = answer(total_results=len(found), start_index=start + 1, items_per_page=len(page), resources=page)
    return _body(told.model_dump(scim_ctx=Context.SEARCH_RESPONSE, response_parameters=wanted), 200)


def _query(given: Mapping[str, str]) -> dict[str, Any]:
    """What a query asks for; names in any case, lists by commas."""
    lists = {"attributes", "excludedattributes"}
    return {name: value.split(",") if name.lower() in lists else value for name, value in given.items()}


def _found(found: Resource[Any] | None, asked: Any) -> Response:
    if found is None:
        raise NotFoundException
    return _body(found.model_dump(scim_ctx=Context.RESOURCE_QUERY_RESPONSE, response_parameters=asked), 200)


def _body(said: dict[str, Any], status: int, headers: Mapping[str, str] | None = None) -> Response:
    return Response(
        msgspec.json.encode(said), status, {"Cache-Control": "no-store", **(headers or {})}, media_type=MEDIA
    )


def _error(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    return _body(Error(status=status, detail=detail).model_dump(), status, headers)


def _told(error: Error, status: int) -> Response:
    return _body(error.model_dump(), int(error.status or status))
