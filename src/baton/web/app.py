"""The web application: what every route may ask for (`App`), and the ASGI application made of it (`asgi`)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol, TypeVar

import msgspec
from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Route

from baton import __version__
from baton.capabilities.routing.events import MAIN
from baton.kernel.clock import SystemChance
from baton.kernel.committer import Committer
from baton.kernel.cover import cover
from baton.kernel.errors import BatonError
from baton.kernel.lanes import LANES, lane_of
from baton.kernel.ports import Blobs, Chance, Pool, Wake
from baton.kernel.stream import Stream
from baton.settings import Settings
from baton.web import pages, problems
from baton.web.board import Board, named
from baton.web.front import Front, Hot, OtherMethods
from baton.web.guard import SESSION, Guard, Origins, bearer, cookie
from baton.web.hiding import Hiding
from baton.web.hub import Hub
from baton.web.identity.events import Roles, SignIns
from baton.web.metrics import Metrics
from baton.web.permissions import Permissions
from baton.web.reader import Reader
from baton.web.refusals import not_found
from baton.web.signing import Signer, secret_of
from baton.web.staff import Accounts, Staff
from baton.web.templating import SCREENS, Shell, Viewer, environment, screens_for

P = TypeVar("P", bound=msgspec.Struct)
LOOK_S = 1.0
CHANNELS = ("baton.channels.chat", "baton.channels.desk")
SHELL = ("baton.web.sign_in", "baton.web.live", "baton.web.oidc", "baton.web.identity.routes")


@dataclass(frozen=True)
class DemoAccount:
    """A sign-in shown on the sign-in page of an invented company, and nowhere else."""

    role: str
    email: str
    password: str


@dataclass(frozen=True)
class Organisation:
    """Whose Baton this is. `zone` is an IANA time zone; `openers` are sentences a customer may begin with; `mailbox` is where an invented company's mail can be read."""

    name: str = ""
    assistant: str = "Assistant"
    invented: bool = False
    zone: str = "UTC"
    openers: tuple[str, ...] = ()
    accounts: tuple[DemoAccount, ...] = ()
    mailbox: str = ""


class Telling(Protocol):
    """An invented history that fills in: how many conversations were told of those expected, and back to which time."""

    told: int
    expected: int
    since_ms: int
    done: bool


class App:
    """What routes may ask for. Made once by the assembly; `tasks` run for as long as the application serves.

    `desks` are called with somebody's id and whether a tab of theirs opened (or closed). The assembly may set `cover` (what is kept of a text before it is logged), `reason` (the same of a reason that staff give, which is not sealed), `sealed` (how many inputs the latest signed head covers, and its root), `tools` (those that are connected, and how risky each is), `suggest` (answers a rep may send), `blobs` and `pool`. `further` are routes it adds, such as an invented company's mailbox.
    """

    def __init__(
        self, committer: Committer, settings: Settings, *, chance: Chance | None = None, wake: Wake | None = None,
        organisation: Organisation | None = None, channels: Sequence[str] = CHANNELS,
    ) -> None:  # fmt: skip
        self.committer, self.settings, self.wake = committer, settings, wake
        self.store, self.keys, self.clock, self.crafts = (
            committer.store,
            committer.keys,
            committer.clock,
            committer.crafts,
        )
        self.chance = chance or SystemChance()
        self.organisation = organisation or Organisation()
        self.channels = tuple(channels)
        self.cover: Callable[[str], str] = lambda text: cover(text).text
        self.reason: Callable[[str], str] = self.cover
        self.sealed: Callable[[], Awaitable[tuple[int, str]]] = _not_sealed
        self.reader = Reader(committer)
        self.hub, self.board, self.metrics = Hub(wake), Board(committer), Metrics()
        self.permissions = Permissions(made=lambda: self.policy(Roles))
        self.hiding = Hiding(self.permissions)
        self.signer = Signer(secret_of(settings.home, _plain(settings.secret)))
        self.accounts = Accounts(settings.home / "staff.db", self.clock, self.chance)
        self.templates = environment()
        self.tools: Callable[[], Mapping[str, str]] = dict
        self.suggest: Callable[[Stream], Sequence[msgspec.Struct]] = lambda stream: ()
        self.blobs: Blobs | None = None
        self.pool: Pool | None = None
        self.telling: Telling | None = None
        self.further: list[APIRouter] = []
        self.built = frozenset(screen.name for screen in SCREENS)
        self.look_s = LOOK_S
        self.tasks: list[Callable[[], Awaitable[None]]] = []
        self.stopping: list[Callable[[], None]] = []
        self.desks: list[Callable[[str, bool], None]] = []
        self.metrics.counters["baton_syncs"] = ("Commits synced to disk.", lambda: committer.syncs)
        self.hub.batches.append(self.board.tell)
        committer.listeners.append(self.hub.tell)

    def holder(self, request: Request) -> Staff:
        """Who asks, by session cookie or API key, whatever they may do here; raises 401 where nobody is signed in."""
        found = self.who(request)
        if found is None:
            raise BatonError("sign_in_needed", 401, problems.TOLD[401][1])
        return found

    def staff(self, request: Request) -> Staff:
        """Who asks, where no right is asked for: a key with scopes may not, unless the request was allowed something."""
        found = self.holder(request)
        if found.scopes is not None and not getattr(request.state, "allowed", False):
            raise BatonError("not_in_scope", 403, "This key's scopes do not open this address. Use one that names it.")
        self._enrolled(found)
        return found

    def _enrolled(self, staff: Staff) -> None:
        if staff.how == "password" and staff.rights in self.policy(SignIns).passkeys:
            raise BatonError(
                "passkey_needed", 403, "Your role signs in with a passkey. Add one at /me, then sign in with it."
            )

    def who(self, request: Request) -> Staff | None:
        """Who asks, or None."""
        token = bearer(request.headers)
        if token:
            return self.accounts.of_token(token)
        secret = cookie(request.headers, SESSION)
        return self.accounts.of_session(secret) if secret else None

    def may(self, staff: Staff, act: str, screen: str) -> bool:
        """Whether someone may do `act` (`open`, `change`, `export`, …: permissions.ACTS) on a screen."""
        return self.permissions.lets(staff, act, screen)

    def allow(self, request: Request, act: str, screen: str) -> Staff:
        """Who asks; raises 401 where nobody is signed in and 403 where the role, or the key, may not."""
        staff = self.holder(request)
        self._enrolled(staff)
        if not self.may(staff, act, screen):
            raise BatonError(
                "not_allowed",
                403,
                f"The role {staff.rights!r} may not {act.replace('_', ' ')} on {screen!r}. Ask an administrator.",
            )
        request.state.allowed = True
        return staff

    async def conversation(self, staff: Staff, key: str) -> Stream:
        """A conversation (`ab12` or `conversation/ab12`) as committed, for someone who may see it; else 404, as for a missing one."""
        stream = await self.reader.stream(named(key))
        if stream is None or not await self.may_see(staff, stream.id):
            raise not_found()
        return stream

    async def may_see(self, staff: Staff, id: str) -> bool:
        """Whether someone may see the conversation of this stream id."""
        reps: set[str] = set()
        if staff.role == "rep":
            reps = await self.reader.reps_of(id)
            reps |= self.board.reps_of(id)
        return self.permissions.may_with(staff, "see", id, sorted(reps))

    def policy(self, kind: type[P]) -> P:
        """The newest version of a policy; its defaults where none was ever set."""
        return self.committer.memory.policies.newest_of(kind)

    def csrf(self, request: Request) -> str:
        """What a form or script of this session must send along."""
        return self.signer.sign("csrf", cookie(request.headers, SESSION))

    def page(
        self, request: Request, template: str, *, screen: str = "", status: int = 200, **context: object
    ) -> Response:  # fmt: skip
        """A staff page in the shell. `screen` marks the rail entry; by default the capability's own, from its card."""
        return self._shown(self.staff(request), request, template, screen, status, context)

    def own_page(
        self, request: Request, template: str, screen: str, status: int, context: dict[str, object]
    ) -> Response:
        """The page of one's own sign-in, which also opens to who must still add a passkey."""
        return self._shown(self.holder(request), request, template, screen, status, context)

    def _shown(
        self, staff: Staff, request: Request, template: str, screen: str, status: int, context: dict[str, object]
    ) -> Response:
        shell = self.shell(request, staff, screen or self._screen_of(template))
        body = self.templates.get_template(template).render(shell=shell, staff=staff, request=request, **context)
        return HTMLResponse(body, status, {"Cache-Control": "no-store"})

    def shell(self, request: Request, staff: Staff, screen: str) -> Shell:
        """What the frame around a staff page shows."""
        post = self.board.posts.get(staff.id)
        return Shell(
            viewer=Viewer(staff.name, staff.rights.replace("_", " "), staff.email), active=screen, csrf=self.csrf(request),
            screens=tuple(s for s in screens_for(self.permissions.opened_to(staff)) if s.name in self.built), position=self.hub.newest, zone=self.organisation.zone,
            organisation=self.organisation.name, invented=self.organisation.invented, presence=post.presence if post else "",
        )  # fmt: skip

    def _screen_of(self, template: str) -> str:
        kind, _, rest = template.partition("/")
        card = self.crafts.cards.get(rest.partition("/")[0]) if kind == "capabilities" else None
        return card.screen.strip("/").partition("/")[0] if card else rest.partition("/")[0]

    def stop(self) -> None:
        """End every open event stream, so that the server can stop; clients reconnect and go on where they were."""
        for close in self.stopping:
            close()

    async def run(self) -> None:
        """Look once in `look_s` at what other processes worked, whatever was or was not heard of it."""
        while True:
            await asyncio.sleep(self.look_s)
            await self._look(range(LANES))

    async def listen(self) -> None:
        """Look at once where another process says that lanes have news."""
        if self.wake is not None:
            async for lanes in self.wake.heard():
                await self._look(lanes)

    async def _look(self, lanes: Collection[int]) -> None:
        foreign = frozenset(lanes) - self.committer.lanes
        if lane_of(MAIN) in foreign:
            await self.board.refresh()
        for stream in self.hub.watched() if foreign else ():
            if lane_of(stream) in foreign:
                self.hub.poke(stream)


async def _not_sealed() -> tuple[int, str]:
    return 0, ""


def _plain(secret: object) -> str | None:
    reveal = getattr(secret, "get_secret_value", None)
    return str(reveal()) if reveal else None


def asgi(app: App) -> Front:
    """The ASGI application: shell, channels, every capability's API, problems, headers and the OpenAPI document."""
    front = Front(
        title="Baton", version=__version__, docs_url=None, redoc_url=None, lifespan=_lifespan(app),
        description="Reps and AI agents serve customers from one queue, on one log.",
        exception_handlers={
            BatonError: problems.on_baton_error, HTTPException: problems.on_http_error,
            RequestValidationError: problems.on_invalid, RecursionError: problems.on_too_deep, Exception: problems.on_failure,
        },
    )  # fmt: skip
    front.state.baton = app
    front.guard = Guard(front.inner, app.signer, Origins(app.settings.widget_origins), app.metrics)
    front.include_router(pages.static_routes())
    modules = [import_module(name) for name in SHELL] + _apis(app)
    for module in modules:
        front.include_router(module.router(app))
    for routes in app.further:
        front.include_router(routes)
    app.built = frozenset(screen.name for screen in SCREENS if _leads_somewhere(front, screen.href))
    front.hot = tuple(h for module in modules for h in getattr(module, "hot", _none)(app))
    front.router.routes += [Route(h.path, OtherMethods(h.method), include_in_schema=False) for h in front.hot]
    return front


def _leads_somewhere(front: Front, path: str) -> bool:
    """Whether a page is there: the rail shows no screen that this installation lacks."""
    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "headers": [], "app": front}
    return any(route.matches(scope)[0] is Match.FULL for route in front.router.routes)


def _none(_: App) -> Sequence[Hot]:
    return ()


def _apis(app: App) -> list[ModuleType]:
    packages = [*app.channels, *(module.__name__ for module in app.crafts.modules.values())]
    return [module for module in map(_api, packages) if module is not None]


def _api(package: str) -> ModuleType | None:
    try:
        return import_module(f"{package}.api")
    except ModuleNotFoundError as missing:
        if missing.name == f"{package}.api":
            return None
        raise


def _lifespan(app: App) -> Callable[[FastAPI], Any]:
    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with asyncio.TaskGroup() as group:
            await app.board.refresh()
            started = [group.create_task(_forever(run)) for run in (app.run, app.listen, *app.tasks)]
            yield
            for task in started:
                task.cancel()
        app.accounts.close()

    return running


async def _forever(run: Callable[[], Awaitable[None]]) -> None:
    await run()
