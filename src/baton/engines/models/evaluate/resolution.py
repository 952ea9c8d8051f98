"""`eval resolution`: was the need truly met, on tasks never seen, beside TF-IDF, "shorter is resolved" and "contained is resolved".

`auroc` is of a head that sees what was said and the record of every act; `live_auroc` of the one that ships, which sees what a
live conversation has. The same file as train and test is judged by cross-fitting over tasks. AUROC's standard error is a
jackknife over tasks, since trials of one task are not independent.
"""

import time
from collections.abc import Callable, Sequence
from math import sqrt
from pathlib import Path

import numpy as np

from baton.engines.models.evaluate.baseline import baseline, chances
from baton.engines.models.evaluate.blocks import calibrated, crossed
from baton.engines.models.heads import Floats
from baton.engines.models.resolution_head import KNOWN_PERMILLE, Fitted, known_permille, score
from baton.engines.models.training.figures import auroc, calibration, ece
from baton.engines.models.training.outcomes import Outcome, checked, outcomes
from baton.engines.models.training.resolution import PARTS, Judged, chance_of, fitted, recorded
from baton.kernel.errors import BatonError
from baton.kernel.stats import clustered_ratio, normal_quantile

Figures = dict[str, float]
Say = Callable[[str], None]


def eval_resolution(train: Path, test: Path, say: Say = print) -> Figures:
    """Figures on `test` of a head fitted on `train`; where both are one file, cross-fitted over its tasks."""
    known, asked, same = _read(train, test, say)
    made, judged = fitted(known)
    live, _, simple = _live(made, judged, known, asked, same)
    held = crossed(known, judged.parts.tolist(), recorded)
    began = time.process_time()
    scores = held if same else recorded(known, asked)
    spent = time.process_time() - began
    likely = calibrated(scores, held, np.array([float(row.met) for row in known]))
    truth = np.array([float(row.met) for row in asked])
    low, high = auroc_interval(live, truth, [row.group for row in asked])
    unknown = [known_permille(made.whole, row.ending) < KNOWN_PERMILLE for row in asked]
    return _told(asked, scores, likely, simple) | calibration(likely, truth, 10).figures() | {
        "live_auroc": round(auroc(live, truth), 4), "live_auroc_low": round(low, 4), "live_auroc_high": round(high, 4),
        "abstained": round(sum(unknown) / len(asked), 4), "cross_fitted": int(same),
        "texts_per_cpu_s": 0.0 if same else round(len(asked) / max(spent, 1e-9), 1),
    }  # fmt: skip


def live_figures(source: Path, say: Say = print) -> Figures:
    """Figures of the head that ships, cross-fitted over the tasks of `source`: what its card says."""
    known, asked, same = _read(source, source, say)
    return _told(asked, *_live(*fitted(known), known, asked, same)) | {"cross_fitted": 1}


def _read(train: Path, test: Path, say: Say) -> tuple[list[Outcome], list[Outcome], bool]:
    known, asked = outcomes(train, test), outcomes(test, train)
    checked(known, train.name)
    same = train.resolve() == test.resolve()
    if not same:
        _apart(known, asked)
    say(
        f"{len(known)} conversations to learn from, {len(asked)} to judge"
        + (", cross-fitted over tasks" if same else "")
    )
    return known, asked, same


def _live(
    made: Fitted, judged: Judged, known: Sequence[Outcome], asked: Sequence[Outcome], same: bool
) -> tuple[Floats, Floats, Floats]:
    """Scores and chances of the head that ships, and the baseline's chances."""
    if same:
        return judged.scores, judged.chances, _crossed_baseline(known, judged)
    scores = np.array([float(score(made.whole, row.ending)) for row in asked])
    likely = np.array([chance_of(judged, known, s) for s in scores])
    model = baseline([_words(r) for r in known], [str(int(r.met)) for r in known])
    return scores, likely, chances(model, [_words(r) for r in asked])[:, 1]


def _apart(known: Sequence[Outcome], asked: Sequence[Outcome]) -> None:
    """Refuses a test that shares conversations or tasks with what was learned from."""
    said = {(row.ending.served, row.ending.asked): row.row for row in known}
    tasks = {row.task: row.row for row in known}
    for row in asked:
        twin = said.get((row.ending.served, row.ending.asked)) or tasks.get(row.task)
        if twin:
            raise BatonError(
                "leakage", 422, f"Row {row.row} of the test is of a task that row {twin} of the training file is of. Split by task, "
                "or give one file twice to judge it by cross-fitting.",
            )  # fmt: skip


def _crossed_baseline(rows: Sequence[Outcome], judged: Judged) -> Floats:
    found = np.zeros(len(rows))
    for part in range(PARTS):
        held = judged.parts == part
        if held.any():
            learned = [row for row, out in zip(rows, held, strict=True) if not out]
            model = baseline([_words(r) for r in learned], [str(int(r.met)) for r in learned])
            found[held] = chances(model, [_words(r) for r, out in zip(rows, held, strict=True) if out])[:, 1]
    return found


def _words(row: Outcome) -> str:
    return " ".join([*row.ending.served, *row.ending.asked])


def _told(rows: Sequence[Outcome], scores: Floats, likely: Floats, simple: Floats) -> Figures:
    truth = np.array([float(row.met) for row in rows])
    kept = np.array([not row.ending.handed_over for row in rows])
    groups = [row.group for row in rows]
    low, high = auroc_interval(scores, truth, groups)
    shorter = np.array([-float(row.length) for row in rows])
    mean = _over_tasks(likely, groups)
    return {
        "auroc": round(auroc(scores, truth), 4), "auroc_low": round(low, 4), "auroc_high": round(high, 4),
        "ece": round(ece(likely, truth, 10), 4), "brier": round(float(((likely - truth) ** 2).mean()), 4),
        "containment": round(float(kept.mean()), 4), "resolved": round(float(truth.mean()), 4),
        "resolved_among_contained": round(float(truth[kept].mean()), 4) if kept.any() else 0.0,
        "estimated": round(float(likely.mean()), 4), "estimated_low": mean[0], "estimated_high": mean[1],
        "estimated_among_contained": round(float(likely[kept].mean()), 4) if kept.any() else 0.0,
        "baseline_auroc": round(auroc(simple, truth), 4), "shorter_auroc": round(auroc(shorter, truth), 4),
        "contained_auroc": round(auroc(kept.astype(np.float64), truth), 4), "n": len(rows), "tasks": len(set(groups)),
    }  # fmt: skip


def _over_tasks(likely: Floats, groups: Sequence[str]) -> tuple[float, float]:
    sums: dict[str, tuple[float, float]] = {}
    for group, chance in zip(groups, likely, strict=True):
        y, n = sums.get(group, (0.0, 0.0))
        sums[group] = (y + float(chance), n + 1)
    found = clustered_ratio(sums)
    return round(max(0.0, found.low), 4), round(min(1.0, found.high), 4)


def auroc_interval(scores: Floats, truth: Floats, groups: Sequence[str]) -> tuple[float, float]:
    """A 95 % interval by the jackknife over groups: se^2 = (k-1)/k sum (a_-g - mean)^2 (Tukey 1958), with the normal's z."""
    names = np.array(groups)
    left = [names != group for group in sorted(set(groups))]
    without = np.array([auroc(scores[keep], truth[keep]) for keep in left if 0 < truth[keep].sum() < keep.sum()])
    if len(without) < 2:
        return 0.0, 1.0
    se = sqrt((len(without) - 1) / len(without) * float(((without - without.mean()) ** 2).sum()))
    middle, half = auroc(scores, truth), normal_quantile() * se
    return max(0.0, middle - half), min(1.0, middle + half)
