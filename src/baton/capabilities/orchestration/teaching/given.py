"""Rows that somebody gives: examined, parted and kept sealed; or refused, with the rows named and nothing changed."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec

from baton.capabilities.orchestration.events import ExamplesGiven, Left, TeachingAsked
from baton.capabilities.orchestration.teaching.corrections import correction_rows
from baton.engines.blobs import SealedBlobs
from baton.engines.models.own.files import read_rows, spelled
from baton.engines.models.own.lessons import Lesson
from baton.engines.models.own.parting import check_taught, part
from baton.engines.models.own.rows import Notice, Row, examine
from baton.kernel.errors import BatonError
from baton.web.app import App

MOST_BYTES: Final = 20 * 1024 * 1024
LONGEST_TITLE: Final = 60
PLACES: Final = 10
"""Rows of a fault that are named; the others are counted."""


class Uploaded(NamedTuple):
    """A file as a browser sends it; no bytes where none was chosen."""

    name: str
    body: bytes


class Wish(NamedTuple):
    """What somebody filled in."""

    title: str
    file: Uploaded
    test: Uploaded
    corrections: bool
    out_of_scope: str


class Prepared(NamedTuple):
    """Rows to learn from and to measure on, and what was left out."""

    lesson: Lesson
    left: tuple[Left, ...]


async def give(app: App, wish: Wish, staff: str) -> str:
    """Keep the rows under a new key and ask for the head, unless rows have a fault; returns the key. Raises where they are refused."""
    corrected, refused = await correction_rows(app) if wish.corrections else ([], 0)
    made = prepared([*rows_of(wish.file), *corrected], rows_of(wish.test), spelled(wish.out_of_scope))
    key = app.chance.token(9)
    head = f"head/{key}"
    await sealed(app).put(head, f"{head}/examples", msgspec.msgpack.encode(made.lesson))
    told = _told(made, wish, staff, refused)
    asked = () if made.left else (TeachingAsked(staff),)
    await app.committer.append(head, told, *asked, by=f"staff/{staff}")
    return key


def sealed(app: App) -> SealedBlobs:
    """The files of this organisation, sealed."""
    if app.blobs is None:
        raise BatonError("no_files", 503, "This process keeps no files. Ask the one that `baton start` began.")
    return SealedBlobs(app.blobs, app.keys)


def prepared(rows: Sequence[Row], test: Sequence[Row], out_of_scope: str) -> Prepared:
    """Rows fit to teach and to measure. Raises `labels_refused`, naming rows, where there are none."""
    if not rows:
        raise _refused("There is nothing to learn from. Choose a CSV file, or take the corrections.")
    if out_of_scope and out_of_scope not in {row.label for row in rows}:
        raise _refused(f"No row has the out-of-scope label {out_of_scope!r}. Correct it, or leave it empty.")
    asked = [row for row in test if row.text and row.label]
    examined = examine(rows, asked)
    if test:
        check_taught(examined.rows, asked, out_of_scope)
    learned, held = (examined.rows, asked) if test else part(examined.rows)
    taught = sorted({row.label for row in learned} - {out_of_scope})
    if len(taught) < 2 or not held:
        told = f"{len(learned)} rows teach {len(taught)} label(s) {taught!r}, and {len(held)} measure."
        raise _refused(f"{told} Give two labels or more beside the out-of-scope one, and rows to measure on.")
    left = [_left(notice) for notice in examined.notices]
    if empty := [row for row in test if not (row.text and row.label)]:
        left.append(Left("empty", len(empty), tuple(f"test {row.place}" for row in empty[:PLACES])))
    return Prepared(Lesson(learned, held, out_of_scope), tuple(left))


def rows_of(file: Uploaded) -> list[Row]:
    """The rows of a file; none where none was chosen."""
    if not file.name and not file.body:
        return []
    if len(file.body) > MOST_BYTES:
        raise BatonError("file_refused", 422, f"{file.name!r} is over 20 MB. Leave some of the frequent labels out.")
    return read_rows(file.body, file.name[:80])


def _left(notice: Notice) -> Left:
    return Left(notice.fault, len(notice.places), notice.places[:PLACES])


def _told(made: Prepared, wish: Wish, staff: str, refused: int) -> ExamplesGiven:
    lesson = made.lesson
    every = [*lesson.learned, *lesson.held]
    title = " ".join(wish.title.split())[:LONGEST_TITLE] or wish.file.name.rpartition(".")[0][:LONGEST_TITLE]
    return ExamplesGiven(
        staff, title or "From corrections", len(lesson.learned), len(lesson.held), sum(bool(r.conversation) for r in every),
        tuple(sorted({row.label for row in every} - {lesson.out_of_scope})), lesson.out_of_scope, bool(wish.test.body), made.left, refused,
    )  # fmt: skip


def _refused(told: str) -> BatonError:
    return BatonError("labels_refused", 422, told)
