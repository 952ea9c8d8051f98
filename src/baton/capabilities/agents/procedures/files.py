"""Procedure files: TOML, one procedure each, read leniently into the procedures policy.

A step's kind is `do` (or `kind`), its words `text` (or `say`); `say` means tell. A tool's risk comes from the tools file
(`[[tool]] name, risk`); where it is not listed there, a tool that is not known to read is taken to change something.
"""

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec

from baton.capabilities.agents.events import Case, Expect, Procedure, Procedures, Slot, Step, WhatIf
from baton.kernel.errors import BatonError

Plain = Mapping[str, object]
KINDS = {"say": "tell"}


def procedure_of(name: str, toml: str, risks: Mapping[str, str]) -> Procedure:
    """One file as a procedure.

    Raises:
        BatonError: it is not TOML, a field is of the wrong kind, or a step leads nowhere.
    """
    try:
        raw = tomllib.loads(toml)
        made = _procedure(name, raw, risks)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError, TypeError) as error:
        raise _refused(name, str(error)) from error
    _leads_somewhere(name, made)
    return made


def procedures_in(files: Iterable[tuple[str, str]], tools_toml: str = "") -> Procedures:
    """The policy made of (name, TOML) files and the tools file."""
    risks = risks_of(tools_toml)
    return Procedures(procedures=tuple(procedure_of(name, toml, risks) for name, toml in files))


def procedures_of(folder: Path, tools: Path | None = None) -> Procedures:
    """The policy made of every `.toml` file of a folder."""
    files = ((path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))
    return procedures_in(files, tools.read_text(encoding="utf-8") if tools else "")


def risks_of(tools_toml: str) -> dict[str, str]:
    """The risk of each tool of a tools file."""
    return {str(tool["name"]): str(tool["risk"]) for tool in _many(tomllib.loads(tools_toml), "tool")}


def _procedure(name: str, raw: Plain, risks: Mapping[str, str]) -> Procedure:
    give_up = raw.get("give_up", {})
    last: Plain = give_up if isinstance(give_up, dict) else {}
    article = str(raw.get("article", raw.get("cite", "")))
    plain = {
        "id": raw.get("id", Path(name).stem),
        "title": raw.get("title", ""),
        "intents": raw.get("intents", ()),
        "owner": raw.get("owner", ""),
        "revision": raw.get("version", 1),
        "queue": raw.get("queue", last.get("queue", "")),
        "summary": raw.get("summary", ""),
        "limit_cents": raw.get("limit_cents", 0),
        "cite": f"art-{article}" if article.isdigit() else article,
        "give_up_after": last.get("after_failed", raw.get("give_up_after", 2)),
        "give_up_say": last.get("text", raw.get("give_up_say", "")),
        "steps": [_step(step, risks) for step in _many(raw, "step", "steps")],
        "slots": [_slot(slot) for slot in _many(raw, "slot", "slots")],
        "what_ifs": [_what_if(what) for what in _many(raw, "what_if", "what_ifs")],
    }
    return msgspec.convert(plain, Procedure, strict=False)


def _step(raw: Plain, risks: Mapping[str, str]) -> Step:
    kind = str(raw.get("do", raw.get("kind", "tell")))
    tool = str(raw.get("tool", ""))
    plain = {
        **{
            k: raw[k]
            for k in ("id", "slot", "pattern", "args", "then", "save", "missing", "refused", "failed")
            if k in raw
        },
        "kind": KINDS.get(kind, kind),
        "say": raw.get("text", raw.get("say", "")),
        "tool": tool,
        "otherwise": raw.get("no", raw.get("otherwise", "")),
        "risk": raw.get("risk", risks.get(tool, "write" if kind == "tool" else "read")),
        "ends": raw.get("end", raw.get("ends", "")),
        "cases": [_case(case) for case in _many(raw, "cases")],
    }
    expect = raw.get("expect")
    made = msgspec.convert(plain, Step, strict=False)
    return msgspec.structs.replace(made, expect=msgspec.convert(expect, Expect)) if expect else made


def _case(raw: Plain) -> Case:
    plain = {
        "field": raw["field"],
        "go": raw["go"],
        "equals": str(raw.get("is", raw.get("equals", ""))),
        "over": raw.get("over"),
    }
    return msgspec.convert(plain, Case)


def _slot(raw: Plain) -> Slot:
    return msgspec.convert({**raw, "id": raw.get("name", raw.get("id", ""))}, Slot, strict=False)


def _what_if(raw: Plain) -> WhatIf:
    return msgspec.convert({**raw, "say": raw.get("text", raw.get("say", ""))}, WhatIf, strict=False)


def _many(raw: Plain, *keys: str) -> list[Plain]:
    found = next((raw[key] for key in keys if key in raw), ())
    return [each for each in found if isinstance(each, dict)] if isinstance(found, (list, tuple)) else []


def _leads_somewhere(name: str, made: Procedure) -> None:
    if not made.steps:
        raise _refused(name, "it has no steps")
    places = {"", "end", "give_up", "ask_approval", *(s.id for s in made.steps), *(w.id for w in made.what_ifs)}
    named = [w.go for w in made.what_ifs]
    for step in made.steps:
        named += [step.then, step.otherwise, step.missing, step.refused, step.failed, *(c.go for c in step.cases)]
    lost = sorted({target for target in named if target not in places})
    if lost:
        raise _refused(name, f"no step and no what-if is named {', '.join(map(repr, lost))}")


def _refused(name: str, why: str) -> BatonError:
    return BatonError(
        "procedure_unreadable", 422, f"Procedure file {name!r} cannot be read: {why}. Correct it and load it again."
    )
