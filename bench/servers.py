"""Server processes under measurement: started on a free port, their CPU and memory read from the operating system."""

import os
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, Popen, TimeoutExpired
from urllib.error import URLError
from urllib.request import urlopen

TICK = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
START_LIMIT_S = 60


class Server:
    """A running server: its port and what it has used."""

    def __init__(self, process: "Popen[bytes]", port: int) -> None:
        self.process, self.port = process, port

    def cpu_s(self) -> float:
        """User and system CPU seconds so far, of the process and those it started."""
        return sum(map(_ticks, [self.process.pid, *_children(self.process.pid)])) / TICK

    def resident_mb(self) -> float:
        """Resident memory in megabytes."""
        return int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1]) * PAGE / 1e6

    def metric(self, name: str) -> float:
        """A sample of /metrics, 0 where it is not there."""
        try:
            text = urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=5).read().decode()
        except (URLError, OSError):
            return 0.0
        return sum(float(line.split()[-1]) for line in text.splitlines() if line.split("{")[0].split(" ")[0] == name)


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except OSError:
        return 0
    return int(fields[11]) + int(fields[12])


def _children(pid: int) -> list[int]:
    found = [task.read_text().split() for task in Path(f"/proc/{pid}/task").glob("*/children")]
    return [int(child) for children in found for child in children]


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(module: str, *arguments: str, env: dict[str, str] | None = None) -> Iterator[Server]:
    """`python -m module arguments…` with `{home}` and `{port}` filled in, until the block ends; waits for /health."""
    with tempfile.TemporaryDirectory(prefix="baton-bench-") as home:
        port = free_port()
        filled = [a.format(home=home, port=port) for a in arguments]
        process = Popen(
            [sys.executable, "-m", module, *filled], stdout=DEVNULL, stderr=DEVNULL, env={**os.environ, **(env or {})}
        )
        try:
            wait_for(port, process)
            yield Server(process, port)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except TimeoutExpired:
                process.kill()


def wait_for(port: int, process: "Popen[bytes]") -> float:
    """Seconds until the port answers /health."""
    began = time.perf_counter()
    while time.perf_counter() - began < START_LIMIT_S:
        if process.poll() is not None:
            raise RuntimeError(f"The server ended with {process.returncode}. Start it by hand to see why.")
        try:
            urlopen(f"http://127.0.0.1:{port}/health", timeout=1).read()
            return time.perf_counter() - began
        except (URLError, OSError):
            time.sleep(0.05)
    raise RuntimeError(f"Nothing answered on port {port} within {START_LIMIT_S} s.")


def quantile(values: list[float], share: float) -> float:
    """The nearest-rank quantile; 0 of nothing."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))] if ranked else 0.0
