"""Models: the AI that Baton itself is made of, as entries of the register. Read from the cards and files that ship; nothing is typed in."""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Final

import msgspec

from baton.capabilities.governance.events import System

WEIGHTS: Final = "baton.engines.models.weights"
PURPOSES: Final = {
    "fast": ("Fast tier", "Names what a customer wants and how they write, for every turn: intent, mood, frustration, asking for a person."),
    "slow": ("Transformer tier", "A second look at turns of which the fast tier is unsure (MiniLM, int8)."),
    "hearing": ("Hearing", "Hears distress, grief and the wish for a person in the words of customers."),
    "resolution": ("Resolution head", "Keeps thin evidence from counting as a need that was met. Never gives a state of the ledger."),
    "pii": ("Personal data tagger", "Finds names and addresses, so that they are hidden in displays, exports, traces and prompts."),
}  # fmt: skip
MOODS: Final = frozenset({"fast", "slow", "hearing"})


class Shipped(msgspec.Struct, frozen=True):
    """A model as it is on disk: its card, the hash of its weights (SHA-256), and the entry made of both."""

    system: System
    version: str
    hash: str
    data: tuple[str, ...]
    licence: str
    figures: dict[str, float]
    limits: str


@cache
def shipped() -> tuple[Shipped, ...]:
    """Every model that ships with Baton. Hashes are of the files as they are here."""
    return tuple(_shipped())


def _shipped() -> Iterator[Shipped]:
    folder = files(WEIGHTS)
    for name in sorted(
        item.name.removesuffix(".card.json") for item in folder.iterdir() if item.name.endswith(".card.json")
    ):
        card: dict[str, object] = json.loads(folder.joinpath(f"{name}.card.json").read_text(encoding="utf-8"))
        hashed = sha256(folder.joinpath(f"{name}.msgpack.z").read_bytes()).hexdigest()
        yield Shipped(
            _system(name, card), str(card["version"]), hashed, tuple(map(str, _listed(card["data"]))), str(card["licence"]),
            {key: float(str(value)) for key, value in _mapped(card["figures"]).items()}, str(card["limits"]),
        )  # fmt: skip


def _system(name: str, card: Mapping[str, object]) -> System:
    title, purpose = PURPOSES.get(name, (name.capitalize(), ""))
    feels = "Reads the mood of customers, in their words only; Art. 50(3) asks to tell them. " if name in MOODS else ""
    return System(
        id=f"model-{name}", kind="model", name=title, purpose=purpose, role="provider", vendor="Baton", model=str(card["version"]),
        data_categories="Texts of customers, as they are said. Never those of reps.", residency="This installation; nothing is sent.",
        retention="Keeps nothing of what it reads.", autonomy="Says facts; decides nothing by itself.",
        allowed="Labels and scores with a confidence; may abstain.", risk_class="limited" if feels else "minimal",
        rationale=f"{feels}Decides on no right of a person.", risks=str(card["limits"]),
        oversight="Each label stands beside its turn and can be corrected; a policy sets from where on it counts.",
    )  # fmt: skip


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _mapped(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}
