"""The browser itself: a page opens, axe sees what is wrong with it, and a thrown error is noticed."""

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

GOOD = '<!doctype html><html lang="en"><head><title>Good</title></head><body><main><h1>Good</h1></main></body></html>'
BAD = '<!doctype html><html><body><img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><button></button></body></html>'


def test_axe_finds_nothing_on_a_good_page(page: Page, axe) -> None:
    page.set_content(GOOD)
    axe(page)


def test_axe_finds_what_is_wrong_on_a_bad_page(page: Page, axe) -> None:
    page.set_content(BAD)
    with pytest.raises(AssertionError, match="button-name"):
        axe(page)
