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

import httpx
import msgspec

from baton.demo.month import FILE, Month
from tests.ports.servers import START_TIMEOUT_S, end, free_port, spawn, wait_until

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


@contextmanager
def halcyon(home: Path, days: int = 0) -> Iterator[Served]:
    """Halcyon Air without traffic, once its invented days are told and its people have governed: then only the test acts."""
    with serve(home, "demo", "--no-traffic", "--history-days", str(days), "--json") as running:
        admin = running.accounts()["admin"]["token"]
        with httpx.Client(base_url=running.url, headers={"Authorization": f"Bearer {admin}"}, timeout=60) as http:
            deadline = time.monotonic() + START_TIMEOUT_S
            while not (_told(home / "baton") and _governed(http)):
                assert time.monotonic() < deadline, running.printed
                time.sleep(0.2)
        yield running


def _told(home: Path) -> bool:
    return msgspec.json.decode((home / FILE).read_bytes(), type=Month).told


def _governed(http: httpx.Client) -> bool:
    """A hold is what they do last."""
    return bool(http.get("/api/privacy/holds").raise_for_status().json()["holds"])
