"""`baton train pii`: texts, the fit, the figures of fits that did not see what they are scored on, and the file of weights."""

import random
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import msgspec

from baton.engines.models.evaluate.pii import intervals, scored
from baton.engines.models.training.corpora import share
from baton.engines.models.training.invented import intents as requests
from baton.engines.personal.finder import Finder, filled
from baton.engines.personal.formats import fixed
from baton.engines.personal.tagger import Tagger, Weights
from baton.engines.personal.training import invented, real
from baton.engines.personal.training.fit import fitted
from baton.engines.personal.training.meaning import Meaning, meaning

DOCUMENTS: Final = "pii/presidio_synth_v2_dev.json"
EACH: Final = 24
"""Turns of one template."""
REFILLED: Final = 10
"""Documents with other people in them, for each labelled one."""
SPOKEN: Final = 0.3
"""Share of texts that are fitted as speech recognition writes them."""
WITHOUT: Final = 0.3
"""Share of real turns without a name or an address that are used."""
SEED: Final = 5

Say = Callable[[str], None]
Document = dict[str, Any]


def made(data: Path, path: Path, say: Say) -> dict[str, float]:
    """Write the weights fitted on everything; figures of two fits that lacked half: of the templates, and of the documents."""
    documents = real.documents(data / DOCUMENTS)
    known = meaning(data, say)
    others = list(_others(data, known))
    figures = _figures("templates_held_out", documents, real.held_out, others, known, say)
    figures |= _figures("documents_held_out", documents, _second, others, known, say)
    path.write_bytes(packed(fitted(_texts(others, documents), say, known)))
    return figures


def packed(weights: Weights) -> bytes:
    """Weights as a file; the same weights give the same bytes."""
    return zlib.compress(msgspec.msgpack.encode(weights, order="deterministic"), 9)


def _second(document: Document) -> bool:
    return share(document["full_text"], 2) == 1


def _figures(
    name: str,
    documents: Sequence[Document],
    held: Callable[[Document], bool],
    others: Sequence[invented.Labelled],
    known: Meaning,
    say: Say,
) -> dict[str, float]:
    """Scores on the documents held out, by weights that never saw them."""
    weights = fitted(_texts(others, [each for each in documents if not held(each)]), say, known)
    away = [each for each in documents if held(each)]
    found = Finder(Tagger(weights)).find([each["full_text"] for each in away])
    figures = scored(away, found)
    say(f"{name}: {figures}; figure, 95% interval by template, n: {intervals(away, found)}")
    wanted = ("recall_formats", "recall_names_addresses", "precision")
    leaks = figures["documents_with_leak"] / max(1, len(away))
    return {f"{name}_{each}": figures[each] for each in wanted} | {
        f"{name}_leaking": round(leaks, 4),
        f"{name}_n": len(away),
    }


def _others(data: Path, known: Meaning) -> Iterator[invented.Labelled]:
    """Invented turns and real ones."""
    chance = random.Random(SEED)
    yield from invented.turns(EACH, SEED)
    yield from invented.people(SEED)
    yield from (each for each in real.multidogo(data) if each.marks or chance.random() < WITHOUT)
    yield from real.emotions(data)
    yield from real.somewhere(data)
    yield from real.nobody(data)
    yield from real.pieces(data, known.seen)
    yield from (
        invented.Labelled(text, ()) for text in dict.fromkeys(each.text for each in requests()) if share(text, 4) == 0
    )


def _texts(others: Sequence[invented.Labelled], documents: Sequence[Document]) -> list[invented.Labelled]:
    """All texts of a fit, as the tagger reads them: values of a fixed format filled, a share as if spoken."""
    chance = random.Random(SEED)
    texts = list(others)
    for each in documents:
        texts += [real.labelled(each), *(real.refilled(each, chance) for _ in range(REFILLED))]
    heard = [invented.spoken(each, chance) if chance.random() < SPOKEN else each for each in texts]
    return [each._replace(text=filled(each.text, fixed(each.text))) for each in heard]
