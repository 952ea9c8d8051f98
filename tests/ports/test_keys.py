"""The Keys port: a key for each stream under its customer's; forgetting one makes all of the other's streams dark."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag

from baton.stores.keys import SqliteKeys

pytestmark = pytest.mark.port

STREAMS = [f"conversation/{n}" for n in range(5)]


@pytest.fixture
def keys(tmp_path: Path):
    made = SqliteKeys(tmp_path / "keys.db")
    yield made
    made.close()


def test_every_stream_has_a_key_of_its_own_that_stays(keys, tmp_path: Path):
    keys.make(STREAMS)
    before = [keys.of(s) for s in STREAMS]
    keys.make(STREAMS)
    keys.close()
    after = SqliteKeys(tmp_path / "keys.db")
    assert len(set(before)) == len(STREAMS)
    assert [after.of(s) for s in STREAMS] == before
    after.close()


def test_a_stream_that_was_never_made_has_no_key(keys):
    assert keys.of("conversation/none") is None


def test_identifying_keeps_the_key_and_changes_who_can_forget_it(keys):
    keys.make(STREAMS)
    before = keys.of(STREAMS[0])
    keys.identify(STREAMS[0], "jane")
    assert keys.of(STREAMS[0]) == before
    assert keys.forget("jane") == 1
    assert keys.of(STREAMS[0]) is None
    assert keys.of(STREAMS[1]) is not None


def test_a_forgotten_customers_streams_all_go_dark_for_ever(keys, tmp_path: Path):
    for stream in STREAMS[:3]:
        keys.identify(stream, "jane")
    keys.identify(STREAMS[3], "john")
    old = keys.of(STREAMS[0])
    assert keys.forget("jane") == 3
    again = SqliteKeys(tmp_path / "keys.db")
    assert [again.of(s) is None for s in STREAMS[:4]] == [True, True, True, False]
    again.make([STREAMS[0]])
    assert again.of(STREAMS[0]) not in (None, old)
    again.close()


def test_a_customer_who_comes_back_gets_a_new_key(keys):
    keys.identify(STREAMS[0], "jane")
    keys.forget("jane")
    keys.identify(STREAMS[1], "jane")
    assert keys.of(STREAMS[1]) is not None


def test_identifying_the_same_customer_twice_changes_nothing(keys):
    keys.identify(STREAMS[0], "jane")
    before = keys.of(STREAMS[0])
    keys.identify(STREAMS[0], "jane")
    assert keys.of(STREAMS[0]) == before
    assert keys.forget("jane") == 1


def test_keys_lie_wrapped_and_the_root_is_readable_by_its_owner_alone(keys, tmp_path: Path):
    keys.make(STREAMS)
    opened = [keys.of(s) for s in STREAMS]
    keys.close()
    stored = b"".join(p.read_bytes() for p in tmp_path.glob("keys.db*"))
    assert not any(key in stored for key in opened)
    assert (tmp_path / "keys.root").stat().st_mode & 0o077 == 0


def test_another_root_opens_nothing(keys, tmp_path: Path):
    keys.make(STREAMS)
    stranger = SqliteKeys(tmp_path / "keys.db", root=bytes(32))
    with pytest.raises(InvalidTag):
        stranger.of(STREAMS[0])
    stranger.close()


def test_two_key_stores_of_one_file_agree_on_a_race(tmp_path: Path):
    one, other = SqliteKeys(tmp_path / "keys.db"), SqliteKeys(tmp_path / "keys.db")
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda k: k.make([f"conversation/{n}" for n in range(40)]), (one, other)))
    assert all(one.of(f"conversation/{n}") == other.of(f"conversation/{n}") is not None for n in range(40))
    one.close()
    other.close()


def test_a_full_disk_makes_no_half_key_and_is_survived(keys):
    keys.make(STREAMS[:1])
    pages = keys._db.execute("PRAGMA page_count").fetchone()[0]
    keys._db.execute(f"PRAGMA max_page_count = {pages}")
    many = [f"conversation/full-{n}" for n in range(500)]
    with pytest.raises(sqlite3.OperationalError, match="full"):
        keys.make(many)
    assert not any(keys.of(s) for s in many)
    assert keys.of(STREAMS[0]) is not None
    keys._db.execute(f"PRAGMA max_page_count = {pages + 1000}")
    keys.make(many)
    assert all(keys.of(s) for s in many)


def test_a_pseudonym_is_the_same_for_the_same_person_and_says_nothing(keys):
    name = keys.pseudonym("email", "Jane@Example.org ")
    assert name == keys.pseudonym("email", "jane@example.org")
    assert name != keys.pseudonym("phone", "jane@example.org")
    assert "jane" not in name and len(name) == 24


def test_a_customer_is_found_by_what_they_gave_and_by_nobody_once_forgotten(keys, tmp_path: Path):
    jane = keys.pseudonym("customer", "Jane@Example.org ")
    assert keys.pseudonym("customer", "jane@example.org") == keys.known(" JANE@example.org") == jane
    assert jane != keys._hashed("customer", "jane@example.org"), "a hash of it could be tried against every address"
    keys.identify(STREAMS[0], jane)
    keys.forget(jane)
    assert keys.known("jane@example.org") is None
    stored = b"".join(p.read_bytes() for p in tmp_path.glob("keys.*"))
    assert keys._hashed("customer", "jane@example.org").encode() not in stored
    assert keys.pseudonym("customer", "jane@example.org") != jane, "who comes back is somebody new"


def test_an_older_copy_of_the_keys_brings_nobody_back(keys, tmp_path: Path):
    jane, john = keys.pseudonym("customer", "jane"), keys.pseudonym("customer", "john")
    keys.identify_all({STREAMS[0]: jane, STREAMS[1]: john})
    keys.make(STREAMS[2:4])
    copy = tmp_path / "copy.db"
    keys._db.execute("VACUUM INTO ?", (str(copy),))
    keys.identify(STREAMS[2], jane)
    assert keys.forget(jane) == 2
    assert keys.forget_streams([STREAMS[3]]) == 1
    keys.close()
    for suffix in ("", "-wal", "-shm"):
        (tmp_path / f"keys.db{suffix}").unlink(missing_ok=True)
    copy.rename(tmp_path / "keys.db")
    again = SqliteKeys(tmp_path / "keys.db")
    assert [again.of(s) is None for s in STREAMS[:4]] == [True, False, True, True]
    assert again.known("jane") is None and again.known("john") == john
    again.make([STREAMS[3]])
    kept = again.of(STREAMS[3])
    again.close()
    third = SqliteKeys(tmp_path / "keys.db")
    assert third.of(STREAMS[3]) == kept, "what was said after the erasure stays"
    third.close()


def test_keys_are_destroyed_by_their_fingerprint_and_only_those(keys):
    keys.identify(STREAMS[0], "jane")
    told = keys.held("jane")
    assert [name for name, _ in told] == ["jane", STREAMS[0]]
    assert keys.destroy(told) == 1
    keys.make([STREAMS[0]])
    assert keys.destroy(told) == 0 and keys.of(STREAMS[0]) is not None


def test_another_process_that_forgets_is_noticed(keys, tmp_path: Path):
    keys.identify(STREAMS[0], "jane")
    other = SqliteKeys(tmp_path / "keys.db")
    assert other.of(STREAMS[0]) is not None and not other.moved()
    keys.make(STREAMS[1:])
    assert not other.moved(), "a new key is no reason to read everything anew"
    keys.forget("jane")
    other.identify_all({STREAMS[0]: "john"})
    assert keys.forget("john") == 1, "an open key that was destroyed elsewhere is not written again"
    assert other.moved() and other.of(STREAMS[0]) is None
    other.close()
