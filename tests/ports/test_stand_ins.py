"""The stand-ins keep the promise of the ports they stand in for."""

import pytest

from baton.kernel.ports import Chance, Clock
from tests.ports.stand_ins import FakeClock, SeededChance

pytestmark = pytest.mark.unit


def test_the_clock_moves_only_when_told(clock: FakeClock) -> None:
    port: Clock = clock
    before = port.now_ms()
    assert port.now_ms() == before
    clock.advance(minutes=5, s=1, ms=2)
    assert port.now_ms() == before + 301_002


def test_chance_repeats_for_a_seed_and_never_within_it(chance: SeededChance) -> None:
    port: Chance = chance
    names = [port.token() for _ in range(1000)]
    assert len(set(names)) == 1000
    assert SeededChance().token() == names[0]
    assert SeededChance(1).token() != names[0]
