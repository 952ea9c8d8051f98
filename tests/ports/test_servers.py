"""The servers that tests stand on: real, durable, and gone afterwards."""

import asyncpg
import nats
import psutil
import pytest

from tests.ports.servers import NatsServer, PostgresServer

pytestmark = pytest.mark.port


async def test_postgres_is_as_durable_as_production(postgres_url: str) -> None:
    connection = await asyncpg.connect(postgres_url)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        assert await connection.fetchval(f"SHOW {setting}") == "on"
    await connection.close()


@pytest.mark.parametrize("attempt", [1, 2])
async def test_each_test_has_a_database_of_its_own(postgres_url: str, attempt: int) -> None:
    connection = await asyncpg.connect(postgres_url)
    await connection.execute("CREATE TABLE only_mine (attempt int)")
    await connection.close()


def test_a_killed_postgres_comes_back_with_what_was_committed_and_a_stopped_one_leaves_no_process(short_folder) -> None:
    folder = short_folder / "killed"
    folder.mkdir()
    server = PostgresServer(folder)
    server.start()
    url = server.fresh_database()
    server.kill()
    server.start()
    server.empty_database(url)
    tree = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
    server.stop()
    assert len(tree) > 3
    assert not any(process.is_running() for process in tree)


async def test_jetstream_keeps_a_message_over_a_kill(short_folder) -> None:
    folder = short_folder / "killed-nats"
    folder.mkdir()
    server = NatsServer(folder)
    server.start()
    client = await nats.connect(server.url)
    stream = client.jetstream()
    await stream.add_stream(name="kept", subjects=["kept.>"])
    await stream.publish("kept.one", b"news")
    await client.close()
    server.kill()
    server.start()
    client = await nats.connect(server.url)
    assert (await client.jetstream().get_last_msg("kept", "kept.one")).data == b"news"
    await client.close()
    server.stop()


async def test_nats_listens(nats_url: str) -> None:
    client = await nats.connect(nats_url)
    assert client.is_connected
    await client.close()
