"""People are forgotten: not one byte of them is left in any file or answer, older copies stay dark, and everybody else is unharmed."""

import json
import shutil
from pathlib import Path

import pytest

from baton.assembly.parts import read_models
from baton.capabilities.governance.privacy.certificate import holds_true
from baton.capabilities.orchestration.teaching.given import Uploaded, Wish, give
from baton.kernel.codec import ERASED
from baton.kernel.rebuild import rebuild
from tests.ports.servers import PostgresServer
from tests.scenes.canaries import Canary, Hall, bytes_of, found_in, hall, hashes_in, hashes_of, lives, settle


@pytest.mark.scene
async def test_forgotten_people_leave_no_byte_behind(tmp_path: Path) -> None:
    await erased_and_looked_for(tmp_path, gone=3, stay=2)


@pytest.mark.long
@pytest.mark.timeout(2400)
async def test_fifty_forgotten_people_leave_no_byte_behind(tmp_path: Path) -> None:
    await erased_and_looked_for(tmp_path, gone=50, stay=5)


@pytest.mark.scene
async def test_forgotten_people_leave_no_byte_behind_in_postgresql(
    tmp_path: Path, postgres_url: str, postgres_server: PostgresServer
) -> None:
    home, away = tmp_path / "home", [Canary(0)]
    async with hall(home, postgres_url) as here:
        keys = await lives(here, away[0])
        await settle(here)
        await forgotten(here, away[0])
        await settle(here)
        assert found_in(json.dumps(await decoded(here)).encode(), away) == []
        assert ERASED in (await here.get(f"/api/conversations/{keys[0]}", "analyst")).text
    hashes = list(hashes_of(away[0], (home / "keys.root").read_bytes()))
    for path, raw in (*bytes_of(home), *bytes_of(postgres_server.folder)):
        assert not found_in(raw, away) and not hashes_in(raw, hashes), path


async def erased_and_looked_for(folder: Path, gone: int, stay: int) -> None:
    home, copy = folder / "home", folder / "copy"
    away, others = [Canary(n) for n in range(gone)], [Canary(n + gone) for n in range(stay)]
    async with hall(home) as here:
        keys = {canary: await lives(here, canary) for canary in (*away, *others)}
        await settle(here)
        await teach(here, away)
        shutil.copytree(home, copy)
        plain = await answers(here, [key for c in away for key in keys[c]])
        assert found_in(plain, away), "the search finds them while they are there"
        subjects = [await forgotten(here, canary) for canary in away]
        await settle(here)
        assert found_in(await answers(here, [key for c in away for key in keys[c]]), away) == []
        assert found_in(json.dumps(await decoded(here)).encode(), away) == []
        for subject in subjects:
            document = (await here.get(f"/api/privacy/erasures/{subject}")).json()
            assert holds_true(document) and document["proof"]["values_that_still_open"] == 0
            assert not holds_true({**document, "conversations": 99})
        for canary in others:
            assert canary.secret in (await here.get(f"/api/conversations/{keys[canary][0]}", "analyst")).text
        await same_when_rebuilt(here)
    nothing_left(home, away)
    await an_older_copy_stays_dark(home, copy, away, others)


async def teach(here: Hall, canaries: list[Canary]) -> None:
    """Corrected turns, and a file in which somebody wrote down what people said, are kept as rows to learn from."""
    rows = [f"{canary.secret}. This is the third time I ask,lost_bag" for canary in canaries]
    file = "text,label\n" + "\n".join([*rows, *(f"where is refund number {n},refund" for n in range(20))])
    wish = Wish("rows", Uploaded("rows.csv", file.encode()), Uploaded("", b""), True, "")
    await give(here.app, wish, "kim")


async def forgotten(here: Hall, canary: Canary) -> str:
    """An administrator finds and erases them; the subject."""
    found = (await here.ask("POST", "/api/privacy/find", {"said": canary.phone})).json()
    assert found["identities"] == 2 and found["conversations"] == 2 and found["kinds"]["conversation.TurnSaid"] >= 6
    done = await here.ask("POST", "/api/privacy/erasures", {"subject": found["subject"]})
    assert done.status_code == 201, done.text
    assert done.json()["open_after"] == 0
    assert (await here.ask("POST", "/api/privacy/find", {"said": canary.mail})).status_code == 404, (
        "nobody is known by it"
    )
    return str(found["subject"])


async def answers(here: Hall, keys: list[str]) -> bytes:
    """What every page and API says to an administrator, of each of these conversations and in general."""
    asked = [
        p.replace("{id}", k).replace("{key}", k)
        for p in sorted(paths_of(here))
        for k in (keys[:2] if "{" in p else [""])
    ]
    asked += [f"/conversations/{key}" for key in keys]
    return b"\n".join([(await here.get(path)).content for path in asked if "{" not in path])


def paths_of(here: Hall) -> set[str]:
    gets = {getattr(r, "path", "") for r in here.front.routes if "GET" in (getattr(r, "methods", None) or ())}
    return {
        path for path in gets if not path.startswith(("/static", "/api/live", "/api/chat")) and "events" not in path
    }


async def decoded(here: Hall) -> list[str]:
    """Every input of the log and all it caused, every fact, and every row of every read model, opened as far as it opens."""
    told, after = [], 0
    codec, store = here.parts.committer.codec, here.parts.store
    while batch := await store.recorded(after, 500):
        after = batch[-1].entry.position
        for each in batch:
            events = [
                codec.decode(each.entry.stream, each.entry.body),
                *(c.event for c in codec.decode_all(each.entry.stream, each.caused or b"[]")),
            ]
            told += [repr(event) for event in events] + [each.entry.by, each.entry.once or "", each.entry.stream]
    for stream in {t for t in told if "/" in t and " " not in t}:
        for row in await store.held(stream):
            told += [repr(c.event) for c in codec.decode_all(stream, row.body or b"[]")]
    assert any(ERASED in each for each in told)
    return told + [repr(row) for rows in (await everything(here)).values() for row in rows]


async def everything(here: Hall) -> dict[str, list[str]]:
    from sqlalchemy import select

    tables = read_models(here.parts.crafts)
    return {t.name: sorted(str(dict(row)) for row in await here.parts.store.rows(select(t))) for t in tables}


async def same_when_rebuilt(here: Hall) -> None:
    """Read models are the fold of a log in which people were forgotten."""
    live = await everything(here)
    async with here.parts.committer.memory.quiet:
        await rebuild(here.parts.store, here.parts.committer.codec, here.parts.crafts, read_models(here.parts.crafts))
    again = await everything(here)
    assert {name for name in live if live[name] != again[name]} == set()


def nothing_left(home: Path, away: list[Canary]) -> None:
    """Every byte below the home folder, once the process has ended; and no hash of them that could be tried out."""
    root = (home / "keys.root").read_bytes()
    hashes = [each for canary in away for each in hashes_of(canary, root)]
    looked = list(bytes_of(home))
    assert {path.name for path, _ in looked} >= {"log.db", "keys.db", "staff.db", "keys.forgotten"}
    assert [(path.name, found) for path, raw in looked if (found := found_in(raw, away))] == []
    assert [(path.name, many) for path, raw in looked if (many := hashes_in(raw, hashes))] == []


async def an_older_copy_stays_dark(home: Path, copy: Path, away: list[Canary], others: list[Canary]) -> None:
    """The copy of before, with its own old keys and the forgotten list of today: nobody comes back, and the others are all there."""
    shutil.copy(home / "keys.forgotten", copy / "keys.forgotten")
    async with hall(copy) as here:
        whole = json.dumps(await decoded(here)).encode()
        assert found_in(whole, away) == []
        assert {canary.secret.split()[2] for canary in others} <= set(found_in(whole, others))
        assert [here.app.keys.known(c.mail) for c in away] == [None] * len(away)
