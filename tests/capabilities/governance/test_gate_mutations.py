"""Changed calls: whatever is changed between the customer's yes and the act, the gate refuses; unchanged, it lets it pass."""

import random
from collections import Counter

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.capabilities.agents.events import Confirmation
from baton.capabilities.governance.gate.asking import request
from baton.capabilities.governance.gate.grounds import Grounds
from baton.kernel.binding import Unreadable, bound, clean, strict_json
from tests.capabilities.governance.agreed import CHANGES, NOW_MS, TEN_MIN_MS, Agreed, agreed, mutated, with_claim

pytestmark = pytest.mark.unit

VALUES = st.recursive(
    st.one_of(st.text(max_size=6), st.integers(-(10**6), 10**6), st.booleans(), st.none()),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.sampled_from("abc"), inner, max_size=2)),
    max_leaves=4,
)
ARGS = st.dictionaries(st.sampled_from(["code", "cents_paid", "to", "seats"]), VALUES, max_size=3)


def accepted(seed: int, times: int) -> tuple[int, Counter[str], int]:
    """How many agreed calls passed, and of the changed ones which did, out of how many."""
    rng = random.Random(seed)
    unchanged, through = sum(agreed(rng).passes() for _ in range(times // 10)), Counter[str]()
    for _ in range(times):
        name, it, call = mutated(rng)
        through[name] += it.passes(call)
    return unchanged, +through, times


def test_no_changed_call_passes_and_every_unchanged_one_does() -> None:
    unchanged, through, _ = accepted(seed=26, times=1_500)
    assert unchanged == 150
    assert not through


@pytest.mark.long
def test_ten_thousand_changed_calls() -> None:
    unchanged, through, _ = accepted(seed=27, times=10_000)
    assert unchanged == 1_000
    assert not through


@pytest.mark.parametrize("name", sorted(CHANGES))
def test_each_kind_of_change_is_refused(name: str) -> None:
    rng = random.Random(name)
    for _ in range(25):
        it = agreed(rng)
        assert not it.passes(CHANGES[name](rng, it))


def replayed(rng: random.Random) -> tuple[str, bool]:
    """A yes that was given is tried again for something else, or once too often."""
    it = agreed(rng)
    assert it.passes()
    how = rng.choice(
        (
            "another key",
            "used",
            "another conversation",
            "another customer",
            "another price",
            "too late",
            "a rep's",
            "a robot's",
        )
    )
    call = it.call
    if how == "another key":
        call = msgspec.structs.replace(call, key="again")
    elif how == "used":
        tell(it, used=True)
    elif how in {"another conversation", "another customer", "another price"}:
        field = {"conversation": "stream", "customer": "on_behalf_of", "price": "price"}[how.split()[1]]
        call = with_claim(call, **{field: f"conversation/{rng.getrandbits(30)}"})
    elif how == "too late":
        it.clock.ms = NOW_MS + 2 * TEN_MIN_MS + 1 + rng.randint(0, 10**8)
    else:
        it = agreed(rng, channel={"a rep's": "rep/mina", "a robot's": "import/crm"}[how])
        call = it.call
    return how, it.passes(call)


def tell(it: Agreed, used: bool) -> None:
    """The log tells what became of the yes."""
    claim = it.call.claim
    told = Confirmation(claim.bound, it.call.tool, NOW_MS + TEN_MIN_MS, given=True, channel="customer", used=used)
    it.ledger.heard(claim.stream, it.customer, told, NOW_MS + 7_000)


def test_no_yes_counts_twice_or_for_anything_else() -> None:
    rng = random.Random(28)
    tried = [replayed(rng) for _ in range(1_000)]
    assert len({how for how, _ in tried}) == 8
    assert [how for how, passed in tried if passed] == []


def test_the_same_call_may_be_sent_again_under_its_key_after_a_crash() -> None:
    it = agreed(random.Random(1))
    assert it.passes() and it.passes()
    it.clock.ms = NOW_MS + TEN_MIN_MS + 1
    assert it.passes()


def test_a_yes_that_was_not_decided_upon_counts_for_ten_minutes_whatever_it_says_of_itself() -> None:
    it = agreed(random.Random(2), given=False)
    claim = it.call.claim
    forever = Confirmation(claim.bound, it.call.tool, NOW_MS + 10**9, given=True, channel="customer")
    it.ledger.heard("conversation/new", it.customer, forever, NOW_MS)
    call = with_claim(it.call, stream="conversation/new")
    it.clock.ms = NOW_MS + TEN_MIN_MS + 1
    assert not it.passes(call)
    it.clock.ms = NOW_MS + TEN_MIN_MS
    assert it.passes(call)


def test_a_machine_customer_says_yes_for_itself_and_for_no_other() -> None:
    it = agreed(random.Random(3), channel="machine/m1")
    assert it.passes(with_claim(it.call, kind="machine", principal="m1"))
    other = agreed(random.Random(3), channel="machine/m1")
    assert not other.passes(with_claim(other.call, kind="machine", principal="m2"))


@settings(max_examples=300, deadline=None)
@given(ARGS, ARGS)
def test_two_acts_have_one_hash_only_if_they_are_one(one: dict[str, object], other: dict[str, object]) -> None:
    try:
        first, second = bound("pay", one, "p", ""), bound("pay", other, "p", "")
    except Unreadable:
        return
    assert (first == second) == (repr(sorted(one.items())) == repr(sorted(other.items())) or same(one, other))


def same(one: object, other: object) -> bool:
    """Whether two values are one, types told apart, names in any order."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(one[k], other[k]) for k in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and one == other


def test_names_come_in_any_order() -> None:
    assert bound("pay", {"a": 1, "b": "x"}, "p", "") == bound("pay", {"b": "x", "a": 1}, "p", "")


@pytest.mark.parametrize(
    "text",
    [
        "cafe\u0301",
        "pay\u200bpal",
        "\u202eevil",
        "p\u0430ypal",
        "\uff11\uff12",
        "\u0661",
        "\U0001d41a",
        "\u212a",
        "a\x00b",
        "\ufb01n",
    ],
)
def test_what_can_be_read_in_two_ways_is_not_bound(text: str) -> None:
    with pytest.raises(Unreadable):
        bound("pay", {"to": text}, "p", "")


@pytest.mark.parametrize(
    "text",
    ["José Núñez", "Смирнова", "李伟", "O’Brien – 2º", "Ωμέγα", "東京 12", "€ 12.50", "😀", "naïve\nsecond line"],
)
def test_names_of_all_the_world_are_bound(text: str) -> None:
    assert bound("pay", {"to": clean(text)}, "p", "")


def test_json_that_gives_a_name_twice_is_not_read() -> None:
    assert strict_json('{"to": "a", "cents": 1}') == {"to": "a", "cents": 1}
    for twice in ('{"to": "a", "to": "b"}', '{"x": {"a": 1, "a": 2}}', '{"cents": NaN}', "[1]", "{"):
        with pytest.raises(Unreadable):
            strict_json(twice)


@pytest.mark.parametrize("careless", ["types", "expiry", "customer"])
def test_a_careless_gate_is_found_out(careless: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same changes find a gate that reads numbers and texts alike, forgets the time, or asks nobody whose it is."""
    if careless == "types":
        monkeypatch.setattr("baton.kernel.binding._tagged", lambda value, depth: ["s", str(value)])
    elif careless == "expiry":
        monkeypatch.setattr("baton.capabilities.governance.gate.ledger.AGAIN_MS", 10**12)
    else:
        monkeypatch.setattr("baton.capabilities.governance.gate.rules.request", owned_by_whoever_asks)
    _, through, _ = accepted(seed=26, times=600)
    assert through


def owned_by_whoever_asks(grounds: Grounds, words: frozenset[str]) -> dict[str, object]:
    """A request in which nothing has an owner."""
    return request(msgspec.structs.replace(grounds, owner=""), words)
