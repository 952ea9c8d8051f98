"""No naked average on any screen, and a number opens what it counts: a share or an average in a table or tile comes with its interval and the number it is of.

Pages are fetched as people get them, from an invented company. A share is whatever reads as a percentage, an average whatever
stands in a column or tile that is named as one. What is exact and estimates nothing (a weight, a setting) says so: `data-exact`.
"""

import re
from collections.abc import Iterator
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest

from tests.browser.serving import halcyon

pytestmark = pytest.mark.scene

PAGES = {
    "analyst": (
        "/performance?whole=1&range=all", "/performance?whole=1&range=all&took=all", "/performance/metrics/aht?range=all&took=all",
        "/performance/metrics/containment?range=all", "/escalations?range=all", "/escalations?range=all&by=intent", "/ai-use?range=all",
    ),
    "supervisor": ("/live", "/wellbeing", "/performance?whole=1&range=all", "/ai-use?range=all", "/escalations?range=all&by=hour"),
    "rep": ("/performance/mine?range=all", "/wellbeing/mine"),
    "knowledge_manager": ("/knowledge",),
    "admin": ("/governance",),
}  # fmt: skip
VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
PROSE = 9
"""Words from which a cell explains and shows no figure."""
SHARE = re.compile(r"\d\s*%")
AVERAGE = re.compile(
    r"average|mean|handle time|per rep|quote kept|service level|longer work|shorter work|years in|h a rep",
    re.IGNORECASE,
)
BESIDE = re.compile(r"interval|limits", re.IGNORECASE)
INTERVAL = re.compile(r"\d\D{0,4} to (?:under )?[+−-]?\d|too few|no interval|one (?:customer|rep|task)", re.IGNORECASE)
COUNT = re.compile(
    r"\bof (?:the )?\d|^\d[\d\u202f]*$|\d[\d\u202f]* \w+s?$|\b\d[\d\u202f]* (?:reps?|cases?|conversations?|waits?|needs?|drafts?)\b",
    re.IGNORECASE,
)


class Box:
    """A cell, or the value of a tile: its words, what it is called, whether it is exact, and whatever stands beside it."""

    def __init__(self, tag: str, attributes: dict[str, str | None], beside: list["Box"]) -> None:
        self.tag, self.label, self.exact = tag, attributes.get("data-label") or "", "data-exact" in attributes
        self.beside, self.words = beside, ""
        beside.append(self)

    @property
    def text(self) -> str:
        """Its words on one line."""
        return " ".join(self.words.split())

    @property
    def shows(self) -> bool:
        """Whether it shows a share or an average."""
        figure = self.tag in ("td", "value") and not self.exact and len(self.text.split()) < PROSE
        return figure and bool(SHARE.search(self.text) or (AVERAGE.search(self.label) and re.search(r"\d", self.text)))

    @property
    def naked(self) -> bool:
        """Whether it does so without an interval, or without the number it is of."""
        within = any(
            INTERVAL.search(each.text)
            for each in self.beside
            if each is self or BESIDE.search(each.label) or each.tag == "tile"
        )
        return self.shows and not (within and any(COUNT.search(each.text) for each in self.beside))


class Boxes(HTMLParser):
    """Every table cell and tile of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Box] = []
        self._open: list[tuple[str, Box | None]] = []
        self._row: list[Box] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A row begins, or a box in it."""
        told = dict(attrs)
        classes = (told.get("class") or "").split()
        if tag == "tr":
            self._row = []
        box = None
        if tag in ("td", "th") and told.get("scope") != "col":
            box = Box(tag, told, self._row)
        elif "tile" in classes:
            self._row = []
            box = Box("tile", told, self._row)
        elif "value" in classes and self._row and self._row[0].tag == "tile":
            box = Box("value", told, self._row)
        if box is not None:
            self.found.append(box)
        if tag not in VOID:
            self._open.append((tag, box))
        self._silent += tag in ("script", "style", "title")

    def handle_endtag(self, tag: str) -> None:
        """What was open of this kind ends."""
        while self._open:
            ended, _ = self._open.pop()
            self._silent -= ended in ("script", "style", "title")
            if ended == tag:
                return

    def handle_data(self, data: str) -> None:
        """Words of every box that is open."""
        if not self._silent:
            for _, box in self._open:
                if box is not None:
                    box.words += f" {data}"


def boxes(page: str) -> list[Box]:
    """The boxes of a page."""
    parser = Boxes()
    parser.feed(page)
    return parser.found


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, httpx.Client]]:
    """Somebody of each role in an invented company of two days, all of it told."""
    with halcyon(tmp_path_factory.mktemp("naked"), 2) as served:
        people = {
            role: httpx.Client(base_url=served.url, headers={"Authorization": f"Bearer {account['token']}"}, timeout=60)
            for role, account in served.accounts().items()
        }
        yield people
        for client in people.values():
            client.close()


@pytest.mark.parametrize(("role", "path"), [(role, path) for role, paths in PAGES.items() for path in paths])
def test_no_share_or_average_stands_alone(company: dict[str, httpx.Client], role: str, path: str) -> None:
    answer = company[role].get(path)
    assert answer.status_code == 200
    alone = [f"{box.label or box.tag}: {box.text}" for box in boxes(answer.text) if box.naked]
    assert not alone


def test_each_cell_of_handle_times_opens_as_many_rows_as_it_counts(company: dict[str, httpx.Client]) -> None:
    assert not _miscounted(company["analyst"])


def _miscounted(analyst: httpx.Client) -> list[str]:
    page = analyst.get("/performance?whole=1&range=all").text
    cells = re.findall(r'href="(/performance/metrics/aht/rows\?[^"]*half=[^"]*)"[^>]*>([\d\u202f]+)</a>', page)
    assert len(cells) >= 4
    listed = {path: " ".join(analyst.get(unescape(path)).text.split()) for path, _ in cells}
    return [path for path, counted in cells if not re.search(rf"1 to \d+ of {counted}(?![\d\u202f])", listed[path])]


@pytest.mark.parametrize(
    ("page", "alone"),
    [
        ("<tr><th>Bags</th><td>71 %</td></tr>", 1),
        ("<tr><th>Bags</th><td>71 %<i>60 to 80</i></td></tr>", 1),
        ("<tr><th>Bags</th><td>71 %<i>60 to 80</i></td><td>40</td></tr>", 0),
        ("<tr><th>Bags</th><td data-label='Handle time'>6:10</td><td>40</td></tr>", 1),
        ("<tr><th>Bags</th><td data-exact='a setting'>80 %</td></tr>", 0),
        ("<div class='tile'><b class='value'>71 %</b> of 12 needs</div>", 1),
        ("<div class='tile'><b class='value'>71 %</b> 60 to 80, of 12 needs</div>", 0),
        ("<tr><td>Changed by 20 % of its text or more before it was sent</td></tr>", 0),
    ],
)
def test_what_is_naked(page: str, alone: int) -> None:
    assert sum(box.naked for box in boxes(page)) == alone
