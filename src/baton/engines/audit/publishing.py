"""Publishing: heads are given to whoever keeps them outside the database: a file elsewhere, an address, another Baton.

What a keeper has is asked first: one that has seen more than the log holds, or something else, shows that the log was
rolled back or rebuilt, and nothing is given on top of that.
"""

import asyncio
import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import httpx
import msgspec

from baton.engines.audit.heads import Head, Receipt
from baton.engines.audit.tree import Tree
from baton.engines.tools.declared import AnswerTooLarge
from baton.engines.tools.outgoing import PLAIN, body_of
from baton.kernel.errors import BatonError

WITNESS: Final = "/api/audit/witness"
LIMIT_S: Final = 10.0
TRIES: Final = 3
LONGEST: Final = 65_536
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")


class Disagrees(BatonError):
    """Who keeps the heads has one that this log does not continue: it was rolled back or rebuilt."""

    def __init__(self, where: str, size: int) -> None:
        told = (f"{where!r} keeps a head of {size} entries that this log does not continue: the log was rolled back or rebuilt. "
                "Keep both as they are and run `baton audit verify` with the heads kept there.")  # fmt: skip
        super().__init__("head_disagrees", 409, told)


class Keeper(Protocol):
    """Somebody who keeps heads."""

    where: str

    async def give(self, tree: Tree) -> tuple[int, str]:
        """Give what is missing there; the size of the last head there now, and a receipt in JSON where one is given."""
        ...


class FileKeeper:
    """A file to which heads are only appended, one a line; on another disk, a share or a write-once store."""

    def __init__(self, path: Path) -> None:
        self.where, self._path = str(path), path

    async def give(self, tree: Tree) -> tuple[int, str]:
        """Append what is missing, synced."""
        kept = await asyncio.to_thread(self._last)
        await _continues(self.where, tree, kept)
        size = kept.size if kept else 0
        while heads := await tree.heads(size):
            await asyncio.to_thread(self._append, heads)
            size = heads[-1].size
        return size, ""

    def _last(self) -> Head | None:
        if not self._path.exists():
            return None
        lines = self._path.read_text().split("\n")
        whole = [line for line in lines[:-1] if line.strip()]
        return msgspec.json.decode(whole[-1], type=Head) if whole else None

    def _append(self, heads: Sequence[Head]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.open("ab+") as file:
            file.seek(0, os.SEEK_END)
            if file.tell():
                file.seek(-1, os.SEEK_END)
                file.write(b"" if file.read(1) == b"\n" else b"\n")
            file.write(b"".join(msgspec.json.encode(head) + b"\n" for head in heads))
            file.flush()
            os.fsync(file.fileno())


class AddressKeeper:
    """An address that takes heads by POST as `{"head", "since", "proof", "public"}` and answers 2xx; another Baton answers with a receipt.

    Only TLS, or this machine; redirects and proxies of the environment are not followed.
    """

    def __init__(self, url: str, token: str, public: bytes, since: int = 0) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise BatonError("bad_audit_address", 422, f"Heads are published over https, not to {url!r}. Change BATON_AUDIT_PUBLISH.")  # fmt: skip
        self.where = f"{parts.scheme}://{parts.hostname}{f':{parts.port}' if parts.port else ''}{parts.path}"
        self._token, self._public, self._since = token, public, since

    async def give(self, tree: Tree) -> tuple[int, str]:
        """Give the latest head and the proof that it continues what is there."""
        head = await tree.newest()
        if head is None:
            return 0, ""
        headers = {"Accept-Encoding": PLAIN} | ({"Authorization": f"Bearer {self._token}"} if self._token else {})
        async with httpx.AsyncClient(timeout=LIMIT_S, trust_env=False, headers=headers) as client:
            since = (
                await self._known(client, tree, head) if self.where.endswith(WITNESS) else min(self._since, head.size)
            )
            if since == head.size:
                return since, ""
            receipt = await self._post(client, head, since, await tree.consistency(since, head.size))
        self._since = head.size
        return head.size, receipt

    async def _known(self, client: httpx.AsyncClient, tree: Tree, head: Head) -> int:
        status, answer = await self._asked(client, "GET", params={"log": head.log, "limit": 1})
        heads = msgspec.convert(json.loads(_answered(status, answer, self.where))["heads"], list[Head])
        await _continues(self.where, tree, heads[0] if heads else None)
        return heads[0].size if heads else 0

    async def _post(self, client: httpx.AsyncClient, head: Head, since: int, proof: tuple[str, ...]) -> str:
        body = {"head": head, "since": since, "proof": proof, "public": self._public.hex()}
        told = {"content": msgspec.json.encode(body), "headers": {"Content-Type": "application/json"}}
        status, answer = await self._asked(client, "POST", **told)
        if status == 409:
            raise Disagrees(self.where, since)
        return _checked(_answered(status, answer, self.where), head)

    async def _asked(self, client: httpx.AsyncClient, method: str, **what: Any) -> tuple[int, bytes]:
        """The status and the body, which is left off where it is too long to be a keeper's."""
        try:
            async with client.stream(method, self.where, **what) as answer:
                return answer.status_code, await body_of(answer, LONGEST)
        except AnswerTooLarge as error:
            raise BatonError(
                "head_refused", 502, f"{self.where!r} answered too much: {error}. Check the address."
            ) from error


def _answered(status: int, answer: bytes, where: str) -> bytes:
    if not httpx.codes.is_success(status):
        raise BatonError("head_refused", 502, f"{where!r} answered {status}. Check the address and BATON_AUDIT_TOKEN.")
    return answer


def _checked(answer: bytes, head: Head) -> str:
    """The receipt in an answer, where there is one and it is of this head and holds."""
    try:
        receipt = msgspec.json.decode(answer, type=Receipt)
    except msgspec.MsgspecError:
        return ""
    return msgspec.json.encode(receipt).decode() if receipt.head == head.hash() and receipt.holds() else ""


async def _continues(where: str, tree: Tree, kept: Head | None) -> None:
    """Raise where the log is not the one of which `kept` is a head."""
    if kept is None:
        return
    if kept.size > await tree.size() or (await tree.root(0, kept.size)).hex() != kept.root:
        raise Disagrees(where, kept.size)


async def given(keeper: Keeper, tree: Tree, rest_s: float = 0.5) -> tuple[int, str]:
    """Give, tried again a few times where the keeper cannot be reached."""
    for again in range(1, TRIES):
        try:
            return await keeper.give(tree)
        except (httpx.HTTPError, OSError):
            await asyncio.sleep(rest_s * again)
    return await keeper.give(tree)


def keepers(publish: str, token: str, public: bytes) -> list[FileKeeper | AddressKeeper]:
    """Who keeps the heads, as BATON_AUDIT_PUBLISH names them."""
    named = [word.strip() for word in publish.split(",") if word.strip()]
    return [AddressKeeper(word, token, public) if "://" in word else FileKeeper(Path(word)) for word in named]
