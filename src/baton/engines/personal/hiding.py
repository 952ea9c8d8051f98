"""Hiding that can be undone: personal values give way to numbered kinds (`[name 1]`) before a text goes to a model or into a trace.

One value keeps one number through all texts of a `Cloak`, so a model can still tell two people apart. What comes back is put right
by `put_back`. The map holds the plain values: keep it in memory, never in a log, a trace or a file.
"""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final, get_args

from baton.engines.personal.again import again, parts
from baton.engines.personal.finder import PASSES, Finder, finder
from baton.kernel.cover import Found, Kind, replaced

MARK: Final = re.compile(rf"\[({'|'.join(get_args(Kind))}) (\d{{1,6}})\]")
"""A placeholder with its number."""
LIKE_A_NAME: Final = re.compile(r"(?<![\[\w])[^\W\d_a-z][^\W\d_]+(?:['\u2019-][^\W\d_]+)*(?![\w])")
"""A word with a capital letter, outside a placeholder."""


class Cloak:
    """The placeholders of one prompt, trace or conversation: `plain` is {placeholder: value}."""

    def __init__(self, plain: dict[str, str] | None = None, personal: Finder | None = None) -> None:
        self.plain: dict[str, str] = dict(plain or {})
        self._marks = {(mark[1:].partition(" ")[0], _same(value)): mark for mark, value in self.plain.items()}
        self._personal = personal or finder()

    def hide(self, texts: Sequence[str]) -> list[str]:
        """The texts with a numbered kind in the place of each personal value."""
        hidden, left = [self._foreign(text) for text in texts], list(range(len(texts)))
        for _ in range(PASSES):
            found = dict(zip(left, self._personal.find([hidden[n] for n in left]), strict=True))
            left = [n for n in left if found[n]]
            for n in left:
                hidden[n] = replaced(hidden[n], [(f, self._mark(f, hidden[n])) for f in found[n]])
            if not left:
                break
        return self._known(hidden)

    def _known(self, texts: Sequence[str]) -> list[str]:
        """The texts without the names that any text of this cloak told, where the sentence alone did not give them away."""
        names = parts((value for mark, value in self.plain.items() if mark.startswith("[name ")), self._personal.usual)
        marks = [[Found("id", *mark.span()) for mark in MARK.finditer(text)] for text in texts]
        return [
            replaced(text, [(f, self._mark(f, text)) for f in again(text, here, names) if f.kind == "name"])
            for text, here in zip(texts, marks, strict=True)
        ]

    def put_back(self, text: str) -> str:
        """The text with the values in the place of their placeholders; a placeholder that was never given stays as it is."""
        return MARK.sub(lambda mark: self.plain.get(mark[0], mark[0]), text)

    def _foreign(self, text: str) -> str:
        """The text, with placeholders that somebody wrote themselves made unlike ours: nobody reads another's values by naming them."""
        return MARK.sub(lambda mark: f"[{mark[1]}]", text)

    def _mark(self, found: Found, text: str) -> str:
        value = text[found.start : found.end]
        mark = self._marks.get((found.kind, _same(value)))
        if mark is None:
            mark = f"[{found.kind} {1 + sum(kind == found.kind for kind, _ in self._marks)}]"
            self._marks[(found.kind, _same(value))] = mark
            self.plain[mark] = value
        return mark


def hide(text: str) -> tuple[str, dict[str, str]]:
    """The text with numbered placeholders, and what each stands for: `("call [phone 1]", {"[phone 1]": "+1 415 555 2671"})`."""
    cloak = Cloak()
    (hidden,) = cloak.hide([text])
    return hidden, cloak.plain


def hide_all(texts: Iterable[str]) -> tuple[list[str], dict[str, str]]:
    """The same for texts that belong together: one value, one number."""
    cloak = Cloak()
    return cloak.hide(list(texts)), cloak.plain


def put_back(text: str, plain: dict[str, str]) -> str:
    """The text with the values that `hide` took out, in the place of their placeholders."""
    return MARK.sub(lambda mark: plain.get(mark[0], mark[0]), text)


def hide_strictly(text: str, known: Collection[str]) -> str:
    """The text with its kind in the place of each personal value, and of each word that is written like a name and is none of the `known` ones.

    For what is kept unsealed: here a word too many is hidden rather than one too few.
    """
    cloak = Cloak()
    (hidden,) = cloak.hide([text])
    for mark, value in cloak.plain.items():
        hidden = hidden.replace(mark, value if value in known else f"[{mark[1:].partition(' ')[0]}]")
    usual = {word.casefold() for word in known} | finder().usual
    return LIKE_A_NAME.sub(lambda word: word[0] if word[0].casefold() in usual else "[name]", hidden)


def _same(value: str) -> str:
    return " ".join(value.split()).casefold()
