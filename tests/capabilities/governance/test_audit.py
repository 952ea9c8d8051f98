"""The audit over HTTP: who changed and looked at what, the proof of each, heads kept for others, and what is wrong in words."""

import base64
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path

import httpx
import msgspec
import pytest

from baton.capabilities.governance.events import Looked
from baton.engines.audit.heads import Head, Receipt, Signing
from baton.engines.audit.proofs import included
from baton.engines.audit.publishing import AddressKeeper, Disagrees
from baton.engines.audit.sealing import Sealer
from baton.engines.audit.tables import KEEPING
from baton.engines.audit.verify import Frontier, leaf_hash
from baton.kernel.conversation import PolicyRevised
from baton.kernel.tables import Tables
from tests.channels.serving import Place, crafts, serving
from tests.engines.audited import SIGNING, audited
from tests.ports import logs

pytestmark = pytest.mark.scene


@dataclass
class Audit:
    """A Baton that serves, sealed with a known key, and a client of an administrator."""

    place: Place
    sealer: Sealer
    dara: httpx.AsyncClient

    async def head(self) -> None:
        await self.sealer.seal()
        await self.sealer.sign()

    async def get(self, path: str, **query: object) -> httpx.Response:
        return await self.dara.get(path, params={k: str(v) for k, v in query.items()})


@asynccontextmanager
async def auditing(home: Path, **settings: object) -> AsyncIterator[Audit]:
    made = {"audit_key": "01" * 32, **settings}
    async with (
        serving(home, made=crafts("governance"), settings=made) as place,
        place.http(headers=place.token("dara")) as dara,
    ):
        sealer = Sealer(place.app.store, place.app.committer.memory.quiet, place.app.clock, Signing(b"\1" * 32))
        yield Audit(place, sealer, dara)


async def revise(audit: Audit, who: str, why: str, replay: str) -> int:
    event = PolicyRevised("routing.Routing", msgspec.Raw(b"{}"), who, why, replay)
    return await audit.place.app.committer.append("policy/routing.Routing", event, by=f"staff/{who}")


async def test_a_change_of_policy_is_found_by_who_what_when_and_on_what(tmp_path: Path) -> None:
    async with auditing(tmp_path) as audit:
        at = await revise(audit, "mara", "too many wait at noon", "r1")
        for query in (
            {"who": "Mara"},
            {"kind": "policy", "on": "routing.rout"},
            {"who": "mara@halcyon", "from": "2020-01-01"},
        ):
            (found,) = [
                r for r in (await audit.get("/api/audit/records", **query)).json()["records"] if r["position"] == at
            ]
            assert (found["who"], found["why"], found["replay"], found["kind"]) == (
                "mara",
                "too many wait at noon",
                "r1",
                "policy",
            )
        misses = ({"who": "Sofia"}, {"kind": "look"}, {"on": "100%"}, {"until": "2020-01-01"}, {"before": f"{at}"})
        for other in misses:
            assert not [
                r for r in (await audit.get("/api/audit/records", **other)).json()["records"] if r["position"] == at
            ]
        page = (await audit.get("/governance/audit", who="mara")).text
        assert "too many wait at noon" in page
        assert f'href="/governance/audit/{at}"' in page
        rows = (await audit.get("/governance/audit.csv", who="mara")).text.splitlines()
        assert rows[0].startswith("position,at_ms,kind,who,name,on,why,replay")
        assert [row for row in rows if row.startswith(f"{at},")]


async def test_who_read_a_conversation_is_on_the_page_with_its_proof(tmp_path: Path) -> None:
    async with auditing(tmp_path) as audit:
        async with audit.place.http() as client:
            talk = await audit.place.begin(client)
        app = audit.place.app

        at = await app.committer.append("access/1", Looked("mara", talk.id), by="staff/mara")
        await audit.head()
        assert "Mara Nilsen" in (await audit.get("/governance/audit", kind="look", on=talk.id)).text
        proof = (await audit.get("/api/audit/proof", position=at)).json()
        path = [bytes.fromhex(step) for step in proof["path"]]
        leaf = leaf_hash(base64.b64decode(proof["leaf"]))
        assert included(leaf, proof["index"], proof["head"]["size"], path) == bytes.fromhex(proof["head"]["root"])
        assert msgspec.convert(proof["head"], Head).signed_by(audit.sealer.signing.public)
        page = (await audit.get(f"/governance/audit/{at}")).text
        assert "In the log that was signed" in page
        with closing(sqlite3.connect(tmp_path / "log.db")) as db:
            db.execute("UPDATE entries SET by = 'staff/jack' WHERE position = ?", (at,))
            db.commit()
        assert "The proof does not hold" in (await audit.get(f"/governance/audit/{at}")).text


async def test_a_customer_gets_the_proof_of_their_own_conversation_and_of_no_other(tmp_path: Path) -> None:
    async with auditing(tmp_path) as audit, audit.place.http() as client:
        mine, other = await audit.place.begin(client), await audit.place.begin(client)
        header = {"Authorization": f"Bearer {mine.token}"}
        turn = {"text": "Where is my bag?", "nonce": "1"}
        own = (await client.post(f"/api/chat/conversations/{mine.id}/turns", json=turn, headers=header)).json()[
            "position"
        ]
        theirs = (
            await client.post(
                f"/api/chat/conversations/{other.id}/turns",
                json=turn,
                headers={"Authorization": f"Bearer {other.token}"},
            )
        ).json()["position"]
        await audit.place.app.committer.append("conversation/gone", by="system")
        await audit.head()
        found = await client.get("/api/audit/proof", params={"position": own}, headers=header)
        assert (found.status_code, found.json()["leaf"]) == (200, "")
        foreign = await client.get("/api/audit/proof", params={"position": theirs}, headers=header)
        missing = await client.get("/api/audit/proof", params={"position": 1 << 40}, headers=header)
        assert (foreign.status_code, foreign.json()["detail"]) == (missing.status_code, missing.json()["detail"])
        assert foreign.status_code == 404
        assert (await client.get("/api/audit/proof", params={"position": own})).status_code == 401


async def test_what_stands_on_a_reps_own_stream_is_proved_and_not_shown(tmp_path: Path) -> None:
    async with auditing(tmp_path) as audit:
        at = await audit.place.app.committer.append("rep/jack", Looked("jack", "of-nobody-elses-business"), by="system")
        await audit.head()
        proof = (await audit.get("/api/audit/proof", position=at)).json()
        assert (proof["position"], proof["leaf"]) == (at, "")
        page = (await audit.get(f"/governance/audit/{at}")).text
        assert "In the log that was signed" in page
        assert "nobody-elses" not in page


@pytest.mark.parametrize("path", ["/api/audit", "/api/audit/heads", "/api/audit/records", "/api/audit/proof?position=256", "/governance/audit", "/governance/audit.csv", "/governance/audit/256", "/api/audit/witness"])  # fmt: skip
async def test_only_administrators_open_the_audit(tmp_path: Path, path: str) -> None:
    async with auditing(tmp_path) as audit:
        for who in ("jack", "mara", "ruth", "viktor", "beatriz", "bridge"):
            async with audit.place.http(headers=audit.place.token(who)) as client:
                expected = 200 if (who, path) == ("bridge", "/api/audit/witness") else 403
                assert (await client.get(path)).status_code == expected, who
        async with audit.place.http() as nobody:
            assert (await nobody.get(path, follow_redirects=False)).status_code in (401, 303)


async def test_a_head_of_another_log_is_kept_and_counter_signed_and_a_rolled_back_one_refused(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    place = logs.Place(str(tmp_path / "own" / "log.db"), tmp_path / "own")
    async with auditing(tmp_path / "witness") as audit, audited(place) as log:
        token = audit.place.token("bridge")["Authorization"].removeprefix("Bearer ")
        keeper = AddressKeeper(f"{audit.place.url}/api/audit/witness", token, SIGNING.public)
        for n in range(3):
            await log.talk(9, n * 9)
            await log.head()
            size, receipt = await keeper.give(log.sealer.tree)
        head = await log.sealer.tree.newest()
        assert head is not None
        told = msgspec.json.decode(receipt, type=Receipt)
        assert (told.holds(), told.head, told.public) == (True, head.hash(), audit.sealer.signing.public.hex())
        assert await keeper.give(log.sealer.tree) == (size, "")
        kept = (await audit.get("/api/audit/witness", log=head.log)).json()["heads"]
        assert kept[0]["size"] == size
        async with audit.place.http(headers=audit.place.token("bridge")) as bridge:
            for bad, status in _bad_heads(head):
                answer = await bridge.post("/api/audit/witness", json=bad)
                assert answer.status_code == status, bad
        rolled = Frontier()
        rolled.append(b"x" * 32)
        async with audited(logs.Place(str(tmp_path / "own" / "old.db"), tmp_path / "own")) as older:
            await older.talk(2)
            await older.head()
            with pytest.raises(Disagrees):
                await keeper.give(older.sealer.tree)


def _bad_heads(head: Head) -> list[tuple[dict, int]]:
    """Smaller, another root at the same size, larger without a proof, another key's, and not signed at all."""
    signed = [
        SIGNING.head(head.log, head.size - 1, b"\2" * 32, 5, None), SIGNING.head(head.log, head.size, b"\2" * 32, 5, None),
        SIGNING.head(head.log, head.size + 7, b"\2" * 32, 5, head),
    ]  # fmt: skip
    other = Signing(b"\3" * 32)
    forged = other.head(head.log, head.size + 1, b"\2" * 32, 5, head)
    told = [({"head": msgspec.to_builtins(one), "since": head.size, "proof": []}, 409) for one in signed]
    unsigned = msgspec.structs.replace(signed[2], signature="00" * 64)
    told.append(({"head": msgspec.to_builtins(forged), "public": other.public.hex()}, 422))
    return [*told, ({"head": msgspec.to_builtins(unsigned)}, 422)]


async def test_the_page_says_in_red_what_is_wrong_and_what_to_do(tmp_path: Path) -> None:
    async with auditing(tmp_path, audit_publish=str(tmp_path / "far.jsonl")) as audit:
        await audit.head()
        folded = Tables()
        folded.put(
            KEEPING, {"what": str(tmp_path / "far.jsonl")}, at_ms=1, ok=0, size=3, told="It keeps a head of 3 entries."
        )
        await audit.sealer.keep(folded)
        assert (await audit.get("/api/audit")).json()["kind"] == "bad"
        assert "Heads are not published" in (await audit.get("/governance/audit")).text
        folded.put(KEEPING, {"what": "verified"}, at_ms=2, ok=0, size=3, told="Position 256 is not what was sealed.")
        await audit.sealer.keep(folded)
        page = (await audit.get("/governance/audit")).text
        assert "The log is not what was signed" in page
        assert "baton audit verify" in page


async def test_without_anybody_who_keeps_the_heads_the_page_warns(tmp_path: Path) -> None:
    async with auditing(tmp_path) as audit:
        assert (await audit.get("/api/audit")).json()["kind"] in ("idle", "warn")
        await audit.head()
        assert (await audit.get("/api/audit")).json()["title"] == "Heads are published nowhere"
        heads = (await audit.get("/api/audit/heads")).json()
        assert msgspec.convert(heads["heads"][0], Head).signed_by(bytes.fromhex(heads["public"][0]))
