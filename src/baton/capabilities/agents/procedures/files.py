"""Procedure files: TOML, one procedure each, read leniently into the procedures policy.

A step's kind is `do` (or `kind`), its words `text` (or `say`); `say` means tell. A tool's risk comes from the tools file
(`[[tool]] name, risk`), and a procedure cannot lower it; where it is not listed there, a tool that is not known to read is
taken to change something.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

from baton.capabilities.agents.events import Case, Expect, Procedure, Procedures, Scene, Slot, Step, WhatIf
from baton.capabilities.agents.procedures.checking import Problem, problems
from baton.kernel.errors import BatonError

Plain = Mapping[str, object]
KINDS = {"say": "tell"}
TOML_SAYS = {
    "Invalid value": "a value is missing or not finished, or a text stands without quotes",
    "Expected '=' after a key": "there is no = between the name and its value",
    "Illegal character": "a text has no closing quote",
    "Unterminated string": "a text has no closing quote",
    "Unclosed array": "a list has no closing ]",
    "Cannot overwrite a value": "this name is given twice",
    "Expected ']": "a heading has no closing ]",
    "Expected newline or end of document": "something stands behind the value that does not belong there",
}
"""What a reader of TOML says, and how a process owner reads it."""
Made = TypeVar("Made")


class Misread(ValueError):
    """A step, slot or what-if that cannot be read: which one of its kind, from 0."""

    def __init__(self, kind: str, number: int, why: str) -> None:
        super().__init__(why)
        self.kind, self.number = kind, number


def procedure_of(name: str, toml: str, risks: Mapping[str, str]) -> Procedure:
    """One file as a procedure. `risks` are the tools there are, with how risky each is; without any, tools are not checked.

    Raises:
        BatonError: it is not TOML, a field is of the wrong kind, or something in it would go wrong (`checking`).
    """
    made, found = looked_at(name, toml, risks)
    if made is None or found:
        raise _refused(name, " ".join(problem.told for problem in found))
    return made


def looked_at(name: str, toml: str, risks: Mapping[str, str]) -> tuple[Procedure | None, list[Problem]]:
    """A file as a procedure, as far as it can be read, and everything that is wrong with it."""
    try:
        made = read(name, toml, risks)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, KeyError, TypeError, ValueError) as error:
        return None, [_unreadable(error, toml)]
    return made, problems(made, toml, risks)


def read(name: str, toml: str, risks: Mapping[str, str]) -> Procedure:
    """A file as a procedure, unchecked. Raises whatever TOML and msgspec raise where it cannot be read."""
    return _procedure(name, tomllib.loads(toml), risks)


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
        "asked": raw.get("asked", ()),
        "owner": raw.get("owner", ""),
        "revision": raw.get("version", 1),
        "queue": raw.get("queue", last.get("queue", "")),
        "summary": raw.get("summary", ""),
        "limit_cents": raw.get("limit_cents", 0),
        "cite": f"art-{article}" if article.isdigit() else article,
        "give_up_after": last.get("after_failed", raw.get("give_up_after", 2)),
        "give_up_say": last.get("text", raw.get("give_up_say", "")),
        "steps": _each("step", _many(raw, "step", "steps"), lambda step: _step(step, risks)),
        "slots": _each("slot", _many(raw, "slot", "slots"), _slot),
        "scenes": _each("scene", _many(raw, "scene", "scenes"), _scene),
        "what_ifs": _each("what_if", _many(raw, "what_if", "what_ifs"), _what_if),
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
        "risk": _risk(tool, kind, risks) or raw.get("risk", "write" if kind == "tool" else "read"),
        "ends": raw.get("end", raw.get("ends", "")),
        "cases": [_case(case) for case in _many(raw, "cases")],
    }
    expect = raw.get("expect")
    made = msgspec.convert(plain, Step, strict=False)
    return msgspec.structs.replace(made, expect=msgspec.convert(expect, Expect)) if expect else made


def _risk(tool: str, kind: str, risks: Mapping[str, str]) -> str:
    """The risk that the tool itself has: taking back (`undo:NAME`) can be taken back, a dry run (`dry:NAME`) changes nothing."""
    face, colon, _ = tool.rpartition(":")
    if colon:
        return "reversible" if face == "undo" and kind == "tool" else "read"
    return risks.get(tool, "")


def _each(kind: str, raws: list[Plain], make: Callable[[Plain], Made]) -> list[Made]:
    made = []
    for number, raw in enumerate(raws):
        try:
            made.append(make(raw))
        except (msgspec.ValidationError, KeyError, TypeError) as error:
            missing = isinstance(error, KeyError)
            raise Misread(kind, number, f"the field {error} is missing" if missing else str(error)) from error
    return made


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


def _scene(raw: Plain) -> Scene:
    return msgspec.convert(raw, Scene, strict=False)


def _many(raw: Plain, *keys: str) -> list[Plain]:
    found = next((raw[key] for key in keys if key in raw), ())
    return [each for each in found if isinstance(each, dict)] if isinstance(found, (list, tuple)) else []


def _unreadable(error: Exception, toml: str) -> Problem:
    """Why a file cannot be read, with its line: told by TOML, or found by the number of the step that is wrong."""
    told = str(error)
    if isinstance(error, tomllib.TOMLDecodeError):
        at = re.search(r"at line (\d+)", told)
        why = next((words for begins, words in TOML_SAYS.items() if told.startswith(begins)), told)
        return Problem(int(at[1]) if at else toml.rstrip().count("\n") + 1, "", f"{why}. Correct this line.")
    if isinstance(error, KeyError):
        return Problem(0, "", f"a field is missing: {told}. Add it.")
    if isinstance(error, Misread):
        heads = [n for n, line in enumerate(toml.splitlines(), 1) if re.match(rf"\s*\[\[\s*{error.kind}", line)]
        return Problem(heads[error.number] if error.number < len(heads) else 0, error.kind, f"{told}. Correct it.")
    return Problem(0, "", f"{told}. Correct it.")


def _refused(name: str, why: str) -> BatonError:
    return BatonError(
        "procedure_unreadable", 422, f"Procedure file {name!r} cannot be read: {why} Correct it and load it again."
    )
