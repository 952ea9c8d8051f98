"""Pairs: a CSV file that says which identities are one person, row by row, whatever is wrong with a row."""

import csv
import io
from collections.abc import Iterator

import msgspec

from baton.kernel.errors import BatonError

LONGEST = 200


class Pair(msgspec.Struct, frozen=True):
    """Two identities of one person, as they were given."""

    customer: str
    same_as: str


def pairs(body: bytes) -> Iterator[tuple[int, Pair | str]]:
    """Each row with its number, the first after the header being 2: a pair, or what is wrong with it. Raises 422 where the header is another."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BatonError("not_utf8", 422, "The file is not UTF-8. Save it as CSV in UTF-8.") from error
    reader = csv.DictReader(io.StringIO(text))
    if not {"customer", "same_as"} <= set(reader.fieldnames or ()):
        raise BatonError(
            "no_such_columns",
            422,
            f"The columns are {list(reader.fieldnames or ())!r}. Two are needed: customer and same_as.",
        )
    for number, row in enumerate(reader, 2):
        one, other = (row["customer"] or "").strip(), (row["same_as"] or "").strip()
        if not one or not other:
            yield number, "an identity is empty"
        elif max(len(one), len(other)) > LONGEST:
            yield number, f"an identity is longer than {LONGEST} characters"
        elif one.lower() == other.lower():
            yield number, "both are the same"
        else:
            yield number, Pair(one, other)
