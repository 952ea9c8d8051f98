"""Writing: a procedure as the text of its file, which reads back as the same procedure. Comments say what a person still has to do."""

import json
from collections.abc import Iterable, Iterator, Mapping

from baton.capabilities.agents.events import Case, Expect, Procedure, Scene, Slot, Step, WhatIf

Fields = Iterable[tuple[str, object]]
STEP_FIELDS = ("slot", "tool", "save", "missing", "refused", "failed", "then")


def written(made: Procedure, notes: Iterable[str] = (), risks: Mapping[str, str] | None = None) -> str:
    """The file of a procedure; `risks` are of tools that are connected: theirs are not written, since a file cannot change them."""
    parts = ["\n".join(f"# {line}" for note in notes for line in note.splitlines()), _head(made)]
    parts += [_table("slot", _slot(slot)) for slot in made.slots]
    parts += [_table("step", _step(step, risks or {})) for step in made.steps]
    parts += [_table("what_if", _what_if(what)) for what in made.what_ifs]
    parts += [_table("scene", _scene(scene)) for scene in made.scenes]
    parts.append(
        _table(
            "give_up", [("after_failed", made.give_up_after), ("text", made.give_up_say), ("queue", made.queue)], "[{}]"
        )
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(made: Procedure) -> str:
    cite = made.cite.removeprefix("art-")
    fields = [
        ("id", made.id), ("title", made.title), ("version", made.revision), ("intents", list(made.intents)), ("asked", list(made.asked)), ("owner", made.owner),
        ("queue", made.queue), ("article", int(cite) if cite.isdigit() else made.cite), ("summary", made.summary), ("limit_cents", made.limit_cents),
    ]  # fmt: skip
    return "\n".join(_lines((name, value) for name, value in fields if value or name in {"id", "title", "intents"}))


def _slot(slot: Slot) -> Fields:
    return [
        ("name", slot.id), ("kind", slot.kind), ("ask", slot.ask), ("again", slot.again), ("tries", slot.tries), ("pattern", slot.pattern),
        ("card", slot.card),
    ]  # fmt: skip


def _step(step: Step, risks: Mapping[str, str]) -> Iterator[tuple[str, object]]:
    yield "id", step.id
    yield "do", "say" if step.kind == "tell" else step.kind
    yield "text", step.say
    yield from ((name, getattr(step, name)) for name in STEP_FIELDS)
    yield "args", step.args
    yield "pattern", step.pattern
    yield "no", step.otherwise
    if (
        step.tool
        and step.tool not in risks
        and ":" not in step.tool
        and step.risk != ("write" if step.kind == "tool" else "read")
    ):
        yield "risk", step.risk
    yield "cases", [_case(case) for case in step.cases]
    yield "expect", _expect(step.expect) if step.expect else {}
    yield "end", step.ends


def _case(case: Case) -> dict[str, object]:
    reads: dict[str, object] = {"is": case.equals} if case.over is None else {"over": case.over}
    return {"field": case.field, **reads, "go": case.go}


def _expect(expect: Expect) -> dict[str, object]:
    return {"field": expect.field, "op": expect.op, "than": expect.than}


def _what_if(what: WhatIf) -> Fields:
    return [("id", what.id), ("says", list(what.says)), ("text", what.say), ("go", what.go), ("times", what.times)]


def _scene(scene: Scene) -> Fields:
    gives = dict(scene.gives)
    return [
        ("title", scene.title),
        ("says", list(scene.says)),
        ("gives", gives),
        ("hears", list(scene.hears)),
        ("ends", scene.ends),
    ]


def _table(name: str, fields: Fields, head: str = "[[{}]]") -> str:
    return "\n".join(
        [head.format(name), *_lines((key, value) for key, value in fields if value not in ("", [], {}, None))]
    )


def _lines(fields: Fields) -> Iterator[str]:
    return (f"{name} = {_value(value)}" for name, value in fields)


def _value(value: object) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(k))} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list) and value and isinstance(value[0], Mapping):
        return "[\n" + "".join(f"  {_value(each)},\n" for each in value) + "]"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    if isinstance(value, (bool, int)):
        return str(value).lower()
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007F")


def _key(name: str) -> str:
    plain = name.replace("_", "").replace("-", "")
    return name if plain.isascii() and plain.isalnum() else json.dumps(name)
