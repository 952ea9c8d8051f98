"""A pool of processes of this machine."""

import os
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context
from typing import TypeVar

A = TypeVar("A")
R = TypeVar("R")
LOOK_S = 1.0


class ProcessPool:
    """Worker processes, spawned when first needed (a fork would copy open databases and threads).

    `prepare` runs once in each worker before its first item: it loads a model, say. A worker that was killed is
    replaced and its work done again, once; what is mapped must therefore be pure. Workers end with the process that
    started them, also where that one is killed.
    """

    def __init__(self, workers: int = 0, prepare: Callable[[], object] | None = None) -> None:
        self._workers = workers or max(1, (os.cpu_count() or 1) - 1)
        self._prepare = prepare
        self._running: ProcessPoolExecutor | None = None
        self._ended = False

    def map(self, work: Callable[[A], R], items: Sequence[A]) -> list[R]:
        """`work` over `items`, in order. The first error is raised here; the pool stays usable."""
        size = max(1, len(items) // (self._workers * 4))
        try:
            return list(self._executor().map(work, items, chunksize=size))
        except BrokenProcessPool:
            if self._ended:
                raise
            self.close()
            return list(self._executor().map(work, items, chunksize=size))

    def close(self) -> None:
        """End the workers."""
        running, self._running = self._running, None
        if running is not None:
            running.shutdown(cancel_futures=True)

    def end(self) -> None:
        """End the workers at once: what they do is lost, and who waits for it is told."""
        self._ended, running, self._running = True, self._running, None
        if running is not None:
            for worker in list(running._processes.values()):
                worker.terminate()
            running.shutdown(cancel_futures=True)

    def _executor(self) -> ProcessPoolExecutor:
        if self._running is None:
            self._running = ProcessPoolExecutor(self._workers, get_context("spawn"), _prepared, (self._prepare,))
        return self._running


def _prepared(prepare: Callable[[], object] | None) -> None:
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    if prepare is not None:
        prepare()


def _end_with(parent: int) -> None:
    """End where the parent is gone: a worker holds both ends of its queue, so nothing else would tell it."""
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os._exit(0)
