"""A pool that is no pool: the work is done where it is asked for."""

from collections.abc import Callable, Sequence
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")


class InlinePool:
    """Runs one item after another in this process."""

    def map(self, work: Callable[[A], R], items: Sequence[A]) -> list[R]:
        """`work` over `items`, in order."""
        return [work(item) for item in items]

    def close(self) -> None:
        """Nothing to close."""
