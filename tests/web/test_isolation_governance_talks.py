"""Isolation of conversations: the token of one opens it and no other, by any operation that there is."""

from pathlib import Path
from typing import Any

import pytest

from tests.channels.serving import crafts, serving

pytestmark = pytest.mark.scene
NOBODY = "AAAAAAAAAAAAAAAA"
CONSENT = {"purpose": "training", "given": False}

TALK: dict[str, dict[str, object]] = {
    "POST": {
        "agent": {"on": True}, "callback": {"phone": "+1 415 555 0100"}, "choice": {"offer": "x", "choice": "yes"}, "consents": CONSENT, "end": {},
        "forget-me": {}, "person": {}, "preferences": {"language": "en"}, "rating": {"stars": 5}, "turns": {"text": "x", "nonce": "n"}, "typing": {},
    },
    "GET": {"consents": None, "events": None, "my-data": None, "my-privacy": None, "transcript": None},
    "DELETE": {"": None},
}  # fmt: skip


async def test_a_conversations_token_opens_it_and_no_other_by_any_operation(tmp_path: Path) -> None:
    async with (
        serving(tmp_path, made=crafts("agents", "governance", "lake", "orchestration", "resolution")) as place,
        place.http() as client,
    ):
        mine, theirs = await place.begin(client), await place.begin(client)
        await theirs.say("my orangutan glimmerstone", "n1")
        served = (await client.get("/openapi.json")).json()["paths"]
        listed = {
            (m.upper(), p.partition("{id}")[2].strip("/"))
            for p in served
            if "{id}" in p and "/chat/conv" in p
            for m in served[p]
        }
        assert listed <= {(method, what) for method, told in TALK.items() for what in told}, "an operation nobody tried"
        for method, told in TALK.items():
            for what, body in told.items():
                answers = []
                for one in (theirs.id, NOBODY):
                    path = f"/api/chat/conversations/{one}/{what}".rstrip("/")
                    sent: dict[str, Any] = {"json": body} if body is not None else {}
                    answer = await client.request(method, path, headers=mine.auth, **sent)
                    answers.append((answer.status_code, answer.text.replace(one, "ID")))
                assert answers[0] == answers[1], (method, what)
                assert answers[0][0] in {404, 422}, (method, what, answers)
                assert "glimmerstone" not in answers[0][1]
        texts = [
            turn["text"]
            for turn in (await client.get(f"{theirs.path}/transcript", headers=theirs.auth)).json()["turns"]
        ]
        assert "my orangutan glimmerstone" in texts, "nothing of it was ended, forgotten or changed"
        assert "x" not in texts
