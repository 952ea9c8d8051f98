"""JSON Schema of every event version: written to schemas/, which may only grow.

`python -m scripts.schemas` writes; `--check` tells whether what is written is true; `--release` also notes in
schemas/released.txt what is now published. A published version never changes its meaning: no field goes, changes its
kind or becomes required, and no value is taken away.
"""

import json
import sys
from pathlib import Path
from typing import cast

import msgspec

from baton.kernel.events import Event
from scripts.tree import ROOT, all_events

FOLDER = ROOT / "schemas"
RELEASED = FOLDER / "released.txt"
Schema = dict[str, object]
SPOKEN = ("description", "title", "default")


def schema_of(kind: type[Event]) -> str:
    """The JSON Schema of an event's body, as text."""
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **msgspec.json.schema(kind, schema_hook=_any),
    }
    schema["x-event"] = {"name": kind.event_name, "version": kind.event_version, "personal": list(kind.personal_fields)}
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _any(kind: type) -> Schema:
    if kind is object:
        return {"description": "any JSON value"}
    raise NotImplementedError(f"{kind!r} in an event has no JSON Schema. Use plain types and Structs.")


def breaks(old: Schema, new: Schema, at: str = "") -> list[str]:
    """What a reader of `old` would stumble over in `new`; empty when it only grew."""
    found = [f"{at or 'body'}: {key} was {old[key]!r}" for key in _plain(old) if old[key] != new.get(key)]
    found += _grown_only(old, new, "enum", at) + _required(old, new, at)
    for group in ("properties", "$defs"):
        before, after = _group(old, group), _group(new, group)
        found += [f"{at}{name}: gone" for name in before.keys() - after.keys()]
        for name in before.keys() & after.keys():
            found += breaks(before[name], after[name], f"{at}{name}.")
    return found


def _plain(schema: Schema) -> list[str]:
    special = {"enum", "required", "properties", "$defs", "x-event", *SPOKEN}
    return [key for key in schema if key not in special]


def _grown_only(old: Schema, new: Schema, key: str, at: str) -> list[str]:
    before, after = cast(list[object], old.get(key, [])), cast(list[object], new.get(key, []))
    return [f"{at}: {value!r} is no longer one of its values" for value in before if value not in after]


def _required(old: Schema, new: Schema, at: str) -> list[str]:
    before, after = cast(list[str], old.get("required", [])), cast(list[str], new.get("required", []))
    return [f"{at}{name}: required now, or no longer; a new field has a default" for name in {*before} ^ {*after}]


def _group(schema: Schema, name: str) -> dict[str, Schema]:
    return cast(dict[str, Schema], schema.get(name, {}))


def written() -> dict[str, str]:
    """What schemas/ should hold: file name to text."""
    return {f"{kind.event_name}.v{kind.event_version}.json": schema_of(kind) for kind in all_events().values()}


def problems(wanted: dict[str, str], folder: Path = FOLDER, released: Path = RELEASED) -> list[str]:
    """Published schemas that `wanted` would change or lose."""
    names = released.read_text().split() if released.exists() else []
    found = []
    for name in names:
        old = json.loads((folder / name).read_text())
        if name in wanted:
            found += [f"{name}: {what}" for what in breaks(old, json.loads(wanted[name]))]
    return found


def stale(wanted: dict[str, str], folder: Path = FOLDER) -> list[str]:
    """Files that are missing or say something else."""
    known = {path.name: path.read_text() for path in folder.glob("*.json")}
    return sorted(name for name, text in wanted.items() if known.get(name) != text)


def write(wanted: dict[str, str], release: bool) -> None:
    """Write the schemas. Files of unpublished versions that no longer exist go."""
    FOLDER.mkdir(exist_ok=True)
    kept = {*wanted, *(RELEASED.read_text().split() if RELEASED.exists() else [])}
    for path in FOLDER.glob("*.json"):
        if path.name not in kept:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text)
    if release:
        RELEASED.write_text("".join(f"{name}\n" for name in sorted(kept)))


def main(arguments: list[str]) -> int:
    """Write or check; the exit code."""
    wanted = written()
    if broken := problems(wanted):
        print("A published event version never changes. Make a new version with an upcast:", *broken, sep="\n  ")
        return 1
    if "--check" not in arguments:
        write(wanted, "--release" in arguments)
    elif old := stale(wanted):
        print("Run make schemas-write and look at the difference. Not up to date:", *old, sep="\n  ")
        return 1
    print(f"{len(wanted)} event schemas")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
