"""`eval frustration` (one text, GoEmotions) and `eval aggression` (a whole conversation, STAR)."""

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.linear_model import LogisticRegression

from baton.engines.models.evaluate.baseline import baseline, chances
from baton.engines.models.evaluate.texts import Dialogue, dialogues, emotions
from baton.engines.models.evaluate.words_head import remembering, words_head
from baton.engines.models.fast import FastTier
from baton.engines.models.heads import Floats
from baton.engines.models.judged import Judged
from baton.engines.models.slow import SlowTier
from baton.engines.models.training.corpora import DISPLEASED, share
from baton.engines.models.training.figures import auroc, average_precision, ece

Figures = dict[str, float]
Say = Callable[[str], None]

MOST_VECTORS: Final = 12000
"""Training texts that also teach the sentence-vector head."""
PARTS: Final = 5


def eval_frustration(train: Path, test: Path, say: Say = print) -> Figures:
    """Displeasure in one text (anger, annoyance, disappointment, disapproval, disgust): words and sentence vectors together."""
    texts, marks = _displeased(train)
    asked, truth = _displeased(test)
    embed = SlowTier(Path()).embed
    say(f"{len(texts)} texts to learn from, {len(asked)} to judge")
    _, words = words_head(texts, [str(int(m)) for m in marks], embed, 0.2, 2.0)
    some = [n for n, text in enumerate(texts) if share(text, max(1, len(texts) // MOST_VECTORS)) == 0]
    say(f"sentence vectors of {len(some) + len(asked)} texts")
    head = LogisticRegression(C=2.0, max_iter=300).fit(embed([texts[n] for n in some]), marks[some])
    began = time.process_time()
    fast = words(asked)[:, 1]
    middle = time.process_time()
    both = fast + head.decision_function(embed(asked))
    spent = time.process_time() - middle
    chance = _calibrated(both)
    simple = chances(baseline(texts, [str(int(m)) for m in marks], 3.0), asked)[:, 1]
    return _told(both, chance, truth, simple) | {
        "fast_auroc": round(auroc(fast, truth), 4),
        "texts_per_cpu_s": round(len(asked) / max(middle - began, 1e-9), 1),
        "slow_texts_per_cpu_s": round(len(asked) / max(spent, 1e-9), 1),
    }


def eval_aggression(train: Path, test: Path, say: Say = print) -> Figures:
    """Whether a rep found the customer aggressive or annoyed: what the fast tier saw turn by turn, and the customer's words."""
    known, asked = list(dialogues(train)), list(dialogues(test))
    say(f"{len(known)} dialogues to learn from, {len(asked)} to judge")
    tier, embed = FastTier(), remembering(SlowTier(Path()).embed)
    marks = np.array([float(d.aggressive) for d in known])
    truth = np.array([float(d.aggressive) for d in asked])
    said, wanted = [_said(d) for d in known], [_said(d) for d in asked]
    seen, looked = _seen(tier, known), _seen(tier, asked)
    held = np.array([share(text, PARTS) for text in said])
    words = np.zeros(len(known))
    for part in range(PARTS):
        _, judge = words_head(_at(said, held != part), [str(int(m)) for m in marks[held != part]], embed, 0.2, 2.0)
        words[held == part] = judge(_at(said, held == part))[:, 1]
    _, judge = words_head(said, [str(int(m)) for m in marks], embed, 0.2, 2.0)
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-9
    head = LogisticRegression(C=0.3, max_iter=500).fit(np.column_stack([(seen - mean) / spread, words]), marks)
    began = time.process_time()
    scores = head.decision_function(np.column_stack([(looked - mean) / spread, judge(wanted)[:, 1]]))
    spent = time.process_time() - began
    simple = chances(baseline(said, [str(int(m)) for m in marks], 3.0), wanted)[:, 1]
    chance = 1 / (1 + np.exp(-scores))
    return _told(scores, chance, truth, simple) | {"dialogues_per_cpu_s": round(len(asked) / max(spent, 1e-9), 1)}


def _displeased(path: Path) -> tuple[list[str], Floats]:
    rows = list(emotions(path))
    return [text for text, _ in rows], np.array([float(bool(felt & DISPLEASED)) for _, felt in rows])


def _said(dialogue: Dialogue) -> str:
    return " \n ".join(dialogue.turns)


def _at(texts: Sequence[str], chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> list[str]:
    return [text for text, taken in zip(texts, chosen, strict=True) if taken]


def _seen(tier: FastTier, known: Sequence[Dialogue]) -> Floats:
    """Per dialogue: the worst and mean frustration and mood, the worst three together, shouting, and its length."""
    return np.array([_features(d, tier.judge_many(d.turns)) for d in known])


def _features(dialogue: Dialogue, judged: Sequence[Judged]) -> list[float]:
    frustration = sorted((j.frustration for j in judged), reverse=True)
    mood = sorted(j.mood for j in judged)
    loud = sum(turn.isupper() and len(turn) > 3 for turn in dialogue.turns)
    return [
        frustration[0],
        float(np.mean(frustration)),
        float(np.mean(frustration[:3])),
        mood[0],
        float(np.mean(mood)),
        sum(j.confirms == "no" for j in judged),
        max(j.asks_person for j in judged),
        loud,
        sum("!" in turn for turn in dialogue.turns),
        float(np.log(len(dialogue.turns))),
        float(np.mean([len(turn) for turn in dialogue.turns])),
    ]


def _calibrated(scores: Floats) -> Floats:
    """Two logits of one thing, added, are too sure by about half."""
    return 1 / (1 + np.exp(-scores / 2))


def _told(scores: Floats, chance: Floats, truth: Floats, simple: Floats) -> Figures:
    return {
        "auroc": round(auroc(scores, truth), 4),
        "average_precision": round(average_precision(scores, truth), 4),
        "ece": round(ece(chance, truth), 4),
        "baseline_auroc": round(auroc(simple, truth), 4),
        "baseline_average_precision": round(average_precision(simple, truth), 4),
        "n": len(truth),
    }
