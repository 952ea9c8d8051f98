"""`eval person` (is asking for a person heard?) and `eval pii` (are personal values found?)."""

import json
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from baton.engines.models.evaluate.texts import opened
from baton.engines.models.fast import FastTier
from baton.kernel.cover import Found, personal

Say = Callable[[str], None]
OFFER_AT: Final = 500
"""Permille from which a person is offered: `asks` of the policy `empathy.Triggers`."""

KINDS: Final = {
    "CREDIT_CARD": "card",
    "PHONE_NUMBER": "phone",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "DOMAIN_NAME": "url",
    "URL": "url",
    "IP_ADDRESS": "ip",
    "US_SSN": "ssn",
}
"""Types that a check digit or a fixed format gives away; names, places and addresses need the `pii` extra."""


def eval_person(phrases: Path, ordinary: Path, say: Say = print) -> dict[str, float]:
    """Share of phrases that bring an offer of a person, and of ordinary turns that bring a false one."""
    tier = FastTier()
    asked, other = _lines(phrases), _lines(ordinary)
    began = time.process_time()
    heard = [judged.asks_person >= OFFER_AT for judged in tier.judge_many(asked)]
    false = [judged.asks_person >= OFFER_AT for judged in tier.judge_many(other)]
    spent = time.process_time() - began
    say(f"{sum(heard)} of {len(asked)} heard, {sum(false)} false in {len(other)}")
    return {
        "offered": round(sum(heard) / max(1, len(asked)), 4),
        "false_offers": round(sum(false) / max(1, len(other)), 4),
        "baseline_offered": round(sum(map(_plain, asked)) / max(1, len(asked)), 4),
        "baseline_false_offers": round(sum(map(_plain, other)) / max(1, len(other)), 4),
        "texts_per_cpu_s": round((len(asked) + len(other)) / max(spent, 1e-9), 1),
        "n": len(asked) + len(other),
    }


def eval_pii(test: Path, say: Say = print) -> dict[str, Any]:
    """Recall and precision of `personal` over the types it knows, recall of every type, and documents where one of its types leaks."""
    with opened(test) as stored:
        documents = json.load(stored)
    began = time.process_time()
    found = [personal(document["full_text"]) for document in documents]
    spent = time.process_time() - began
    total, hit, leaks = Counter[str](), Counter[str](), 0
    for document, here in zip(documents, found, strict=True):
        missed = 0
        for span in document["spans"]:
            inside = _covers(here, span)
            total[span["entity_type"]] += 1
            hit[span["entity_type"]] += inside
            missed += not inside and span["entity_type"] in KINDS
        leaks += missed > 0
    said = [(f, d["spans"]) for d, here in zip(documents, found, strict=True) for f in here]
    true = sum(any(s["start_position"] < f.end and f.start < s["end_position"] for s in spans) for f, spans in said)
    known = sum(total[kind] for kind in KINDS)
    say(f"{len(documents)} documents, {known} values of types with a fixed format")
    return {
        "recall": round(sum(hit[kind] for kind in KINDS) / max(1, known), 4),
        "precision": round(true / max(1, len(said)), 4),
        "by_type": {kind: round(hit[kind] / n, 4) for kind, n in sorted(total.items())},
        "documents_with_leak": leaks,
        "recall_all_types": round(hit.total() / max(1, total.total()), 4),
        "texts_per_cpu_s": round(len(documents) / max(spent, 1e-9), 1),
        "n": len(documents),
    }


def _covers(found: Sequence[Found], span: dict[str, Any]) -> bool:
    return any(f.start <= span["start_position"] and f.end >= span["end_position"] for f in found)


def _plain(text: str) -> bool:
    """The baseline: a short list of words."""
    return any(word in text.lower() for word in ("human", "agent", "representative", "real person", "operator"))


def _lines(path: Path) -> list[str]:
    with opened(path) as lines:
        return [line.strip() for line in lines if line.strip()]
