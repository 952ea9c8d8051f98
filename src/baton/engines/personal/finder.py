"""Finding and hiding personal values: fixed formats first, then names and addresses by the tagger."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Final, get_args

from baton.engines.personal.again import again, parts, words_in
from baton.engines.personal.formats import fixed
from baton.engines.personal.tagger import Tagged, Tagger, What
from baton.engines.personal.whole import whole
from baton.engines.personal.words import FIXED
from baton.kernel.cover import Found, Kind, replaced

PASSES: Final = 8
"""How often a text is read again after hiding, at most: with a value gone, its neighbours may look different."""
_HIDDEN: Final = re.compile(rf"\[(?:card \u2022\u2022\d{{1,4}}|(?:{'|'.join(get_args(Kind))})(?: \d{{1,6}})?)\]")
"""What is hidden already."""
_FILLED: Final = re.compile(f"{FIXED}+")


class Finder:
    """Personal values of texts. A pure function of (text, version)."""

    def __init__(self, tagger: Tagger | None = None) -> None:
        self._tagger = tagger or Tagger.read()
        self.version = self._tagger.version
        self.usual = self._tagger.usual

    def find(self, texts: Sequence[str]) -> list[list[Found]]:
        """Of each text: every personal value with its kind and place, in order, none inside another."""
        open_ = [_HIDDEN.sub(lambda mark: FIXED * len(mark[0]), text) for text in texts]
        known = [fixed(text) for text in open_]
        tagged = self._tagger.tag([filled(text, found) for text, found in zip(open_, known, strict=True)])
        return [
            self._again(
                text,
                sorted([*a, *_beside(text, _taken(text, a), self._somebody(text, b))], key=lambda each: each.start),
            )
            for text, a, b in zip(open_, known, tagged, strict=True)
        ]

    def _somebody(self, text: str, tagged: Sequence[Tagged]) -> list[Tagged]:
        """Names and addresses made whole, without the names that are made of plain words alone: "Awarded Salesperson" is nobody."""
        plain = self._tagger.plain
        return [
            each
            for each in whole(text, tagged)
            if each.what == "address" or not plain.issuperset(words_in(text[each.start : each.end].lower()))
        ]

    def _again(self, text: str, found: list[Found]) -> list[Found]:
        """The same, with the names among it wherever they stand again."""
        names = {text[each.start : each.end] for each in found if each.kind == "name"}
        return again(text, found, parts(names, self.usual)) if names else found

    def hide(self, texts: Sequence[str]) -> list[str]:
        """The texts with the kind of each personal value in its place, as `[name]`. What is hidden already stays as it is."""
        hidden = list(texts)
        left = list(range(len(hidden)))
        for _ in range(PASSES):
            found = dict(zip(left, self.find([hidden[n] for n in left]), strict=True))
            left = [n for n in left if found[n]]
            for n in left:
                hidden[n] = replaced(hidden[n], [(each, f"[{each.kind}]") for each in found[n]])
            if not left:
                break
        return hidden


def filled(text: str, found: Sequence[Found]) -> str:
    """The text, of the same length, with one word that means nothing in the place of each value found."""
    return replaced(text, [(each, FIXED * (each.end - each.start)) for each in found])


def _taken(text: str, known: Sequence[Found]) -> list[Found]:
    """What no name or address may reach over: values of a fixed format, and what is hidden already."""
    hidden = [Found("id", *run.span()) for run in _FILLED.finditer(text)] if FIXED in text else []
    return sorted([*known, *hidden], key=lambda each: each.start)


def _beside(text: str, known: Sequence[Found], tagged: Sequence[Tagged]) -> Iterator[Found]:
    """Names and addresses, without what lies in a value found before."""
    at = 0
    for each in tagged:
        start = each.start
        while at < len(known) and known[at].end <= start:
            at += 1
        while at < len(known) and known[at].start < each.end:
            yield from _words(text, each.what, start, known[at].start)
            start = known[at].end
            at += 1
        yield from _words(text, each.what, start, each.end)


def _words(text: str, what: What, start: int, end: int) -> Iterator[Found]:
    """The part of a name or an address from its first to its last letter or digit, if it has one."""
    inside = text[start:end]
    if any(map(str.isalnum, inside)):
        yield Found(what, start + len(inside) - len(inside.lstrip()), end - len(inside) + len(inside.rstrip()))


@cache
def finder() -> Finder:
    """The finder with the weights that ship, read when it is first asked for."""
    return Finder()
