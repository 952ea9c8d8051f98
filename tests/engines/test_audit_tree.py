"""The tree: RFC 9162's own rules, on trees that grow anyhow; the same in every store, after kills, and with two that seal."""

import asyncio
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.engines.audit.proofs import consistency, grown, included, inclusion
from baton.engines.audit.sealing import Sealer
from baton.engines.audit.tree import Tree
from baton.engines.audit.verify import Frontier, inner, leaf_bytes, leaf_hash, verify
from baton.kernel.lanes import SEALER
from tests.engines.audited import SIGNING, audited
from tests.ports.logs import Place

pytestmark = pytest.mark.port

ROOTS = (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)
"""Of the trees over the first one to eight leaves of Certificate Transparency's published test vectors."""
LEAVES = [
    bytes.fromhex(x)
    for x in ("", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f")
]


@pytest.fixture(params=["sqlite", "postgres"])
def place(request, tmp_path: Path) -> Place:
    """An empty log in every store."""
    if request.param == "sqlite":
        return Place(str(tmp_path / "log.db"), tmp_path)
    return Place(request.getfixturevalue("postgres_url"), tmp_path)


def plain_root(leaves: list[bytes]) -> bytes:
    """RFC 9162, 2.1.1, as it is written there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1 << (len(leaves) - 1).bit_length() - 1
    return inner(plain_root(leaves[:k]), plain_root(leaves[k:]))


def test_roots_are_those_of_the_published_vectors() -> None:
    tree = Frontier()
    for leaf, root in zip(LEAVES, ROOTS, strict=True):
        tree.append(leaf_hash(leaf))
        assert tree.root().hex() == root


@settings(max_examples=200, deadline=None)
@given(st.integers(1, 300), st.data())
def test_every_proof_holds_and_no_other_does(size: int, data: st.DataObject) -> None:
    leaves = [leaf_hash(str(n).encode()) for n in range(size)]
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(1, size))
    root, old = plain_root(leaves), plain_root(leaves[:first])
    path = [plain_root(leaves[low:high]) for low, high in inclusion(index, size)]
    assert included(leaves[index], index, size, path) == root
    assert included(leaf_hash(b"other"), index, size, path) != root
    assert size == 1 or included(leaves[index], (index + 1) % size, size, path) != root
    shown = [plain_root(leaves[low:high]) for low, high in consistency(first, size)]
    assert grown(first, size, old, root, shown)
    assert not grown(first, size, leaf_hash(b"old"), root, shown)
    assert not grown(first, size, old, leaf_hash(b"new"), shown)


def test_two_different_inputs_have_two_encodings() -> None:
    encoded: Callable[..., bytes] = leaf_bytes
    told: tuple[Any, ...] = (256, 3, "conversation/1", None, "customer", "", 5, 5, b"body", 1, None)
    others = [
        encoded(*told[:n], changed, *told[n + 1 :])
        for n, changed in enumerate((512, 4, "conversation/2", "", "rep", "1", 6, 6, b"bod", 2, b""))
    ]
    shifted = leaf_bytes(256, 3, "conversation/", None, "1customer", "", 5, 5, b"body", 1, None)
    assert len({encoded(*told), shifted, *others}) == len(others) + 2


async def test_the_root_in_the_store_is_the_root_of_its_leaves_and_every_proof_holds(place: Place) -> None:
    async with audited(place) as log:
        await log.talk(300)
        await log.head()
        await log.talk(230, 300)
        await log.head()
        tree, (first, second) = log.sealer.tree, await log.sealer.tree.heads()
        assert (first.size < second.size, second.size) == (True, await tree.size())
        assert grown(first.size, second.size, bytes.fromhex(first.root), bytes.fromhex(second.root),
                     [bytes.fromhex(step) for step in await tree.consistency(first.size, second.size)])  # fmt: skip
        for row in (await log.committer.store.recorded(0, 1000))[::29]:
            proof = await tree.proof(row.entry.position + 1)
            assert proof is not None
            path = [bytes.fromhex(step) for step in proof.path]
            assert leaf_hash(proof.leaf).hex() == proof.hash
            assert included(leaf_hash(proof.leaf), proof.index, proof.head.size, path) == bytes.fromhex(second.root)


async def test_a_sealer_that_begins_again_goes_on_where_the_last_commit_was(place: Place) -> None:
    async with audited(place) as log:
        await log.talk(40)
        await log.head()
        await log.talk(260, 40)
        fresh = Sealer(log.committer.store, log.committer.memory.quiet, log.clock, SIGNING)
        await fresh.seal()
        await log.talk(30, 300)
        await log.head()
        size = await log.sealer.tree.size()
        rows = await log.committer.store.recorded(0, 10_000)
        assert size == len(rows)
        leaves = [bytes.fromhex(str(r["hash"])) for r in await _leaves(log.sealer.tree)]
        assert (await log.sealer.tree.root(0, size)) == plain_root(leaves)


async def test_two_that_seal_at_once_give_one_sequence(place: Place) -> None:
    async with audited(place) as log:
        await log.talk(200)
        other = Sealer(log.committer.store, log.committer.memory.quiet, log.clock, SIGNING)
        await asyncio.gather(log.sealer.seal(), other.seal())
        await asyncio.gather(log.sealer.sign(), other.sign())
        rows = await _leaves(log.sealer.tree)
        assert [r["seq"] for r in rows] == list(range(len(rows)))
        assert len({r["position"] for r in rows}) == len(rows) == await log.sealer.tree.size()
        assert len(await log.sealer.tree.heads()) == 1


async def test_what_was_appended_and_not_worked_waits(place: Place) -> None:
    async with audited(place) as log:
        await log.talk(5)
        asked = asyncio.ensure_future(log.committer.append("conversation/x", by="customer"))
        asked.cancel()
        assert await log.sealer.seal() == (await log.committer.store.cursors([SEALER]))[SEALER]
        assert await log.sealer.seal() == 0
        assert await log.sealer.sign() is not None
        assert await log.sealer.sign() is None


async def test_erasing_a_customer_changes_no_leaf(tmp_path: Path) -> None:
    place = Place(str(tmp_path / "log.db"), tmp_path)
    async with audited(place) as log:
        await log.talk(40)
        await log.head()
        log.committer.keys.identify("conversation/3", "customer/ana")
        assert log.committer.keys.forget("customer/ana") == 1
        await log.talk(10, 40)
        await log.head()
    (tmp_path / "audit.pub").write_text(SIGNING.public.hex())
    assert verify(tmp_path)["ok"]


async def _leaves(tree: Tree) -> list:
    from baton.engines.audit.tables import LEAVES

    return await tree.store.rows(LEAVES.select().order_by(LEAVES.c.seq))
