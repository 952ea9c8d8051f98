"""Templates: what they promise page authors. Every macro is documented and shown, nothing unescaped, nothing unknown, each capability's page found."""

import re
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from baton.web.gallery import gallery
from baton.web.templating import SCREENS, TEMPLATES, environment, screens_for

pytestmark = pytest.mark.unit

MACRO = re.compile(r"{% macro ([a-z]\w*)\(")
NOT_SHOWN = {"rail", "topbar", "user_menu", "saved_views", "palette"}  # around the gallery, not in it


def macros() -> list[tuple[str, str]]:
    return [
        (file.stem, name)
        for file in sorted((TEMPLATES / "macros").glob("*.html"))
        for name in MACRO.findall(file.read_text())
    ]


@pytest.mark.parametrize(("file", "name"), macros())
def test_a_macro_is_documented_and_shown_in_the_gallery(file: str, name: str) -> None:
    text = (TEMPLATES / "macros" / f"{file}.html").read_text()
    assert (
        re.search(rf"{{#[^#]*\b{name}\([^#]*#}}\s*{{% macro {name}\(", text)
        or f"{name}(" in text.split(f"macro {name}(")[0]
    ), f"Say above {name} what its arguments are."
    shown = "".join(part.read_text() for part in [TEMPLATES / "gallery.html", *(TEMPLATES / "gallery").glob("*.html")])
    assert name in NOT_SHOWN or re.search(rf"\b{name}\(", shown), f"Show {name} in the gallery."


def test_text_is_escaped_and_an_unknown_name_is_an_error() -> None:
    templates = environment({})
    assert templates.from_string("{{ said }}").render(said="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        templates.from_string("{{ nothing }}").render()


def test_a_capability_brings_its_own_page(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{% from 'macros/marks.html' import tag %}{{ tag('warranty') }}")
    page = environment({"warranty": tmp_path}).get_template("capabilities/warranty/page.html").render()
    assert "warranty" in page


def test_the_rail_holds_what_a_role_may_open_in_its_order() -> None:
    assert [screen.name for screen in screens_for(["knowledge", "desk"])] == ["desk", "knowledge"]
    assert [screen.name for screen in screens_for(["agents"])] == ["agents", "governance"]
    assert len({screen.key for screen in SCREENS}) == len(SCREENS)


def test_the_gallery_shows_every_state_of_a_need() -> None:
    page = gallery(environment({}), 1_795_701_840_000)
    for name in (
        "Confirmed",
        "Provisional",
        "Correctly refused",
        "Correctly handed over",
        "Given up",
        "Failed",
        "Reversed",
        "Unaccounted",
        "Open",
    ):
        assert name in page


@pytest.mark.parametrize("name", [name for _, name in macros()])
def test_the_reference_names_every_macro(name: str) -> None:
    reference = Path(__file__).parents[2] / "docs" / "reference" / "look.md"
    assert re.search(rf"\b{name}\b", reference.read_text()), f"Name {name} in docs/reference/look.md."


def test_a_need_that_was_merged_is_told_in_words_and_breaks_no_page() -> None:
    page = environment().from_string(
        '{% from "macros/marks.html" import outcome %}{{ outcome("merged") }} {{ outcome("confirmed") }}'
    )
    told = page.render()
    assert "in another need" in told
    assert "o-confirmed" in told
