"""Tables that a spreadsheet opens and never runs, whichever separator it takes."""

import csv
import io
import time

import pytest

from baton.web.separated import csv_response, guarded

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "cell",
    ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1+1", "\ufeff=1", "\u200b=cmd", "＝1+1", "＠SUM(1)",
     "hello;=HYPERLINK(1)", "a|@x", "a;b; +1", "one\n=two", "one\r\n-three", "a;\n=1", "a\n\n\n=1", "a;\t\u200b=1"],
)  # fmt: skip
def test_no_part_that_a_spreadsheet_may_take_for_a_cell_begins_a_formula(cell: str) -> None:
    told = str(guarded(cell))
    for separator in ";|\t\n\r":
        for part in told.split(separator):
            plain = part.strip("\ufeff\u200b \t\r\n")
            assert not plain.startswith(("=", "+", "-", "@", "＝", "＋", "－", "＠")), told
    assert told.replace("'", "") == cell


@pytest.mark.parametrize("cell", ["a-b", "1;2", "ana@example.com", "x = 1", "a; b", "", "C’est"])
def test_what_begins_none_stays_as_it_is(cell: str) -> None:
    assert guarded(cell) == cell


def test_a_long_text_of_empty_lines_is_read_once() -> None:
    began = time.process_time()
    assert guarded("a" + "\n" * 40_000 + "b") == "a" + "\n" * 40_000 + "b"
    assert time.process_time() - began < 1, "a quadratic reading takes eight seconds"


def test_numbers_stay_numbers() -> None:
    body = csv_response([{"a": -3, "b": "-3", "c": None}], ["a", "b", "c"], "x").body
    assert list(csv.reader(io.StringIO(bytes(body).decode()))) == [["a", "b", "c"], ["-3", "'-3", ""]]
