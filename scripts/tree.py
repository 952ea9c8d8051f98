"""What is in the tree: its Python files, its capabilities with their cards, and every event there is."""

import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

from baton.kernel.capability import Card
from baton.kernel.events import REGISTRY, Event

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "baton"
CAPABILITIES = SOURCE / "capabilities"


def python_files(*folders: str) -> Iterator[Path]:
    """Python files below these folders of the project, in order."""
    for folder in folders:
        yield from sorted((ROOT / folder).rglob("*.py"))


def capability_names() -> list[str]:
    """Folders of src/baton/capabilities, in order."""
    folders = (path for path in CAPABILITIES.glob("*") if path.is_dir() and not path.name.startswith(("_", ".")))
    return sorted(path.name for path in folders)


def card_of(name: str) -> Card | None:
    """A capability's card, or None where it has none."""
    card = getattr(import_module(f"baton.capabilities.{name}"), "CARD", None)
    return card if isinstance(card, Card) else None


def scenes_of(name: str) -> list[Path]:
    """The scenes of a capability: files of tests/scenes that carry its name, or lie in a folder that does."""
    scenes = ROOT / "tests" / "scenes"
    found = (p for p in scenes.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    return sorted(p for p in found if any(_carries(part, name) for part in p.relative_to(scenes).parts))


def _carries(part: str, name: str) -> bool:
    return part.removeprefix("test_").split(".", 1)[0].startswith(name)


def all_events() -> dict[str, type[Event]]:
    """Every event type of the product by name: of the kernel, and of each `events` module."""
    import_module("baton.kernel.conversation")
    for module in pkgutil.walk_packages([str(SOURCE)], "baton."):
        if module.name.startswith("baton.kernel.") or module.name.endswith(".events"):
            import_module(module.name)
    return {name: kind for name, kind in sorted(REGISTRY.items()) if kind.__module__.startswith("baton.")}
