"""Training of the hearing heads: wordings grown from small grammars against real turns that ask for nobody."""

import random
import re
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
import numpy as np
from scipy import sparse
from sklearn.linear_model import LogisticRegression

from baton.engines.models.evaluate.distress import OFFERED_AT, SENT_AT, UNSEEN, by_language, rows
from baton.engines.models.hearing.hearing import Head, Heard, Hearing, clauses, features
from baton.engines.models.hearing.kinds import OTHER, kinds_for, tokens
from baton.engines.models.training import corpora, invented
from baton.engines.models.training.fit import SEED, UNIT, table

HERE: Final = Path(__file__).parent
GROWN: Final = 60
SMALL: Final = frozenset("A THE TO I ME IS OF FOR YOU CAN".split())
QUIET: Final = SMALL | frozenset("_ MY YOUR HOW WAS AND IF THAT NUM NOW OK WANT".split())
RUN_ON: Final = 0.35
DROPPED: Final = 0.15
PUT_IN: Final = 0.05
EVEN: Final = 30
SURELY: Final = 3.5
"""Logits from which a real turn is not taken for a counter-example."""
MOST_WEIGHT: Final = 6.0
LEAST_SEEN: Final = 3
"""Examples a feature must be seen in."""

_CHOICE: Final = re.compile(r"\[([^\[\]]*)\]")
_PART: Final = re.compile(r"\{(\w+)\}")
_NAMED: Final = re.compile(r"(\w+) = (.*)")
_NAMES: Final = "maria lee john smith anna mike jo paul"


class Grown(NamedTuple):
    """One invented wording, its section, and the number of the line it grew from."""

    text: str
    section: str
    line: int


class Listens(NamedTuple):
    """What a head is to learn: its file of wordings, the kinds it needs, and logits added towards hearing too much.

    `hides` are the emotions whose texts are no counter-examples: nobody labelled them for this head, and they may say it.
    `unseen` are texts it is measured on and never learns from. `levels` are the permille from which something is done,
    `service` is the weight of a real turn of a service chat against a comment.
    """

    name: str
    cues: frozenset[str]
    shift: float
    hides: frozenset[str] = frozenset()
    unseen: Path | None = None
    levels: tuple[int, ...] = (SENT_AT,)
    service: float = 1.0


ASKS: Final = Listens(
    "asks",
    frozenset(
        "HUMAN PERSON SOMEONE REP BOSS MEMBER SERVICE TEAM BOT CALL CONNECT TALK VOICE REACH NUMBER NOONE CALLED ESC REAL"
        " AUTO MENU WER ZERO".split()
    ),
    0.92,
)  # fmt: skip
DISTRESS: Final = Listens(
    "distress",
    frozenset(
        "DIED DYING CRAVES DEATH FUNERAL ASHES GRIEF LATE LOST WARD SURGERY DISEASE ILL GRAVE SYMPTOM HEART PAIN MEDS PREGNANT MIND"
        " PANIC FEAR SHAKE CRY HOPELESS EXHAUST COPE ALONE SUICIDE KILL HARM LIFE SENSE ABUSE HITS THREAT ESCAPE MISSING STUCK"
        " FOOD DEBT JOB CARER DISABLED LEFT ACCIDENT DISASTER ROBBED DRINK BEG SLEEP END BETTER GIVEUP MORE GOON AFFORD MONEY HOME"
        " KIN PARTNER BABY PASSED NOONE ABROAD DAYS LAST WAKE AWAY APART TOOMUCH FAMILYEND SURVIVE FAREWELL LEFTUS BREAK BILLS TAKEN"
        " FALLS NOTHING EDGE SIT POOR MISSME KNOW DOCTOR HANG TAKES PULSE SCAN AILING AIRWAY BIRTH ALARM WEAPON LOCKED"
        " GRABS TURNED LOWEST HATE WISH EXISTS LOWFUND LOSTWAY TOILET DRANK FELL HEAVEN BLAZE SUGAR THROWS".split()
    ),
    1.35,
    frozenset("grief fear sadness nervousness remorse disappointment caring".split()),
    UNSEEN,
    (SENT_AT, OFFERED_AT),
    3.0,
)  # fmt: skip
LISTENING: Final = (ASKS, DISTRESS)


def grow(name: str, most: int = GROWN) -> Iterator[Grown]:
    """Wordings of `<name>.txt`, at most `most` a line; the same file gives the same wordings."""
    lines = (HERE / f"{name}.txt").read_text("utf-8").splitlines()
    named = [found for line in lines if (found := _NAMED.fullmatch(line))]
    parts = {found[1]: [each.strip() for each in found[2].split("|")] for found in named} | {"name": _NAMES.split()}
    section = ""
    for number, line in enumerate(lines):
        if line.startswith("# "):
            section = line[2:].strip()
        elif line.strip() and not _NAMED.fullmatch(line):
            chance = random.Random(f"{name}/{line}")
            texts = dict.fromkeys(" ".join(_filled(line, parts, chance).split()) for _ in range(most * 2))
            yield from (Grown(text, section, number) for text in list(texts)[:most])


def _filled(line: str, parts: dict[str, list[str]], chance: random.Random) -> str:
    while match := _CHOICE.search(line):
        line = line[: match.start()] + chance.choice(match.group(1).split("|")) + line[match.end() :]
    return _PART.sub(lambda part: chance.choice(parts[part.group(1)]), line)


class Said(NamedTuple):
    """A text, whether it says what the head listens for, and its weight."""

    text: str
    yes: bool
    weight: float = 1.0
    invented: bool = False


def weighed(grown: Sequence[Grown], yes: str) -> Iterator[Said]:
    """Invented wordings, those of sections that begin with `yes` for the head; a line of few variants counts for more."""
    variants = Counter(each.line for each in grown)
    for each in grown:
        yield Said(
            each.text, each.section.startswith(yes), min(MOST_WEIGHT, max(1.0, EVEN / variants[each.line])), True
        )


def fit_head(wish: Listens, said: Sequence[Said]) -> Head:
    """A head: logistic regression, twice. First every text is one clause; then of each that says it only the surest clause,
    and real turns that surely say it after all (nobody labelled them) are left out.
    """
    first = _fitted(wish._replace(shift=0.0), [(c, s) for s in said for c in _with_cues(s.text, wish, whole=s.yes)])
    chosen: list[tuple[list[str], Said]] = []
    for each in said:
        found = list(_with_cues(each.text, wish, whole=False))
        if each.yes and found:
            found = [max(found, key=lambda clause: _score(first, clause))]
        chosen += [(clause, each) for clause in found if each.invented or _score(first, clause) < SURELY * UNIT]
    return _fitted(wish, chosen)


def _score(head: Head, clause: Sequence[str]) -> int:
    return head.bias + sum(head.weights.get(each, 0) for each in features(clause))


def _fitted(wish: Listens, examples: Sequence[tuple[list[str], Said]]) -> Head:
    plain = [clause for clause, each in examples if not each.invented]
    rows = [
        features(kinds)
        for clause, each in examples
        for kinds in (clause, _blurred(clause, plain if each.invented else []))
    ]
    truth = np.repeat([each.yes for _, each in examples], 2)
    weight = np.repeat([each.weight for _, each in examples], 2)
    counted = Counter(each for row in rows for each in row)
    known = sorted(each for each, n in counted.items() if n >= LEAST_SEEN)
    at = {each: n for n, each in enumerate(known)}
    columns = [[at[each] for each in row if each in at] for row in rows]
    starts = np.cumsum([0, *map(len, columns)])
    x = sparse.csr_matrix((np.ones(starts[-1]), np.concatenate(columns), starts), shape=(len(rows), len(known)))
    model = LogisticRegression(C=1.0, max_iter=500, random_state=SEED, class_weight="balanced", tol=1e-4)
    model.fit(x, truth, sample_weight=weight)
    whole = np.rint(model.coef_[0] * UNIT).astype(int)
    weights = {each: int(w) for each, w in zip(known, whole, strict=True) if abs(w) >= 3}
    bias = round((float(model.intercept_[0]) + wish.shift) * UNIT)
    return Head(wish.name, sorted(wish.cues), weights, bias, table(1.0, 0.0).astype("<u2").tobytes())


def _blurred(kinds: Sequence[str], others: Sequence[Sequence[str]]) -> list[str]:
    """The same clause as hasty people write it: a small word left out, an unknown one put in, something else said before it."""
    chance = random.Random(" ".join(kinds))
    left: list[str] = []
    if others and chance.random() < RUN_ON:
        left += [kind for kind in chance.choice(others)[: chance.randint(1, 6)] if kind in QUIET]
    for kind in kinds:
        if kind not in SMALL or chance.random() > DROPPED:
            left.append(kind)
        if chance.random() < PUT_IN:
            left.append(OTHER)
    return left


def _with_cues(text: str, wish: Listens, whole: bool) -> Iterator[list[str]]:
    """The clauses that hold a cue, as kinds. An invented wording is one clause, whatever marks it has."""
    said = tokens(text, kinds_for(wish.name))
    for clause in [said] if whole else clauses(said):
        kinds = [token.kind for token in clause]
        if not wish.cues.isdisjoint(kinds):
            yield kinds


def fitted(data: Path, say: Callable[[str], None]) -> tuple[list[Head], dict[str, float]]:
    """The heads fitted on everything, and the figures of heads fitted without a fifth of the lines and a tenth of the turns."""
    heads, figures = [], dict[str, float]()
    for wish in LISTENING:
        grown, plain = list(grow(wish.name)), _plain_turns(wish, data)
        figures |= _held_out(wish, grown, plain)
        head = fit_head(wish, [*weighed(grown, wish.name), *plain])
        if wish.unseen is not None:
            head, more = _measured(head, wish.unseen)
            figures |= more
        heads.append(head)
        say(f"{wish.name}: {figures}")
    return heads, figures


def _measured(head: Head, unseen: Path) -> tuple[Head, dict[str, float]]:
    """The head with its recall on texts not seen, and what it says of them, by language: sent for, and at least offered."""
    found = rows(unseen)
    heard = _permille(head, [row.text for row in found])
    sent = by_language(found, [n >= SENT_AT for n in heard])
    offered = by_language(found, [n >= OFFERED_AT for n in heard])
    recall = {row.language: round(1000 * sent[f"recall_{row.language}"]) for row in found}
    figures = {f"{head.name}_unseen_{n}": v for n, v in sent.items()}
    return msgspec.structs.replace(head, measured=recall), figures | {
        f"{head.name}_unseen_offered_{n}": v for n, v in offered.items()
    }


def _permille(head: Head, texts: Sequence[str]) -> list[int]:
    hearing = Hearing([head])
    return [hearing.hear(text).get(head.name, Heard()).permille for text in texts]


def _plain_turns(wish: Listens, data: Path) -> list[Said]:
    """Real turns and comments, and the invented airline's requests: nearly none of them says what is listened for."""
    hidden = {text for text, felt in corpora.emotional(data) if felt & wish.hides}
    service = [*corpora.multidogo(data), *corpora.clinc(data), *corpora.banking(data)]
    read = [*invented.intents(), *corpora.emotions(data), *service]
    heard = [each.text for each in read if not each.known.get("asks_person") and each.group not in hidden]
    serves = {each.text for each in service}
    return [Said(text, False, wish.service if text in serves else 1.0) for text in dict.fromkeys(heard)]


def _held_out(wish: Listens, grown: Sequence[Grown], plain: Sequence[Said]) -> dict[str, float]:
    """Of lines and turns the head was fitted without, the share it hears at each level."""
    kept = [each for each in grown if each.line % 5 != 2]
    away = [each for each in grown if each.line % 5 == 2]
    head = fit_head(wish, [*weighed(kept, wish.name), *(each for each in plain if corpora.share(each.text, 10))])
    held = {
        "lines_held_out_recall": [each.text for each in away if each.section.startswith(wish.name)],
        "decoys_held_out_false": [each.text for each in away if not each.section.startswith(wish.name)],
        "turns_held_out_false": [each.text for each in plain if corpora.share(each.text, 10) == 0],
    }
    heard = {name: _permille(head, texts) for name, texts in held.items()}
    return {
        f"{wish.name}_{name}{'' if level == SENT_AT else '_offered'}": round(
            sum(n >= level for n in all_) / len(all_), 4
        )
        for level in wish.levels
        for name, all_ in heard.items()
    }


def write(heads: Sequence[Head], path: Path, say: Callable[[str], None]) -> None:
    """Put heads in a file; the same heads give the same bytes."""
    path.write_bytes(zlib.compress(msgspec.msgpack.encode(list(heads), order="deterministic"), 9))
    say(f"{path.name}: {sum(len(head.weights) for head in heads)} weights")
