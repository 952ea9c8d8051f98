"""CloudEvents 1.0 in JSON, structured and batch (CloudEvents specification 1.0.2, JSON format 1.0.2), read strictly.

One wrong event refuses the whole request with every fault named, so that nothing is half kept.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, cast, get_args

import msgspec

from baton.capabilities.ai_use.events import Action, AiUsed
from baton.web.problems import Fault

ONE: Final = "application/cloudevents+json"
BATCH: Final = "application/cloudevents-batch+json"
TYPE: Final = "baton.ai-use."
"""What the type of an event begins with; the rest is what happened: `baton.ai-use.sent`."""
TYPES: Final = tuple(f"{TYPE}{action}" for action in get_args(Action))
MOST: Final = 1000
_NAME = re.compile(r"^[a-z0-9]{1,40}$")
_LONGEST = 200
Json = Mapping[str, object]


class Told(msgspec.Struct, frozen=True):
    """An event that was read: unique by (source, id), and when it happened (0: now)."""

    source: str
    id: str
    event: AiUsed
    at_ms: int = 0


class Data(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The `data` of an event."""

    rep: str
    tool: str
    conversation: str = ""
    changed_permille: int = 0
    count: int = 1


def read(media: str, body: bytes, known: Mapping[str, str]) -> tuple[list[Told], list[Fault]]:
    """The events of a request and what is wrong with it. `known` gives ids of staff by e-mail address."""
    try:
        plain = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return [], [Fault("", "the body is no JSON in UTF-8")]
    if media == BATCH and not isinstance(plain, list):
        return [], [Fault("", "a batch is a JSON array of events")]
    events: Sequence[object] = plain if media == BATCH else [plain]
    if len(events) > MOST:
        return [], [Fault("", f"{len(events)} events are too many at once; send at most {MOST}")]
    told: list[Told] = []
    faults: list[Fault] = []
    for n, each in enumerate(events):
        at = f"/{n}" if media == BATCH else ""
        found = _read(each, at, known)
        faults += found if isinstance(found, list) else []
        told += [found] if isinstance(found, Told) else []
    return told, faults


def _read(event: object, at: str, known: Mapping[str, str]) -> Told | list[Fault]:
    if not isinstance(event, dict):
        return [Fault(at or "/", "an event is a JSON object")]
    faults = [*_attributes(event, at), *_kind(event, at)]
    at_ms, data = _when(event), _data(event, known)
    if at_ms is None:
        faults.append(Fault(f"{at}/time", "no time as RFC 3339 writes it, such as 2026-11-27T10:00:00Z"))
    if isinstance(data, str):
        faults.append(Fault(f"{at}/data", data))
    if faults or isinstance(data, str) or at_ms is None:
        return faults
    action = cast(Action, str(event["type"]).removeprefix(TYPE))
    used = AiUsed(data.rep, data.tool, action, data.conversation, data.changed_permille, data.count)
    return Told(str(event["source"]), str(event["id"]), used, at_ms)


def _attributes(event: Json, at: str) -> list[Fault]:
    faults = [
        Fault(f"{at}/{name}", "has to be a text of 1 to 200 characters")
        for name in ("id", "source", "specversion", "type")
        if not (isinstance(told := event.get(name), str) and 0 < len(told) <= _LONGEST and "\0" not in told)
    ]
    faults += [
        Fault(f"{at}/{name}", "attribute names are lower-case letters and digits")
        for name in event
        if name != "data_base64" and not _NAME.match(name)
    ]
    return faults


def _kind(event: Json, at: str) -> list[Fault]:
    faults = []
    if isinstance(event.get("specversion"), str) and event["specversion"] != "1.0":
        faults.append(Fault(f"{at}/specversion", "only 1.0 is read"))
    if isinstance(event.get("type"), str) and event["type"] not in TYPES:
        faults.append(Fault(f"{at}/type", f"has to be one of {', '.join(TYPES)}"))
    if "data_base64" in event:
        faults.append(Fault(f"{at}/data_base64", "send `data` as JSON"))
    media = event.get("datacontenttype", "application/json")
    if not (isinstance(media, str) and media.partition(";")[0].strip().lower() in {"application/json", "text/json"}):
        faults.append(Fault(f"{at}/datacontenttype", "only application/json is read"))
    return faults


def _when(event: Json) -> int | None:
    told = event.get("time")
    if told is None:
        return 0
    try:
        when = datetime.fromisoformat(told) if isinstance(told, str) and "T" in told.upper() else None
    except ValueError:
        return None
    return int(when.timestamp() * 1000) if when is not None and when.tzinfo is not None and when.year >= 1990 else None


def _data(event: Json, known: Mapping[str, str]) -> Data | str:
    if "data" not in event:
        return "is missing; it holds rep, tool and, if known, conversation, changed_permille and count"
    try:
        data = msgspec.convert(event["data"], Data)
    except msgspec.ValidationError as error:
        return str(error)
    rep = known.get(data.rep.lower(), data.rep)
    if "@" in rep:
        return f"nobody here has the address {rep!r}"
    texts = (rep, data.tool)
    if (
        not all(0 < len(t) <= 80 and t.isprintable() for t in texts)
        or len(data.conversation) > 80
        or "\0" in data.conversation
    ):
        return "rep and tool have to be plain texts of 1 to 80 characters, conversation at most 80"
    if not (0 <= data.changed_permille <= 1000 and 1 <= data.count <= 1000):
        return "changed_permille has to be 0 to 1000, count 1 to 1000"
    if data.tool == "baton":
        return "the tool `baton` is Baton's own desk, which counts for itself"
    return msgspec.structs.replace(data, rep=rep, conversation=data.conversation.removeprefix("conversation/"))
