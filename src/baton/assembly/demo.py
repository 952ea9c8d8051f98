"""The demo: Halcyon Air put together, its accounts made, its month filling in behind live traffic."""

import asyncio
import json
import shutil
import webbrowser
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

import msgspec

from baton.assembly.parts import assemble
from baton.assembly.serving import Beside, Say, listening, see_that_nobody_listens
from baton.assembly.tools import risks_of
from baton.assembly.trials.halcyon import set_scenarios
from baton.assembly.trials.tried import try_what_serves
from baton.capabilities.agents.answers.suggest import suggestions
from baton.capabilities.agents.procedures.files import procedures_of
from baton.capabilities.governance.gate.tools import ToolGate
from baton.demo import mailbox
from baton.demo.filling import Filling
from baton.demo.governing import OWNER, begun_with, govern
from baton.demo.halcyon.company import company
from baton.demo.halcyon.ledger import Answer, RecordError
from baton.demo.halcyon.procedure import tools as their_tools
from baton.demo.halcyon.toolbox import call
from baton.demo.month import Month, keep, month_of
from baton.demo.people import accounts, reps
from baton.demo.policies import OPENERS, set_policies
from baton.demo.traffic import Traffic
from baton.demo.world import SystemOfRecord, World
from baton.engines.meanings import FILE as MEANINGS
from baton.engines.tools import LocalTools, Tool, ToolRefused, tool
from baton.kernel.clock import SystemChance, WallClock
from baton.settings import Settings
from baton.web.app import App, DemoAccount, Organisation
from baton.web.identity.granting import make_key
from baton.web.staff import Staff

SEED = 7
DEMO_KEY = "demo"
PROGRAM = "Monthly figures"
NOTICE = "Halcyon Air is invented: so are its customers, reps, flights and figures."


class Signed(msgspec.Struct, frozen=True):
    """An account of the demo, with what signs it in."""

    role: str
    email: str
    password: str
    token: str


def serve_demo(
    settings: Settings, fresh: bool, traffic: bool, days: int, browse: bool, as_json: bool, say: Say
) -> None:
    """Halcyon Air until it is stopped."""
    see_that_nobody_listens(settings)
    if fresh:
        shutil.rmtree(settings.home, ignore_errors=True)
    asyncio.run(_serve(settings, traffic, days, browse, as_json, say))


async def _serve(settings: Settings, traffic: bool, days: int, browse: bool, as_json: bool, say: Say) -> None:
    month = month_of(settings.home, days, WallClock().now_ms())
    world = World(SEED, month.end_ms)
    record = SystemOfRecord(settings.home / "record.db", world)
    _read_ahead(settings.home)
    settings = _published(settings)
    gate = ToolGate(zone=company().time_zone)
    tools = LocalTools(_tools(record), gate)
    parts = await assemble(settings, tools=tools, gate=gate)
    app = App(parts.committer, settings, wake=parts.wake, organisation=_organisation())
    app.suggest, app.tools = suggestions, lambda: risks_of(tools)
    app.further.append(mailbox.router(app, record))
    signed = _sign_up(app)
    filling = Filling(parts.committer, parts.keys, world, month.days)
    app.telling = None if month.told else filling.progress
    url = f"http://{settings.host}:{settings.port}"

    async def ready() -> list[Beside]:
        with as_file(files("baton.demo") / "halcyon") as folder:
            made = procedures_of(folder / "procedures", folder / "tools.toml")
            await begun_with(parts.committer, made)
            await set_policies(parts.committer, made, "any" if settings.llm_url else "")
            await set_scenarios(parts.committer)
        await _keyed(app)
        say(f"ready {url}")
        parts.looking.warm()
        _tell(url, signed, as_json, say)
        if browse:
            webbrowser.open(url)
        live = [Traffic(url, app, world, record, signed[1].email).run(), try_what_serves(app, OWNER)] if traffic else []
        tokens = {each.role: each.token for each in signed}
        live.append(govern(url, tokens["admin"], tokens["supervisor"], world))
        return live + ([] if month.told else [_told(filling, settings.home, month)])

    await listening(parts, app, ready)
    record.close()


def _read_ahead(home: Path) -> None:
    """What the articles mean stands ready, so that the first question is understood; what changed since is read behind the turns."""
    if not (home / MEANINGS).exists():
        (home / MEANINGS).write_bytes((files("baton.demo") / "halcyon" / MEANINGS).read_bytes())


def _published(settings: Settings) -> Settings:
    """Heads go to a file that stands for another disk, where nobody else was named to keep them."""
    elsewhere = str(settings.home / "stands-for-another-disk" / "heads.jsonl")
    return settings if settings.audit_publish else settings.model_copy(update={"audit_publish": elsewhere})


async def _told(filling: Filling, home: Path, month: Month) -> None:
    await filling.run()
    await asyncio.to_thread(keep, home, msgspec.structs.replace(month, told=True))


def _tools(record: SystemOfRecord) -> list[Tool]:
    return [
        msgspec.structs.replace(
            _tool(record, t.name, t.args, t.risk), shows=t.shows, shows_args=t.shows_args, must=t.must
        )
        for t in their_tools()
    ]


def _tool(record: SystemOfRecord, name: str, args: tuple[str, ...], risk: str) -> Tool:
    async def run(given: Mapping[str, str], key: str) -> Answer:
        try:
            return await asyncio.to_thread(call, record, name, given, key)
        except RecordError as error:
            raise ToolRefused(error.code, str(error)) from error

    return tool(name, args, run, risk)  # type: ignore[arg-type]


def _organisation() -> Organisation:
    told = company()
    return Organisation(
        name=told.name, assistant=told.agent[0].name, invented=True, zone=told.time_zone, openers=OPENERS, mailbox=mailbox.AT,
    )  # fmt: skip


def _sign_up(app: App) -> list[Signed]:
    chance = SystemChance()
    for rep in reps():
        app.accounts.add(Staff(rep.id, rep.email, rep.name, "rep", rep.queues, rep.languages, rep.places), "")
    signed = []
    for account in accounts():
        known = app.accounts.by_email(account.email)
        name = known.id if known else account.email.partition("@")[0]
        password = chance.token(9)
        base = known or Staff(name, account.email, account.name, account.role)
        app.accounts.add(msgspec.structs.replace(base, role=account.role), password)
        for key in app.accounts.keys.listed(name):
            if key.name == DEMO_KEY:
                app.accounts.keys.revoke_one(key.id)
        signed.append(Signed(account.role, account.email, password, app.accounts.make_token(name, DEMO_KEY)))
    shown = tuple(DemoAccount(s.role, s.email, s.password) for s in signed)
    app.organisation = replace(app.organisation, accounts=shown)
    return signed


async def _keyed(app: App) -> None:
    """A program of the company has a key of its own, which does less than its owner may."""
    of = {a.role: app.accounts.by_email(a.email) for a in accounts()}
    owner, by = of["integration"], of["admin"]
    if owner and by and all(key.name != PROGRAM for key in app.accounts.keys.listed(owner.id)):
        await make_key(app, owner, by, PROGRAM, "90", ("performance:open", "performance:export"))


def _tell(url: str, signed: list[Signed], as_json: bool, say: Say) -> None:
    if as_json:
        figures = {"url": url, "accounts": [msgspec.to_builtins(s) for s in signed]}
        say(json.dumps({"name": "demo", "figures": figures, "n": 0, "seconds": 0.0, "versions": {}}))
        return
    say(f"\n{NOTICE}\n\n  customer           {url}/chat\n  customers' mail    {url}{mailbox.AT}")
    for each in signed:
        say(f"  {each.role.replace('_', ' '):<18} {each.email:<34} {each.password}")
    say(f"\nSign in at {url}/sign-in. Stop with Ctrl C.")
