"""A Baton of a test's own, as a process on a free port."""

import json
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.ports.servers import end, free_port, spawn, wait_until

Accounts = dict[str, dict[str, str]]
READY = re.compile(r"^ready (http://\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Served:
    """Where it serves, its process, and all it has printed."""

    url: str
    pid: int
    log: Path

    @property
    def printed(self) -> str:
        """Standard output and error so far."""
        return self.log.read_text(errors="replace")

    def accounts(self, within_s: float = 60.0) -> Accounts:
        """The demo's accounts by role, as its line of JSON tells them."""
        deadline = time.monotonic() + within_s
        while not (lines := [line for line in self.printed.splitlines() if line.startswith("{")]):
            assert time.monotonic() < deadline, self.printed
            time.sleep(0.1)
        return {account["role"]: account for account in json.loads(lines[-1])["figures"]["accounts"]}


@contextmanager
def serve(home: Path, command: str, *options: str) -> Iterator[Served]:
    """Run `baton COMMAND --port FREE --home HOME OPTIONS` until the block ends."""
    log = home / "served.log"
    program = Path(sys.executable).with_name("baton")
    argv = [str(program), command, "--port", str(free_port()), "--home", str(home / "baton"), *options]
    process = spawn(argv, log, env={"NO_COLOR": "1", "PYTHONUNBUFFERED": "1"})
    try:
        wait_until(lambda: READY.search(log.read_text(errors="replace")) is not None, process, log)
        found = READY.search(log.read_text(errors="replace"))
        assert found is not None
        yield Served(found[1], process.pid, log)
    finally:
        end(process, signal.SIGTERM)
