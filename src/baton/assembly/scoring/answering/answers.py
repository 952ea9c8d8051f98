"""`baton eval answers`: plain questions put to Halcyon Air's assistant: right, wrong, or an honest "not found".

Each question begins a conversation of its own, as a customer's would, through the whole of the product. A row names the sections that
answer it; what is to be done names its procedure; what nobody wrote about names nothing. Beside it, in the same run: words alone,
and words alone without the questions that the articles list, which is the plain search of before.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal, NamedTuple, get_args

from msgspec.structs import replace

from baton.assembly.scoring.answering.talk import Came, talk
from baton.capabilities.agents.events import Procedures
from baton.capabilities.agents.procedures.files import procedures_in
from baton.capabilities.knowledge.events import Article, Articles
from baton.demo.halcyon.files import text_of, texts_in
from baton.demo.policies import articles
from baton.engines.looking import slow_pool
from baton.kernel.errors import BatonError

Figures = dict[str, object]
Kind = Literal["answer", "none", "do"]
NOT_FOUND = frozenset({"nothing", "meant", "person"})


class Row(NamedTuple):
    """A question, the sections that answer it, the procedure that does it, and its kind."""

    question: str
    cites: frozenset[str]
    procedure: str
    kind: Kind


def rows(path: Path) -> list[Row]:
    """The questions of a file: `question<TAB>cites[ > procedure]<TAB>kind`, `#` begins a remark.

    Raises:
        BatonError: a line is not of this form.
    """
    lines = [
        line for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")
    ]
    return [_row(line) for line in lines]


def _row(line: str) -> Row:
    parts = line.split("\t")
    if len(parts) != 3 or parts[2] not in get_args(Kind):
        raise BatonError(
            "bad_row", 422, f"{line!r} is no question. Write question, sections and kind with tabs between."
        )
    cites, _, procedure = parts[1].partition(">")
    kind: Kind = "do" if parts[2] == "do" else "none" if parts[2] == "none" else "answer"
    return Row(parts[0], frozenset(cites.split()), procedure.strip(), kind)


async def answers(path: Path, told: Callable[[str], None]) -> Figures:
    """The figures: of the product, of words alone, and of words alone without what the articles say is asked of them."""
    asked, known = rows(path), articles()
    told(f"{len(asked)} questions, three times")
    with tempfile.TemporaryDirectory() as folder:
        rooms = [Path(tempfile.mkdtemp(dir=folder)) for _ in range(3)]
        full = await _put(asked, known, _procedures(), rooms[0], slow=True)
        words = await _put(asked, known, _procedures(), rooms[1], slow=False)
        bare = await _put(asked, _bare(known), _procedures(), rooms[2], slow=False)
    return {
        **figures(asked, full),
        **{f"words_{name}": value for name, value in figures(asked, words).items()},
        **{f"baseline_{name}": value for name, value in figures(asked, bare).items()},
    }


def figures(asked: Sequence[Row], came: Sequence[Came]) -> Figures:
    """Counts and shares of what came of each question.

    `answered` is of the questions that a section answers; `precision` of all answers given, also to what nobody wrote about; `false` are
    answers to what nobody wrote about, `acted` procedures begun where something was asked; `near` where one of the sections that
    the customer is asked to choose from answers, `astray` where none of them does, `asked_in_vain` where none could.
    """
    by_kind = Counter((row.kind, _verdict(row, each)) for row, each in zip(asked, came, strict=True))
    of = Counter(row.kind for row in asked)
    right, wrong, false = by_kind["answer", "right"], by_kind["answer", "wrong"], by_kind["none", "wrong"]
    given = right + wrong + false
    return {
        "answer": of["answer"], "right": right, "wrong": wrong,
        "near": by_kind["answer", "near"], "astray": by_kind["answer", "astray"], "asked_in_vain": by_kind["none", "astray"],
        "person": by_kind["answer", "person"], "not_found": by_kind["answer", "nothing"], "acted": by_kind["answer", "acted"],
        "none": of["none"], "false": false, "false_acts": by_kind["none", "acted"],
        "do": of["do"], "done": by_kind["do", "right"], "done_wrong": by_kind["do", "wrong"] + by_kind["do", "acted"],
        "answered": _share(right + wrong, of["answer"]), "precision": _share(right, given),
        "looked": _share(sum(each.looked for each in came), len(came)),
    }  # fmt: skip


def _verdict(row: Row, came: Came) -> str:
    if came.kind in NOT_FOUND and not (row.kind == "do" and came.procedure and came.procedure == row.procedure):
        return "nothing" if came.kind == "meant" else came.kind
    if came.kind == "near":
        return "near" if row.cites & set(came.cites) else "astray"
    if came.kind == "answer":
        return "right" if row.cites & set(came.cites) else "wrong"
    return "right" if row.kind == "do" and came.procedure == row.procedure else "acted"


async def _put(asked: Sequence[Row], known: Articles, procedures: Procedures, folder: Path, slow: bool) -> list[Came]:
    async with talk(folder, known, procedures, slow_pool() if slow else None) as here:
        await here.ask("hello there")
        return [await here.ask(row.question) for row in asked]


def _procedures() -> Procedures:
    return procedures_in(texts_in("procedures", ".toml"), text_of("tools.toml"))


def _bare(known: Articles) -> Articles:
    return replace(known, articles=tuple(_without_asked(each) for each in known.articles))


def _without_asked(article: Article) -> Article:
    return replace(article, sections=tuple(replace(section, asked=()) for section in article.sections))


def _share(part: int, of: int) -> float:
    return round(part / of, 3) if of else 0.0
