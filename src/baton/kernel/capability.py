"""Capability: loads a folder and files its handlers by step and by the type of their first parameter."""

import inspect
from collections.abc import Callable, Iterable
from importlib import import_module
from types import ModuleType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import msgspec

from baton.kernel.conversation import Proposed
from baton.kernel.events import Event

Handler = Callable[..., Any]
STEPS = ("understand", "decide", "act", "measure", "learn")


class Card(msgspec.Struct, frozen=True):
    """What a capability is: its trend (`1` to `15`, `U`, `base`), its screen, its terms and the metrics it gives."""

    trend: str
    title: str
    screen: str = ""
    terms: tuple[str, ...] = ()
    metrics: tuple[str, ...] = ()


class Filed(msgspec.Struct, frozen=True, gc=False):
    """A handler, whose it is, and whether it takes the models port."""

    capability: str
    run: Handler
    models: bool = False
    outside: bool = False


class Crafts:
    """Every handler of every loaded capability."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.cards: dict[str, Card] = {}
        self.modules: dict[str, ModuleType] = {}
        self.understand: dict[type[Event], list[Filed]] = {}
        self.decide: dict[type[Event], list[Filed]] = {}
        self.measure: dict[type[Event], list[Filed]] = {}
        self.vetoes: list[Filed] = []
        self.act: dict[str, Filed] = {}
        self.learn: list[Filed] = []

    def add(self, package: str) -> None:
        """Load the capability in `package` (`baton.capabilities.routing`) and file what its steps handle."""
        module = import_module(package)
        name = package.rpartition(".")[2]
        self.names.append(name)
        self.modules[name] = module
        self.cards[name] = module.CARD
        for step in ("events", *STEPS):
            part = _part(package, step)
            if part is not None and step in STEPS:
                self._file(name, step, part)

    def _file(self, name: str, step: str, part: ModuleType) -> None:
        for run in _own_functions(part):
            if step == "learn":
                self.learn.append(Filed(name, run, outside=True))
                continue
            kinds, wants_models = _first_kinds(run)
            filed = Filed(name, run, wants_models, inspect.iscoroutinefunction(run))
            if step == "act":
                self._file_act(filed)
            elif kinds == (Proposed,):
                self.vetoes.append(filed)
            else:
                table: dict[type[Event], list[Filed]] = getattr(self, step)
                for kind in kinds:
                    table.setdefault(kind, []).append(filed)

    def _file_act(self, filed: Filed) -> None:
        action = filed.run.__name__
        if action in self.act:
            raise TypeError(
                f"Action {action!r} is done by {self.act[action].capability!r} and by {filed.capability!r}."
            )
        self.act[action] = filed


def load(packages: Iterable[str]) -> Crafts:
    """The crafts of these capability packages, loaded in the order of their names."""
    crafts = Crafts()
    for package in sorted(packages):
        crafts.add(package)
    return crafts


def _part(package: str, step: str) -> ModuleType | None:
    name = f"{package}.{step}"
    try:
        return import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name == name:
            return None
        raise


def _own_functions(part: ModuleType) -> list[Handler]:
    found = [f for f in vars(part).values() if inspect.isfunction(f) and f.__module__ == part.__name__]
    return [f for f in found if not f.__name__.startswith("_")]


def _first_kinds(run: Handler) -> tuple[tuple[type[Event], ...], bool]:
    names = list(inspect.signature(run).parameters)
    hint = get_type_hints(run)[names[0]]
    kinds = get_args(hint) if get_origin(hint) in (Union, UnionType) else (hint,)
    if not all(isinstance(k, type) and issubclass(k, Event) for k in kinds):
        raise TypeError(f"{run.__module__}.{run.__name__} must take an event type first, not {hint!r}.")
    return kinds, "models" in names
