"""Files as they come: plain and gzip, cut off, in any usual encoding; times, durations and headers in many forms."""

import gzip
from pathlib import Path

import pytest

from baton.capabilities.lake.sources.files import decoded, files, lines, opened
from baton.capabilities.lake.sources.history import label_of
from baton.capabilities.lake.sources.lenient import Row, Times, delimiter, is_true, seconds_ms, table
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

NAMES = {"contact": ("contact_id", "call id"), "queue": ("skill",)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "latin-1"])
def test_a_file_is_read_in_any_usual_encoding(encoding: str) -> None:
    assert decoded("conversation,text\n1,Grüße aus Köln\n".encode(encoding)).endswith("Grüße aus Köln\n")


def test_a_letter_cut_in_half_loses_only_itself() -> None:
    assert decoded("caf\u00e9".encode()[:-1]) == "caf"


def test_gzip_and_plain_are_the_same_and_a_cut_is_told(tmp_path: Path) -> None:
    whole = "one\ntwo\n" * 20_000
    plain, zipped, cut = (tmp_path / name for name in ("a.csv", "b.csv.gz", "c.csv.gz"))
    plain.write_text(whole)
    zipped.write_bytes(gzip.compress(whole.encode()) + gzip.compress(b"three\n"))
    cut.write_bytes(gzip.compress(whole.encode())[:-30])
    assert opened(plain).text == whole
    assert opened(zipped).text == whole + "three\n"
    assert opened(cut).cut
    assert [line for _, line in lines(opened(cut))][:2] == ["one", "two"]


def test_a_folder_gives_its_files_of_the_right_kind(tmp_path: Path) -> None:
    for name in ("b.csv", "a.csv.gz", "notes.md", "deep/c.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    assert [p.name for p in files(tmp_path, (".csv",))] == ["a.csv.gz", "b.csv", "c.csv"]


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(BatonError, match=r"does not exist\. Give a file"):
        files(tmp_path / "nowhere", (".csv",))
    with pytest.raises(BatonError, match=r"holds no \.csv"):
        files(tmp_path, (".csv",))


@pytest.mark.parametrize(
    ("text", "expected"), [("a;b;c\n", ";"), ("a,b\n", ","), ("a\tb,c\td\n", "\t"), ("a|b\n", "|")]
)
def test_the_separator_is_sniffed(text: str, expected: str) -> None:
    assert delimiter(text) == expected


def test_columns_are_known_by_other_names_and_a_broken_row_by_its_number() -> None:
    columns, rows = table('Call ID;Skill;Other\nc1;refunds;x\n\nc2;"two\nlines";\nc3;a;b;too many\n', NAMES)
    assert columns == {"contact": "Call ID", "queue": "Skill"}
    assert list(rows) == [
        Row(2, {"contact": "c1", "queue": "refunds"}),
        Row(4, {"contact": "c2", "queue": "two\nlines"}),
        5,
    ]


@pytest.mark.parametrize(
    "told",
    [
        "2026-03-04T10:00:00Z",
        "2026-03-04 10:00",
        "2026-03-04T11:00:00+01:00",
        "1772618400",
        "1772618400000",
        "2026/03/04 10:00:00",
    ],
)
def test_a_time_in_many_forms_is_one_time(told: str) -> None:
    assert Times(()).ms(told) == 1_772_618_400_000


def test_which_of_03_04_is_the_month_is_read_from_the_file() -> None:
    march, april = 1_772_618_400_000, 1_775_210_400_000
    assert Times(["03/04/2026 10:00", "03/25/2026 10:00"]).ms("03/04/2026 10:00 AM") == march
    assert Times(["04/03/2026 10:00", "25/03/2026 10:00"]).ms("04/03/2026 10:00") == march
    assert Times(["04.03.2026 10:00"]).ms("04.03.2026 10:00") == march
    assert Times([]).ms("04/03/26 10:00") == april


@pytest.mark.parametrize("told", ["", "soon", "2026-13-40", "99/99/2026", "12", "1e30"])
def test_what_is_no_time_is_none(told: str) -> None:
    assert Times(()).ms(told) is None


@pytest.mark.parametrize(
    ("told", "ms"),
    [("42", 42_000), ("42.5", 42_500), ("0:42", 42_000), ("01:02:03", 3_723_000), ("1,5", 1_500), ("", 0), ("n/a", 0)],
)
def test_durations(told: str, ms: int) -> None:
    assert seconds_ms(told) == ms


def test_small_words() -> None:
    assert label_of("Refund status / LATE!") == "refund_status_late"
    assert is_true("Yes")
    assert not is_true("0")
