"""Events: what happened, what stays true, and how both are named, versioned and registered.

An event type is a frozen `msgspec.Struct` below `Event`. Its name is `folder.ClassName` (`routing.Offered`), taken from
the module that defines it, and its version is a class variable. A published version never changes its meaning: new
fields have defaults, anything else is a new version with an upcast.
"""

import sys
from collections.abc import Callable, Mapping
from typing import Annotated, ClassVar, TypeVar, get_type_hints

import msgspec

T = TypeVar("T")
PERSONAL = "personal"
Personal = Annotated[T, msgspec.Meta(extra={PERSONAL: True})]
"""A value that names or quotes a person: sealed by the codec under the stream's key before it reaches a store."""

Plain = dict[str, object]
Upcast = Callable[[Plain], Plain]

REGISTRY: dict[str, "type[Event]"] = {}
UPCASTS: dict[tuple[str, int], Upcast] = {}


def _folder(module: str) -> str:
    parts = module.split(".")
    return parts[-2] if parts[-1] == "events" else parts[-1]


def _is_personal(hint: object, module: str) -> bool:
    if isinstance(hint, str):
        scope = vars(sys.modules[module])
        hint = get_type_hints(type("_", (), {"__annotations__": {"x": hint}}), scope, include_extras=True)["x"]
    metas = getattr(hint, "__metadata__", ())
    return any(isinstance(m, msgspec.Meta) and (m.extra or {}).get(PERSONAL) for m in metas)


class Event(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """Something that happened."""

    event_name: ClassVar[str] = ""
    event_version: ClassVar[int] = 1
    personal_fields: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.event_name = f"{_folder(cls.__module__)}.{cls.__name__}"
        known = REGISTRY.get(cls.event_name)
        if known is not None and known.__module__ != cls.__module__:
            raise TypeError(
                f"Event {cls.event_name!r} is defined in {known.__module__!r} and again in {cls.__module__!r}."
            )
        cls.personal_fields = tuple(n for n, hint in cls.__annotations__.items() if _is_personal(hint, cls.__module__))
        REGISTRY[cls.event_name] = cls


class Fact(Event, frozen=True, gc=False, omit_defaults=True):
    """An event that stays true of its stream until the next of its type (and of its `key`, where it has one)."""

    @property
    def slot(self) -> str:
        """Which of several facts of this type it is: empty where a stream holds one."""
        return ""

    @property
    def over(self) -> bool:
        """Whether it takes the earlier fact away instead of replacing it."""
        return False


def upcast(name: str, from_version: int) -> Callable[[Upcast], Upcast]:
    """Register how the plain body of `name` at `from_version` becomes one of the next version."""

    def keep(change: Upcast) -> Upcast:
        UPCASTS[name, from_version] = change
        return change

    return keep


def lifted(name: str, version: int, body: Plain) -> tuple[type[Event], Plain]:
    """The type registered for `name`, and `body` brought up to its version."""
    kind = REGISTRY.get(name)
    if kind is None:
        return Unknown, {"of": name, "body": body, "version": version}
    for step in range(version, kind.event_version):
        body = UPCASTS[name, step](body)
    return kind, body


class Unknown(Event, frozen=True, gc=False):
    """An event whose capability is not installed: kept as it was, sealed fields too, and worked by nobody."""

    of: str
    body: Mapping[str, object]
    version: int = 1
    sealed: Mapping[str, bytes] = {}
