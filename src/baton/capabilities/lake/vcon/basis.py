"""The lawful basis of a vCon: what its customer agreed to, as an attachment (draft-howe-vcon-lawful-basis). Baton invents none."""

import json
from datetime import UTC, datetime

from sqlalchemy import select

from baton.capabilities.governance.tables import CONSENTS
from baton.kernel.log import Store

PURPOSE = "lawful_basis"


async def lawful_bases(store: Store, customer: str, now_ms: int) -> list[dict[str, str]]:
    """One attachment for each basis that holds now; none where the customer said nothing or is not known."""
    if not customer:
        return []
    rows = await store.rows(select(CONSENTS).where(CONSENTS.c.customer == customer).order_by(CONSENTS.c.position))
    bases: dict[str, list[dict[str, object]]] = {}
    for row in rows:
        ends = int(str(row["expires_ms"] or 0))
        if not ends or now_ms < ends:
            bases.setdefault(str(row["basis"]), []).append(dict(row))
    return [_attachment(basis, told) for basis, told in sorted(bases.items())]


def _attachment(basis: str, told: list[dict[str, object]]) -> dict[str, str]:
    ends = [int(str(row["expires_ms"] or 0)) for row in told]
    body = {
        "lawful_basis": basis,
        "expiration": _time(min(filter(None, ends))) if any(ends) else None,
        "purpose_grants": [
            {
                "purpose": row["purpose"],
                "granted": bool(row["given"]),
                "granted_at": _time(int(str(row["captured_ms"]))),
            }
            for row in told
        ],
        "proof_mechanisms": [
            {"proof_type": "log_position", "proof_data": {"position": row["position"]}} for row in told
        ],
    }
    start = _time(min(int(str(row["captured_ms"])) for row in told))
    return {"purpose": PURPOSE, "start": start, "encoding": "json", "body": json.dumps(body)}


def _time(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).isoformat(timespec="seconds")
