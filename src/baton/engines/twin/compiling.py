"""Compilation by numba, of the extra `plan`. Compiled functions are kept beside their module, or not where that cannot be written.

What is kept is made anew when its own file changes, not when a file it calls into does: so everything that calls one another stands in
one module.
"""

from collections.abc import Callable
from typing import TypeVar, cast

from baton.kernel.errors import BatonError

F = TypeVar("F", bound=Callable[..., object])


def compiled(function: F) -> F:
    """The same function as machine code, at its first call. Raises BatonError `no_numba` where numba is missing."""
    try:
        from numba import njit
    except ImportError:
        raise BatonError(
            "no_numba", 500, "Simulating needs numba, which is not installed. Run `pip install baton-cx[plan]`."
        ) from None
    try:
        return cast(F, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # no folder can be written for the cache
        return cast(F, njit(nogil=True)(function))


def woven(function: F) -> F:
    """A part of a compiled function that is written into each place that calls it: a call with many arrays costs more than it does."""
    from numba import njit

    return cast(F, njit(nogil=True, forceinline=True)(function))
