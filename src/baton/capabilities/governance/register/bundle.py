"""Bundle: the register as JSON, CSV, and a zip for an auditor: entries, approvals, evaluations, incidents, policy versions, disclosures."""

import io
import json
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

import msgspec

from baton.capabilities.governance.register.fields import FIELDS
from baton.capabilities.governance.register.history import changes_of, runs, versions
from baton.capabilities.governance.register.incidents import incidents_of
from baton.capabilities.governance.register.standing import Standing, standings
from baton.web.app import App
from baton.web.separated import csv_response

FIXED = "Rep-emotion inference: off, and cannot be turned on. No event of Baton has a field for it, and a test of every build keeps it so."
COLUMNS = (
    "id", "kind", *FIELDS, "state", "version", "configuration", "spent_cents", "disclosed", "not_disclosed", "open_incidents",
    "rep_emotion_inference",
)  # fmt: skip
ABOUT = """What is in here

register.json      every entry as declared, with what the system filled in: state, version, hash, cost, disclosures, incidents
register.csv       the same, one line an entry
approvals.json     the approvals in force, with who wrote, who approved, and the hash of the configuration
incidents.json     every incident with what was done
evaluations.json   figures of the models that ship, and replays
versions.json      every version of the policy governance.Register, with position in the log, author and reason

{fixed}
Hashes are SHA-256. Times are milliseconds since 1970, UTC. Made {at} from the log up to position {position}.
"""


def plain(each: Standing) -> dict[str, object]:
    """An entry in plain fields."""
    built: dict[str, object] = msgspec.to_builtins(each)
    entry = msgspec.structs.asdict(each.system)
    return {**entry, **{k: v for k, v in built.items() if k != "system"}, "rep_emotion_inference": "off, always"}


def lines(told: Iterable[Standing]) -> list[dict[str, object]]:
    """One line an entry, for a table."""
    return [{**plain(each), "disclosed": each.evidence.shown, "not_disclosed": each.evidence.missing} for each in told]


async def bundle(app: App) -> bytes:
    """The zip."""
    told = await standings(app)
    incidents = {s.system.id: msgspec.to_builtins(await incidents_of(app, s.system.id)) for s in told}
    history = [
        {"position": p, "at_ms": at, "author": event.author, "why": event.why, "register": msgspec.to_builtins(body)}
        for p, at, event, body in await versions(app)
    ]
    changes = {s.system.id: msgspec.to_builtins(await changes_of(app, s.system.id)) for s in told}
    made = datetime.fromtimestamp(app.clock.now_ms() / 1000, UTC)
    files = {
        "README.txt": ABOUT.format(fixed=FIXED, at=made.isoformat(timespec="seconds"), position=app.hub.newest),
        "register.json": _json([plain(s) for s in told]),
        "register.csv": bytes(csv_response(lines(told), COLUMNS, "ai-register").body).decode(),
        "approvals.json": _json({s.system.id: msgspec.to_builtins(s.approvals) for s in told if s.approvals}),
        "incidents.json": _json(incidents),
        "evaluations.json": _json({"models": [msgspec.to_builtins(s.model) for s in told if s.model], "replays": msgspec.to_builtins(await runs(app))}),
        "versions.json": _json({"versions": history, "changes": changes}),
    }  # fmt: skip
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, text in files.items():
            folder.writestr(zipfile.ZipInfo(name, made.timetuple()[:6]), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False, sort_keys=True)
