"""Rows that are given: what is refused names its lines, what is left out is counted, and the same texts are held out each time."""

import pytest

from baton.capabilities.orchestration.events import Left
from baton.capabilities.orchestration.teaching.given import MOST_BYTES, Prepared, Uploaded, prepared, rows_of
from baton.engines.models.own.files import read_rows, spelled
from baton.engines.models.own.parting import part
from baton.kernel.errors import BatonError
from tests.scenes.orchestration_school import examples

pytestmark = pytest.mark.unit


def given(file: bytes, test: bytes = b"", out_of_scope: str = "") -> Prepared:
    return prepared(read_rows(file, "labels.csv"), read_rows(test, "test.csv") if test else [], out_of_scope)


@pytest.mark.parametrize(("file", "told"), [
    (b"text,label\na b,noise\nc d,noise\n", r"1 label\(s\) \['noise'\]"),
    (b"text,label\n" + "l\u00e4rm,noise\n".encode("latin-1"), "is not UTF-8: line 2 has the byte 0xe4"),
    (b"words,kind\na,b\n", r"has no column 'text'; its first line is \['words', 'kind'\]"),
    (b"text,label\na, b,noise\n", "do not have 2 columns: line 2"),
    (b"", "is empty"),
    (b"text,label\n", "has a header and no rows"),
    (b'text,label\n"a,noise\n', "is no CSV from line"),
    (b"text,label\n" + b"".join(b"n %d,label %d\n" % (n, n) for n in range(20)), "text and label swapped"),
    (examples(*(f"{line.split(',')[0]},rent" for line in examples().decode().splitlines()[1:9])), r"under two labels: line 2 \(noise\)"),
])  # fmt: skip
def test_a_file_that_cannot_teach_is_refused_by_line(file: bytes, told: str) -> None:
    with pytest.raises(BatonError, match=told):
        given(file)


def test_test_rows_that_leak_or_that_nothing_teaches_are_named() -> None:
    with pytest.raises(BatonError, match=r"also in the test rows: line 2 \(noise\)"):
        given(examples(), examples())
    with pytest.raises(BatonError, match=r"1 test rows have a label that no row teaches: line 2 \(parking\)"):
        given(examples(), b"text,label\nwhere may i park,parking\nit is so loud,noise\n")
    with pytest.raises(BatonError, match="No row has the out-of-scope label 'others'"):
        given(examples(), out_of_scope="others")


def test_few_faulty_rows_are_named_and_the_others_part() -> None:
    made = given(examples("the boiler is cold,heating", "the music stopped,noise", "the music stopped,rent", ",noise"))
    assert made.left == (
        Left("empty", 1, ("line 65 (noise)",)), Left("duplicate", 1, ("line 62 (heating)",)),
        Left("conflict", 2, ("line 63 (noise)", "line 64 (rent)")),
    )  # fmt: skip
    assert len(made.lesson.learned) + len(made.lesson.held) == 60


def test_the_same_texts_are_held_out_whatever_else_is_given() -> None:
    held = {row.text for row in given(examples()).lesson.held}
    more = given(examples("the lift is stuck,rent", "a window is broken,heating")).lesson
    assert held <= {row.text for row in more.held}
    assert {row.label for row in more.learned} == {"noise", "heating", "rent"}
    with pytest.raises(BatonError, match="None of 2 rows is held out"):
        part([row for row in more.learned if row.label == "noise"][:2])


def test_labels_have_one_spelling_and_files_a_size() -> None:
    assert [spelled(label) for label in (" Refund status ", "refund-status?", "Rückfrage", "!!")] == [
        "refund_status", "refund_status", "rückfrage", "",
    ]  # fmt: skip
    with pytest.raises(BatonError, match=r"'big\.csv' is over 20 MB"):
        rows_of(Uploaded("big.csv", b"x" * (MOST_BYTES + 1)))


def test_semicolons_quotes_a_byte_order_mark_and_other_names_of_columns_are_read() -> None:
    body = '\ufeffCategory;Utterance\r\nnoise;"it is loud; very, very\nloud"\r\nrent;when is it due\r\n'.encode()
    assert [(row.line, row.text, row.label) for row in read_rows(body, "labels.csv")] == [
        (2, "it is loud; very, very\nloud", "noise"), (4, "when is it due", "rent"),
    ]  # fmt: skip
