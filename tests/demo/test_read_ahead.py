"""What Halcyon Air wrote is read ahead, so that its first question is understood."""

import shutil
from pathlib import Path

import pytest

from baton.assembly.written import known
from baton.capabilities.agents.procedures.files import procedures_in
from baton.demo.halcyon.files import text_of, texts_in
from baton.demo.policies import articles
from baton.engines.meanings import FILE, Meanings

pytestmark = pytest.mark.unit

SHIPS = Path("src/baton/demo/halcyon") / FILE


def test_every_text_has_its_vector(tmp_path: Path) -> None:
    shutil.copy(SHIPS, tmp_path / FILE)
    meanings = Meanings(tmp_path / FILE)
    meanings.learn(known(articles(), procedures_in(texts_in("procedures", ".toml"), text_of("tools.toml"))))
    assert meanings.missing(10) == [], "Articles or procedures changed: run python -m scripts.meanings"
    assert meanings.ready
