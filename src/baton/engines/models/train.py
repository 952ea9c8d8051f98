"""Training of the shipped weights: `train` makes the same bytes from the same data, and a card that says what they are.

Needs the `train` extra (scikit-learn); nothing here is imported when Baton serves.
"""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec

from baton.engines.models.fast import WEIGHTS, FastTier
from baton.engines.models.slow import SlowTier

Name = Literal["fast"]

_DATA: Final = (
    "Invented phrases of the invented airline Halcyon Air (training/*.txt)",
    "GoEmotions, training split, Google Research, Apache-2.0 (mood, frustration)",
    "MultiDoGO, training split, Amazon, CDLA-Permissive-1.0 (airline intents, yes and no, thanks, greetings)",
    "CLINC150, training and validation split, Larson et al. 2019, CC BY 3.0 (nine intents, out of scope, small talk)",
    "Banking77, training split, PolyAI, CC BY 4.0 (seven intents, out of scope)",
    "all-MiniLM-L6-v2, sentence-transformers, Apache-2.0 (what a lone word means, folded into its weights)",
)


class Card(msgspec.Struct, frozen=True):
    """What a file of weights is: data with licences, figures on held-out texts, and the command that makes it again."""

    name: str
    version: str
    command: str
    data: tuple[str, ...]
    licence: str
    figures: dict[str, float]
    limits: str


def train(name: Name, data_dir: Path, out_dir: Path = WEIGHTS.parent, say: Callable[[str], None] = print) -> Card:
    """Fit `name` on `data_dir`, write its weights and card to `out_dir`, and give the card."""
    from baton.engines.models.training import corpora, invented, tier

    began = time.monotonic()
    examples = [
        *invented.intents(), *invented.signals(), *corpora.emotions(data_dir), *corpora.multidogo(data_dir),
        *corpora.clinc(data_dir), *corpora.banking(data_dir),
    ]  # fmt: skip
    trained, figures = tier.train(examples, SlowTier(path=Path()).embed, say)
    path = out_dir / f"{name}.msgpack.z"
    tier.write(trained, path)
    card = Card(
        name=name,
        version=FastTier(path).version,
        command=f"baton train {name}",
        data=_DATA,
        licence="Apache-2.0; the corpora keep their own licences, attributed above",
        figures=figures,
        limits="English; asking for a person and distress also Spanish and German. Reddit comments, scripted chats and invented "
        "phrases, not recorded customers: frustration in real service talk is less sure than the figures here. Never applied to reps.",
    )
    (out_dir / f"{name}.card.json").write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
    say(f"{path.name}: {path.stat().st_size} bytes in {time.monotonic() - began:.0f} s")
    return card
