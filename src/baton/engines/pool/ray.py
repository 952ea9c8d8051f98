"""A pool on Ray: for history larger than one machine. Starting it takes about 15 seconds."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from baton.kernel.errors import BatonError

A = TypeVar("A")
R = TypeVar("R")


class RayPool:
    """Runs items as Ray tasks; connects to `address`, or starts Ray on this machine, when first used."""

    def __init__(self, address: str | None = None, workers: int | None = None) -> None:
        self._address, self._workers = address, workers
        self._here = False

    def map(self, work: Callable[[A], R], items: Sequence[A]) -> list[R]:
        """`work` over `items`, in order."""
        try:
            import ray
        except ModuleNotFoundError as missing:
            raise BatonError(
                "no_ray", 500, "Ray is not installed. Run `pip install baton-cx[ray]`, or set BATON_POOL=processes."
            ) from missing
        if not ray.is_initialized():
            ray.init(self._address, num_cpus=self._workers, include_dashboard=False, log_to_driver=False)
            self._here = True
        task = ray.remote(work)
        done: list[R] = ray.get([task.remote(item) for item in items])
        return done

    def close(self) -> None:
        """Leave Ray, where it was joined here."""
        if self._here:
            import ray

            ray.shutdown()
            self._here = False
