"""A verifier that knows heads kept elsewhere sees whatever the owner of the database did; what nobody touched passes."""

import json
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from baton.engines.audit import verify as standalone
from baton.engines.audit.verify import verify
from tests.engines.audited import published_log
from tests.engines.tampering import TAMPERS, Tamper, copied, tampered


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home folder; what was published of it stands beside."""
    import asyncio

    return asyncio.run(published_log(tmp_path_factory.mktemp("audit")))


def kept(home: Path) -> tuple[Path, Path]:
    """The heads and the key that an auditor keeps."""
    return home.parent / "elsewhere" / "heads.jsonl", home.parent / "elsewhere" / "audit.pub"


@pytest.mark.unit
def test_what_nobody_touched_passes(published: Path) -> None:
    found = verify(published, *kept(published))
    assert found["ok"], found
    assert (found["first_bad"], found["heads"], found["published"], found["unsealed"]) == (None, 6, 6, 0)
    assert int(str(found["entries"])) >= 300


@pytest.mark.unit
@pytest.mark.parametrize("tamper", TAMPERS, ids=lambda tamper: tamper.__name__)
@pytest.mark.parametrize("seed", range(6))
def test_a_tamper_is_detected(published: Path, tmp_path: Path, tamper: Tamper, seed: int) -> None:
    home = copied(published, tmp_path / "case" / "home")
    heads = tampered(home, tamper, seed)
    found = verify(home, heads, kept(home)[1])
    assert not found["ok"]
    assert isinstance(found["first_bad"], dict)
    assert found["first_bad"]["what"]


@pytest.mark.unit
def test_an_edit_is_named_by_its_position(published: Path, tmp_path: Path) -> None:
    import sqlite3

    home = copied(published, tmp_path / "case" / "home")
    with sqlite3.connect(home / "log.db") as db:
        db.execute("UPDATE entries SET by = 'jack' WHERE position = 25600")
    db.close()
    bad = verify(home, *kept(home))["first_bad"]
    assert isinstance(bad, dict)
    assert (bad["position"], bad["what"]) == (25600, "it is not what was sealed: edited, moved or exchanged")


@pytest.mark.unit
def test_the_file_alone_verifies_a_log_and_answers_zero_whatever_it_finds(published: Path, tmp_path: Path) -> None:
    alone = tmp_path / "verify.py"
    shutil.copy(standalone.__file__, alone)
    home = copied(published, tmp_path / "case" / "home")
    heads, key = kept(home)

    def run() -> tuple[int, dict]:
        argv = [sys.executable, "-I", str(alone), str(home / "log.db"), "--heads", str(heads), "--key", str(key)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        return done.returncode, json.loads(done.stdout.splitlines()[-1])["figures"]

    assert (run()[0], run()[1]["ok"]) == (0, True)
    tampered(home, TAMPERS[0], 1)
    assert (run()[0], run()[1]["ok"]) == (0, False)
    missing = subprocess.run(
        [sys.executable, "-I", str(alone), str(tmp_path / "none")], capture_output=True, text=True, check=False
    )
    assert missing.returncode == 1
    assert "No log at" in missing.stderr


@pytest.mark.unit
def test_heads_of_another_key_do_not_pass_for_this_logs(published: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.pub"
    other.write_text("00" * 32)
    found = verify(published, kept(published)[0], other)
    assert not found["ok"]
    assert "not signed" in str(found["first_bad"])


@pytest.mark.long
def test_a_thousand_tampers_are_all_detected(
    published: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done, seen, alone = Counter[str](), Counter[str](), Counter[str]()
    for n in range(1000):
        tamper = TAMPERS[n % len(TAMPERS)]
        home = copied(published, tmp_path / str(n) / "home")
        heads = tampered(home, tamper, 10_000 + n)
        done[tamper.__name__] += 1
        seen[tamper.__name__] += not verify(home, heads, kept(home)[1])["ok"]
        alone[tamper.__name__] += not verify(home)["ok"]
        shutil.rmtree(home.parent)
    with capsys.disabled():
        sys.stdout.write(f"\ndetected {dict(seen)} of {dict(done)}; without heads kept elsewhere {dict(alone)}\n")
    assert seen == done
    assert all(verify(published, *kept(published))["ok"] for _ in range(10))
