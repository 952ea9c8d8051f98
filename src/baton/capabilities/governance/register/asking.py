"""Asking: what is typed into an entry, checked once, whether it came by a form or over HTTP."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from baton.capabilities.governance.events import System
from baton.capabilities.governance.register.fields import FIELDS, TONGUES
from baton.kernel.errors import BatonError
from baton.web.app import App

Text = Annotated[str, Field(max_length=4000, pattern=r"^[^\x00]*$")]
Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00\n]*$")]


class EntryIn(BaseModel):
    """An entry as somebody writes it; `revision` is the one it was read at."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    revision: int = Field(0, ge=0)
    why: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]*$", description="Why it is changed.")]
    name: Line = ""
    owner: Line = ""
    purpose: Text = ""
    need: Text = ""
    baseline: Text = ""
    target: Text = ""
    cap_cents: int = Field(0, ge=0, le=10_000_000_000)
    stop_on: Line = ""
    review_on: Line = ""
    role: Literal["provider", "deployer"] = "deployer"
    vendor: Line = ""
    model: Text = ""
    data_categories: Text = ""
    lawful_basis: Text = ""
    residency: Text = ""
    retention: Text = ""
    autonomy: Text = ""
    allowed: Text = ""
    oversight: Text = ""
    risk_class: Literal["", "prohibited", "high", "limited", "minimal"] = ""
    rationale: Text = ""
    risks: Text = ""
    controls: Text = ""
    impact: Text = ""
    thresholds: Text = ""
    kpis: Text = ""
    decommission: Text = ""
    disclosures: dict[str, Annotated[str, Field(max_length=500, pattern=r"^[^\x00\n]*$")]] = {}

    @field_validator("stop_on", "review_on")
    @classmethod
    def _a_day(cls, value: str) -> str:
        return date.fromisoformat(value).isoformat() if value else ""

    @field_validator("disclosures")
    @classmethod
    def _known(cls, value: dict[str, str]) -> dict[str, str]:
        unknown = sorted(set(value) - set(TONGUES))
        if unknown:
            raise ValueError(f"{unknown[0]!r} is no channel and language. Use one of {', '.join(TONGUES)}.")
        return {key: text for key, text in value.items() if text}


def of_form(form: Mapping[str, object]) -> EntryIn:
    """What a form holds; raises 422 with what to put right."""
    told = {name: str(form[name]) for name in (*FIELDS, "revision", "why") if form.get(name) not in {None, ""}}
    told |= {name: _cents(told[name]) for name, field in FIELDS.items() if field.kind == "cents" and name in told}
    texts = {tongue: str(form.get(f"disclosure:{tongue}") or "").strip() for tongue in TONGUES}
    try:
        return EntryIn.model_validate({**told, "disclosures": texts})
    except ValidationError as wrong:
        first = wrong.errors()[0]
        field = FIELDS.get(str(first["loc"][0])) if first["loc"] else None
        where = field.label if field else str(first["loc"][0]) if first["loc"] else "the form"
        raise BatonError(
            "entry_invalid", 422, f"{where}: {first['msg']}. Nothing was saved; go back and put it right."
        ) from wrong


def system_of(app: App, id: str, kind: Literal["agent", "model"], told: EntryIn) -> System:
    """The entry it makes; raises 422 where its owner has no account here."""
    if told.owner and all(told.owner != each.id for each in app.accounts.everyone()):
        raise BatonError("no_such_owner", 422, f"Nobody here is {told.owner!r}. Choose somebody with an account.")
    fields = told.model_dump(exclude={"why", "revision"})
    return System(id=id, kind=kind, revision=told.revision, **fields)


def _cents(typed: str) -> str:
    """An amount of money as it is typed, in cents: `9000` or `9000.50`. What is no amount stays, and is refused as such."""
    try:
        return str(int((Decimal(typed) * 100).to_integral_exact()))
    except (ArithmeticError, ValueError):
        return typed
