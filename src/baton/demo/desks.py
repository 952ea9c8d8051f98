"""A scripted rep at a real desk: comes online, takes or passes offers, replies, uses suggestions or not, wraps up."""

import asyncio
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING

import httpx

from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import Place
from baton.demo.halcyon.colleagues import Serving
from baton.demo.stories import Colleague
from baton.kernel.working import Done
from baton.web.app import App

if TYPE_CHECKING:
    from baton.demo.traffic import Ears

ASSIGNMENT = "assignment/"
BACK_S = 30.0
QUIET_S = 20.0
log = logging.getLogger(__name__)


class Desk:
    """One rep's working day."""

    def __init__(self, client: httpx.AsyncClient, app: App, colleague: Colleague, ears: "Ears") -> None:
        self._client, self._app, self._colleague, self._ears = client, app, colleague, ears
        self._headers = {"Authorization": f"Bearer {app.accounts.make_token(colleague.rep.id, 'demo traffic')}"}
        self._offers: asyncio.Queue[str] = asyncio.Queue()
        self._seen: dict[str, int] = {}
        self._held = 0

    async def run(self) -> None:
        """Until cancelled: stay available, take what is offered."""
        self._app.committer.listeners.append(self._tell)
        await self._post("/api/desk/presence", {"presence": "available"})
        async with asyncio.TaskGroup() as group:
            while True:
                try:
                    async with asyncio.timeout(BACK_S):
                        stream = await self._offers.get()
                except TimeoutError:
                    await self._between()
                    continue
                group.create_task(self._offered(stream))

    async def _between(self) -> None:
        """With nothing in hand: take a breather that is offered, and be available unless on one."""
        breather = await self._breather()
        if breather is not None and breather["state"] == "offered" and not self._held:
            await self._post("/api/wellbeing/mine/answer", {"ref": breather["ref"], "answer": "take"})
        elif breather is None or breather["state"] != "taken" or breather["kind"] != "break":
            await self._post("/api/desk/presence", {"presence": "available"})

    async def _breather(self) -> dict[str, str] | None:
        """The breather that is offered or under way."""
        try:
            told = await self._client.get("/api/wellbeing/mine", headers=self._headers)
        except httpx.HTTPError:
            return None
        found: dict[str, str] | None = told.json()["breather"] if told.status_code < 400 else None
        return found

    def _tell(self, done: Sequence[Done]) -> None:
        mine = self._colleague.rep.id
        for each in done:
            if not each.stream.id.startswith(ASSIGNMENT):
                continue
            for caused in each.rest.caused:
                place = caused.event
                if not isinstance(place, Place) or place.state != "offered" or place.rep != mine:
                    continue
                if self._seen.get(place.conversation) != place.until_ms:
                    self._seen[place.conversation] = place.until_ms
                    self._offers.put_nowait(place.conversation)

    async def _offered(self, stream: str) -> None:
        offer = self._colleague.on_offer(self._held)
        await asyncio.sleep(offer.delay_s)
        key, _, approval = stream.partition("/")[2].partition("#")
        query = f"?approval={approval}" if approval else ""
        if offer.act == "pass":
            await self._post(f"/api/desk/offers/{key}/pass{query}", {"reason": "busy"})
            return
        taken = await self._post(f"/api/desk/offers/{key}/take{query}", None)
        if taken is None:
            return
        if approval:
            await self._post(f"/api/desk/conversations/{key}/approve", {"approval": approval, "ok": True})
            return
        self._held += 1
        try:
            await self._serve(key)
        finally:
            self._held -= 1
        if not self._held:
            await self._between()

    async def _serve(self, key: str) -> None:
        stream = f"conversation/{key}"
        known = await self._app.reader.stream(stream)
        intent = known.facts.get(Intent) if known else None
        language = known.started.language if known and known.started else "en"
        serving = self._colleague.serve(intent.label if intent else "other", language=language or "en")
        sent = 0
        while stream in self._ears.said and stream not in self._ears.over:
            turn = serving.next_turn(self._ears.said[stream])
            if turn is not None:
                await asyncio.sleep(turn[0])
                sent += 1
                await self._say(key, turn[1], sent, serving)
            elif not await self._heard(stream) and serving.finished:
                break
        await self._wrap_up(key, serving)

    async def _say(self, key: str, text: str, n: int, serving: Serving) -> None:
        body: dict[str, object] = {"text": text, "nonce": f"r{n}"}
        if n > 1:
            found = await self._post(f"/api/desk/conversations/{key}/suggestions", None)
            shown = [s["text"] for s in (found or {}).get("suggestions", ())][:1]
            how, changed = self._colleague.on_suggestion(shown[0]) if shown else ("no", "")
            if shown:
                body |= {"suggestion": "" if how == "no" else shown[0], "text": changed or text}
        await self._post(f"/api/desk/conversations/{key}/turns", body)

    async def _heard(self, stream: str) -> bool:
        """Whether anything was said before it got quiet."""
        try:
            async with asyncio.timeout(QUIET_S):
                await self._ears.news[stream].wait()
        except TimeoutError:
            return False
        await asyncio.sleep(0.05)
        return True

    async def _wrap_up(self, key: str, serving: Serving) -> None:
        closing = serving.wrap_up()
        await asyncio.sleep(closing.delay_s)
        due = self._app.clock.now_ms() + closing.promise_h * 3_600_000 if closing.promise_h else 0
        body: dict[str, object] = {
            "disposition": closing.disposition, "need_met": "yes" if closing.need_met else "no", "promise_due_ms": due,
            "promise": "to write back" if due else "", "wrap_ms": int(closing.delay_s * 1000),
        }  # fmt: skip
        await self._post(f"/api/desk/conversations/{key}/wrap-up", body)

    async def _post(self, path: str, body: dict[str, object] | None) -> dict[str, list[dict[str, str]]] | None:
        try:
            told = await self._client.post(path, json=body, headers=self._headers)
        except httpx.HTTPError:
            return None
        if told.status_code >= 400:
            log.info("an invented rep was refused: path=%s status=%d", path.rsplit("/", 1)[1], told.status_code)
            return None
        found: dict[str, list[dict[str, str]]] = told.json()
        return found
