"""Size: how many weights a model has, where its server tells. A small one answers in plain words rather than by a schema."""

from typing import Final

import httpx
import msgspec

from baton.engines.llm.servers import Server
from baton.engines.llm.wire import Broken

SMALL: Final = 2_000_000_000
"""Weights below which a model is taken for a small one."""
LIMIT_S: Final = 2.0


class _Meta(msgspec.Struct):
    n_params: int = 0


class _Model(msgspec.Struct):
    id: str = ""
    meta: _Meta | None = None


class _Models(msgspec.Struct):
    data: list[_Model] = []


async def weights_of(http: httpx.AsyncClient, server: Server) -> int | None:
    """The weights of the server's model; 0 where it does not tell (llama.cpp's server does), None where it did not answer in two seconds."""
    key = server.key.get_secret_value()
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        answer = await http.get(f"{server.url.rstrip('/')}/models", headers=headers, timeout=LIMIT_S)
        found = msgspec.json.decode(answer.content, type=_Models).data if answer.status_code == 200 else []
    except msgspec.MsgspecError:
        return 0
    except (Broken, httpx.HTTPError, OSError):
        return None
    return next((m.meta.n_params for m in found if m.meta is not None and (m.id == server.model or len(found) == 1)), 0)
