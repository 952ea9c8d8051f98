"""`eval distress`: are grief and distress heard, and how often is a person sent for without need, by language?"""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from baton.engines.models.evaluate.texts import opened
from baton.engines.models.fast import FastTier
from baton.kernel.errors import BatonError
from baton.kernel.stats import wilson

Say = Callable[[str], None]
UNSEEN: Final = Path(__file__).parent / "distress.tsv"
"""Turns in English, Spanish, German and French that no head was trained on."""
SHOWS: Final = frozenset({"distress", "bereavement"})
SENT_AT: Final = 500
"""Permille from which a person is sent for: `distress` of the policy `empathy.Triggers`."""
OFFERED_AT: Final = 50
"""Permille from which a person is only offered: `possible_distress` of that policy."""
_PLAIN: Final = (
    "died death funeral suicide kill myself cancer hospital abuse desperate emergency murió muerte funeral suicid cáncer"
    " hospital desesperad gestorben beerdigung selbstmord krebs krankenhaus verzweifelt mort décès enterrement cancer hôpital désespér"
).split()


class Row(NamedTuple):
    """A turn, its label (`distress`, `bereavement`; anything else shows neither), and its language where it is known."""

    text: str
    label: str
    language: str = ""


def rows(path: Path) -> list[Row]:
    """Lines of text, label and, where there is one, language; tabs between. Lines that begin with # are remarks."""
    found = []
    with opened(path) as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip() or line.startswith("#"):
                continue
            text, *rest = line.rstrip("\n").split("\t")
            if not rest or len(rest) > 2:
                raise BatonError("bad_test", 422, f"Line {number} of {path.name!r} needs a text, a tab and a label.")
            found.append(Row(text, rest[0].strip(), rest[1].strip() if len(rest) > 1 else ""))
    if not any(row.label in SHOWS for row in found):
        raise BatonError("bad_test", 422, f"No line of {path.name!r} is labelled 'distress' or 'bereavement'.")
    return found


def by_language(found: Sequence[Row], heard: Sequence[bool]) -> dict[str, float]:
    """Recall and precision of each language, named `recall_en` and so on; those of lines without one have no suffix."""
    figures: dict[str, float] = {}
    for language in sorted({row.language for row in found}):
        mine = [(row.label in SHOWS, hit) for row, hit in zip(found, heard, strict=True) if row.language == language]
        figures |= {f"{name}_{language}".rstrip("_"): value for name, value in _figures(mine).items()}
    return figures


def eval_distress(test: Path, ordinary: Path | None = None, say: Say = print) -> dict[str, float]:
    """Recall with its 95 % interval, precision, and false alarms on the other turns, of both levels: where a person is sent for, and
    (`offered_`) where one is at least offered; a short list of words in the same run.
    """
    tier, found = FastTier(), rows(test)
    plain = rows_of(ordinary) if ordinary else []
    began = time.process_time()
    heard = [judged.distress for judged in tier.judge_many([row.text for row in found])]
    false = [judged.distress for judged in tier.judge_many(plain)]
    spent = time.process_time() - began
    listed = [(row.label in SHOWS, _listed(row.text)) for row in found]
    return {
        **_at(SENT_AT, found, heard, false, say),
        **{f"offered_{name}": value for name, value in _at(OFFERED_AT, found, heard, false, say).items()},
        **{f"baseline_{name}": value for name, value in _figures(listed).items()},
        "texts_per_cpu_s": round((len(found) + len(plain)) / max(spent, 1e-9), 1),
        "n": len(found) + len(plain),
    }


def _at(least: int, found: Sequence[Row], heard: Sequence[int], false: Sequence[int], say: Say) -> dict[str, float]:
    """The figures of one level: everything of at least so many permille counts as heard."""
    hit = [permille >= least for permille in heard]
    pairs = [(row.label in SHOWS, each) for row, each in zip(found, hit, strict=True)]
    hits, shows = (sum(true and each for true, each in pairs), sum(true for true, _ in pairs))
    recall = wilson(hits, shows)
    say(f"from {least} permille: {hits} of {shows} heard; recall {recall.low:.3f} to {recall.high:.3f}")
    return {
        **_figures(pairs),
        "recall_low": round(recall.low, 4),
        "recall_high": round(recall.high, 4),
        **(by_language(found, hit) if any(row.language for row in found) else {}),
        **({"false_offers_ordinary": round(sum(n >= least for n in false) / len(false), 4)} if false else {}),
    }


def rows_of(path: Path) -> list[str]:
    """Ordinary turns, one a line."""
    with opened(path) as lines:
        return [line.strip() for line in lines if line.strip()]


def _figures(pairs: Sequence[tuple[bool, bool]]) -> Mapping[str, float]:
    """Of (shows it, was heard): recall, precision, and the share of the others that were heard."""
    hits = sum(true and hit for true, hit in pairs)
    shows, heard = sum(true for true, _ in pairs), sum(hit for _, hit in pairs)
    return {
        "recall": round(hits / max(1, shows), 4),
        "precision": round(hits / max(1, heard), 4),
        "false_offers": round((heard - hits) / max(1, len(pairs) - shows), 4),
    }


def _listed(text: str) -> bool:
    """The baseline: a short list of words."""
    return any(word in text.lower() for word in _PLAIN)
