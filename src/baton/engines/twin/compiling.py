"""Compilation by numba, of the extra `plan`; importing this without numba raises BatonError `no_numba`.

Compiled functions are kept beside their module, or not where that cannot be written.
"""

from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, Protocol, TypeVar, cast

from baton.kernel.errors import BatonError

try:
    from numba import njit
    from numba.extending import intrinsic
except ImportError:
    raise BatonError(
        "no_numba", 500, "Simulating needs numba, which is not installed. Run `pip install baton-cx[plan]`."
    ) from None

F = TypeVar("F", bound=Callable[..., object])
A = TypeVar("A")
SOURCES = blake2b(
    b"".join(f.read_bytes() for f in sorted(Path(__file__).parent.glob("*.py"))), digest_size=6
).hexdigest()
"""Part of the name under which machine code is kept: numba looks at the file of a function, and not at those of what it calls."""


class Lending(Protocol):
    """An array for an array."""

    def __call__(self, array: A) -> A:
        """The same."""
        ...


def compiled(function: F) -> F:
    """The same function as machine code, at its first call."""
    function.__qualname__ = f"{function.__qualname__}_{SOURCES}"
    try:
        return cast(F, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder can be written for the cache
        return cast(F, njit(nogil=True)(function))


def woven(function: F) -> F:
    """A part of a compiled function, written into each place that calls it."""
    return cast(F, njit(nogil=True, forceinline=True)(function))


def _lend(_typing: Any, array: Any) -> Any:
    def lend(context: Any, builder: Any, _signature: Any, given: Any) -> Any:
        view = context.make_array(array)(context, builder, given[0])
        for owner in ("meminfo", "parent"):
            setattr(view, owner, getattr(view, owner).type(None))
        return view._getvalue()

    return array(array), lend


lent = cast(Lending, intrinsic(_lend))
"""The same array without its owner, who is the caller: counting references at each use would take most of the loop's time."""
