"""Training of the shipped weights: `train` makes the same bytes from the same data, and a card that says what they are.

Needs the `train` extra (scikit-learn, scipy); nothing here is imported when Baton serves.
"""

import time
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal, get_args

import msgspec

from baton.engines.models.fast import WEIGHTS, FastTier
from baton.engines.models.resolution_head import ResolutionHead
from baton.engines.models.slow import SlowHeads, SlowTier

if TYPE_CHECKING:
    from baton.engines.models.training.corpora import Example

Name = Literal["fast", "slow", "resolution", "hearing", "pii"]
HEADS: Final[dict[str, Name]] = {name: name for name in get_args(Name)}
Figures = dict[str, float]

_DATA: Final = (
    "Invented phrases of the invented airline Halcyon Air (training/*.txt)",
    "GoEmotions, training split, Google Research, Apache-2.0 (mood, by the fast tier; frustration)",
    "MultiDoGO, training split, Amazon, CDLA-Permissive-1.0 (airline intents, yes and no, thanks, greetings)",
    "CLINC150, training and validation split, Larson et al. 2019, CC BY 3.0 (nine intents, out of scope, small talk)",
    "Banking77, training split, PolyAI, CC BY 4.0 (seven intents, out of scope)",
    "all-MiniLM-L6-v2, sentence-transformers, Apache-2.0 (fast: what a lone word means, folded into its weights; slow: sentence vectors and tokens)",
)
_OUTCOMES: Final = "tau/airline/ai_conversations_gpt4o.jsonl.gz"
_OUTCOME_DATA: Final = (
    "tau-bench airline, 120 conversations of an AI agent (gpt-4o) with simulated customers over 30 tasks, outcome checked in the "
    "system of record, Sierra Research, MIT (training tasks only; some labels of that version are known to be faulty)",
)
_PII_DATA: Final = (
    "Invented turns in English, Spanish, German and French (personal/training/templates.txt), names and addresses of about 50 "
    "countries from faker, MIT",
    "presidio-research synthetic documents v2, development part, Microsoft, MIT",
    "MultiDoGO, training split, Amazon, CDLA-Permissive-1.0 (names and addresses that people gave)",
    "GoEmotions, training split, Google Research, Apache-2.0 (invented names where names were masked)",
    "CLINC150, training split, Larson et al. 2019, CC BY 3.0; Banking77, training split, PolyAI, CC BY 4.0; articles of tau-bench's "
    "invented bank, Sierra Research, MIT (texts without names)",
    "all-MiniLM-L6-v2, sentence-transformers, Apache-2.0 (classes of words, and which are no names, by the vectors of lone words)",
)
_LIMITS: Final = {
    "pii": "Names and postal addresses in English, Spanish, German and French turns. Learned from invented turns, synthetic documents "
    "and typed chats; in wordings unlike them expect less than these figures: names that a sentence does not announce are missed most. A town or a "
    "country alone is no address. For hiding on screens and in exports, never the only safeguard of a release.",
    "hearing": "English, Spanish, German and French. Learned from invented wordings against real English turns that ask for nobody; "
    "wordings unlike them may be missed. Its only use is to offer a person. Never applied to reps.",
    "fast": "English; distress also Spanish and German, by phrases. Learned from Reddit comments, scripted chats and "
    "invented phrases, not from recorded customers: in real service talk expect less than these figures. Never applied to reps.",
    "slow": "English. Intents learned from scripted chats and invented phrases, frustration also from Reddit comments, not from recorded "
    "customers: in real service talk expect less than these figures. Never applied to reps.",
    "resolution": "Fitted on simulated customers of one company: 120 English conversations of one airline with one AI agent, 30 tasks. "
    "The figures are cross-fitted over tasks and still wide; for another company, language or agent nothing is known until its own "
    "labels are compared. Says nothing where it does not know the words, nor where a rep spoke. It never gives a state of the "
    "ledger: it can only keep thin evidence from counting as met.",
}


class Card(msgspec.Struct, frozen=True):
    """What a file of weights is: data with licences, figures on held-out texts, and the command that makes it again."""

    name: str
    version: str
    command: str
    data: tuple[str, ...]
    licence: str
    figures: Figures
    limits: str


def train(name: Name, data_dir: Path, out_dir: Path = WEIGHTS.parent, say: Callable[[str], None] = print) -> Card:
    """Fit `name` on `data_dir`, write its weights and card to `out_dir`, and give the card."""
    from threadpoolctl import threadpool_limits

    began = time.monotonic()
    path = out_dir / f"{name}.msgpack.z"
    with threadpool_limits(1):  # sums over several threads differ in their last bits from run to run
        figures, version = _fitted(name, data_dir, path, say)
    card = Card(
        name=name,
        version=version,
        command=f"baton train {name}",
        data=_data(name),
        licence="Apache-2.0; the corpora keep their own licences, attributed above",
        figures=figures,
        limits=_LIMITS[name],
    )
    (out_dir / f"{name}.card.json").write_bytes(msgspec.json.format(msgspec.json.encode(card), indent=2) + b"\n")
    say(f"{path.name}: {path.stat().st_size} bytes in {time.monotonic() - began:.0f} s")
    return card


def _data(name: Name) -> tuple[str, ...]:
    own = {"resolution": _OUTCOME_DATA, "hearing": _DATA[:-1], "pii": _PII_DATA}
    return own.get(name, _DATA)


def _fitted(name: Name, data_dir: Path, path: Path, say: Callable[[str], None]) -> tuple[Figures, str]:
    if name == "resolution":
        return _resolution(data_dir, path, say)
    if name == "pii":
        return _pii(data_dir, path, say)
    if name == "hearing":
        return _hearing(data_dir, path, say)
    return (_fast if name == "fast" else _slow)(_examples(data_dir), path, say)


def _examples(data_dir: Path) -> "list[Example]":
    from baton.engines.models.training import corpora, invented

    return [
        *invented.intents(),
        *invented.signals(),
        *corpora.emotions(data_dir),
        *corpora.multidogo(data_dir),
        *corpora.clinc(data_dir),
        *corpora.banking(data_dir),
    ]


def _fast(examples: "Sequence[Example]", path: Path, say: Callable[[str], None]) -> tuple[Figures, str]:
    from baton.engines.models.training import tier

    trained, figures = tier.train(examples, SlowTier(Path()).embed, say)
    tier.write(trained, path)
    return figures, FastTier(path).weights


def _slow(examples: "Sequence[Example]", path: Path, say: Callable[[str], None]) -> tuple[Figures, str]:
    from baton.engines.models.training import frustration, slow_head

    tier = SlowTier(Path())
    intent, figures = slow_head.train(examples, tier.embed, say)
    frustrated, more = frustration.train(examples, lambda texts: tier.read(texts).states, say)
    slow_head.write(SlowHeads(intent, frustrated), path)
    return figures | more, SlowTier(path).version


def _resolution(data_dir: Path, path: Path, say: Callable[[str], None]) -> tuple[Figures, str]:
    from baton.engines.models.evaluate.resolution import live_figures
    from baton.engines.models.training import outcomes, resolution

    source = data_dir / _OUTCOMES
    made, _ = resolution.fitted(outcomes.outcomes(source))
    resolution.write(made, path)
    return live_figures(source, say), ResolutionHead(path).version


def _hearing(data_dir: Path, path: Path, say: Callable[[str], None]) -> tuple[Figures, str]:
    from baton.engines.models.training import hearing

    heads, figures = hearing.fitted(data_dir, say)
    hearing.write(heads, path, say)
    return figures, f"hearing-{sha256(path.read_bytes()).hexdigest()[:12]}"


def _pii(data_dir: Path, path: Path, say: Callable[[str], None]) -> tuple[Figures, str]:
    from baton.engines.personal.tagger import Tagger
    from baton.engines.personal.training import making

    figures = making.made(data_dir, path, say)
    return figures, Tagger.read(path).version
