"""What every test may ask for: real servers, the development data, a clock and chance that hold still."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ports.servers import NatsServer, PostgresServer
from tests.ports.stand_ins import FakeClock, SeededChance

ROOT = Path(__file__).parents[1]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Browser tests run last: Playwright keeps an event loop running, which no async test may find."""
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


@pytest.fixture(scope="session")
def short_folder() -> Iterator[Path]:
    """A folder with a short path that a server of another user may enter (pytest's own are closed to others)."""
    folder = Path(tempfile.mkdtemp(prefix="baton-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server(short_folder: Path) -> Iterator[PostgresServer]:
    """One PostgreSQL for the whole run, durable as in production."""
    folder = short_folder / "postgres"
    folder.mkdir()
    server = PostgresServer(folder)
    server.start()
    yield server
    server.drop()


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database of this test's own."""
    url = postgres_server.fresh_database()
    yield url
    postgres_server.empty_database(url)


@pytest.fixture(scope="session")
def nats_server(short_folder: Path) -> Iterator[NatsServer]:
    """One NATS with JetStream for the whole run."""
    folder = short_folder / "nats"
    folder.mkdir()
    server = NatsServer(folder)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def nats_url(nats_server: NatsServer) -> str:
    """Where NATS listens. Tests choose subjects of their own."""
    return nats_server.url


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The development data, which is no part of the project. Without it the test is skipped."""
    folder = Path(os.environ.get("BATON_DATA", ROOT.parent / "shared" / "data")).resolve()
    if not folder.is_dir():
        pytest.skip(f"No development data at {folder}. Set BATON_DATA to where it is.")
    return folder


@pytest.fixture
def clock() -> FakeClock:
    """A clock that moves only when told."""
    return FakeClock()


@pytest.fixture
def chance() -> SeededChance:
    """Chance that repeats."""
    return SeededChance()
