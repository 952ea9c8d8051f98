"""The Pool port: the same results in the same order, whoever runs them."""

import os
import signal
import threading
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Any

import pytest

from baton.engines.pool import InlinePool, ProcessPool, RayPool
from baton.kernel.errors import Conflict

pytestmark = pytest.mark.port

POOLS = ["inline", "processes", pytest.param("ray", marks=pytest.mark.long)]
PREPARED: list[str] = []


@pytest.fixture(scope="module", params=POOLS)
def pool(request):
    kinds: dict[str, Any] = {
        "inline": InlinePool, "processes": lambda: ProcessPool(2), "ray": lambda: RayPool(workers=1),
    }  # fmt: skip
    made = kinds[request.param]()
    yield made
    made.close()


def square(n: int) -> int:
    return n * n


def fail_at_three(n: int) -> int:
    if n == 3:
        raise ValueError(n)
    return n


def refuse(n: int) -> int:
    raise Conflict("no_room", f"There is no room for {n}. Take a smaller one.")


def prepare() -> None:
    PREPARED.append("ready")


def was_prepared(n: int) -> list[str]:
    return list(PREPARED)


def die_once(marker: str) -> int:
    path = Path(marker)
    if not path.exists():
        path.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return os.getpid()


def test_results_come_in_the_order_of_the_items(pool):
    assert pool.map(square, list(range(100))) == [n * n for n in range(100)]


def test_nothing_to_do_is_nothing_done(pool):
    assert pool.map(square, []) == []


def test_an_error_is_raised_and_the_pool_stays_usable(pool):
    with pytest.raises(ValueError, match="3"):
        pool.map(fail_at_three, [1, 2, 3, 4])
    assert pool.map(square, [5]) == [25]


def test_a_refusal_comes_back_whole(pool):
    with pytest.raises(Conflict, match="no room for 7") as refused:
        pool.map(refuse, [7])
    assert (refused.value.code, refused.value.status) == ("no_room", 409)
    assert pool.map(square, [5]) == [25]


def test_workers_start_when_first_needed_and_are_prepared_once():
    pool = ProcessPool(1, prepare)
    assert pool._running is None
    try:
        assert pool.map(was_prepared, [0, 1, 2]) == [["ready"]] * 3
    finally:
        pool.close()


def test_a_killed_worker_is_replaced_and_its_work_done(tmp_path: Path):
    pool = ProcessPool(1)
    try:
        assert pool.map(die_once, [str(tmp_path / "died")])[0] != os.getpid()
        assert (tmp_path / "died").exists()
    finally:
        pool.close()


def test_a_pool_that_is_ended_stops_at_once_and_tells_who_waits():
    pool, told = ProcessPool(1), list[BrokenProcessPool]()

    def wait() -> None:
        try:
            pool.map(time.sleep, [60])
        except BrokenProcessPool as error:
            told.append(error)

    waiting = threading.Thread(target=wait)
    began = time.monotonic()
    pool.map(abs, [-2])
    waiting.start()
    time.sleep(0.3)
    pool.end()
    waiting.join(10)
    assert time.monotonic() - began < 10
    assert len(told) == 1
