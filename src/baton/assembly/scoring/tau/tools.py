"""The companies' tools as Baton's: each method of a record is a tool with a schema, a risk, and what the record says for the gate."""

import json
from collections.abc import Callable, Iterator, Mapping
from inspect import signature
from typing import Any, Final, get_type_hints

import msgspec

from baton.assembly.scoring.tau.airline import Airline
from baton.assembly.scoring.tau.data import Refused
from baton.assembly.scoring.tau.facts import OF
from baton.assembly.scoring.tau.retail import Retail
from baton.engines.tools import Tool, ToolRefused
from baton.engines.tools.declared import Answer, Knows, Limits, Run
from baton.kernel.ports import Known

CHANGES: Final = ("cancel", "modify", "return", "exchange", "book", "update", "send")
REASON: Final = "reason"
"""What a customer must say before a booking is cancelled, by the airline's policy; its own tool does not take it."""
LIMITS: Final = Limits(answer_bytes=4_000_000, fields=100_000, text_chars=2_000_000)


def tools_of(record: Retail | Airline, company: str) -> list[Tool]:
    """Every tool of a company over its record."""
    return [_tool(record, company, name, method) for name, method in methods(record)]


def methods(record: Retail | Airline) -> Iterator[tuple[str, Callable[..., Any]]]:
    """The tools by name."""
    for name in dir(record):
        if not name.startswith("_") and name != "state" and callable(getattr(record, name)):
            yield name, getattr(record, name)


def _tool(record: Retail | Airline, company: str, name: str, method: Callable[..., Any]) -> Tool:
    hints = get_type_hints(method)
    fields = [(arg, hints[arg]) for arg in signature(method).parameters]
    if name == "cancel_reservation":
        fields.append((REASON, str))
    takes = msgspec.defstruct(name, fields, frozen=True, forbid_unknown_fields=True)
    changes = name.startswith(CHANGES)
    return Tool(
        name,
        takes,
        _run(method),
        "irreversible" if changes else "read",
        limits=LIMITS,
        knows=_knows(record, company, name),
    )


def _run(method: Callable[..., Any]) -> Run:
    async def run(given: msgspec.Struct, _key: str) -> Answer:
        args = {
            name: value for name, value in msgspec.structs.asdict(given).items() if name in signature(method).parameters
        }
        try:
            told = method(**args)
        except Refused as refused:
            raise ToolRefused("refused", str(refused)) from refused
        return {"answer": told if isinstance(told, str) else json.dumps(told)}

    return run


def _knows(record: Retail | Airline, company: str, name: str) -> Knows:
    async def knows(args: Mapping[str, object]) -> Known:
        words, numbers = OF[company](record, name, args)
        said = {REASON: str(args[REASON])} if name == "cancel_reservation" and REASON in args else {}
        return Known({**words, **said}, numbers)

    return knows
