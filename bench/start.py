"""`baton bench start`: seconds to the first served page, and resident memory then, before any transformer is loaded."""

import statistics
import time

from bench.servers import running


def bench_start(repeats: int = 3) -> dict[str, float]:
    """Medians over `repeats` starts in an empty folder each."""
    seconds, resident = [], []
    for _ in range(repeats):
        began = time.perf_counter()
        with running("baton.cli", "start", "--port", "{port}", "--home", "{home}/home") as server:
            seconds.append(time.perf_counter() - began)
            time.sleep(1)
            resident.append(server.resident_mb())
    return {"seconds": round(statistics.median(seconds), 2), "rss_mb": round(statistics.median(resident), 1)}
