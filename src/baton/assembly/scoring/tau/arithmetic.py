"""The calculator both companies give their agents: + - * / and brackets, read by hand so that nothing else can be run."""

import operator
import re
from typing import Final

from baton.assembly.scoring.tau.data import Refused

_ALLOWED: Final = re.compile(r"[0-9+\-*/(). ]+")
_APART: Final = re.compile(r"[\d.]\s+[\d.]")
_NUMBER: Final = re.compile(r"\d+(?:\.\d+)?|\.\d+")
_OF: Final = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


def calculated(expression: str) -> str:
    """The result, rounded to cents."""
    if not _ALLOWED.fullmatch(expression) or _APART.search(expression):
        raise Refused("invalid characters in expression")
    reading = _Reading(expression.replace(" ", ""))
    total = _sum(reading)
    if reading.at < len(reading.text):
        raise Refused("invalid expression")
    return str(round(total, 2))


class _Reading:
    """An expression being read."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def takes(self, signs: str) -> str:
        """The next sign, where it is one of these."""
        if self.at < len(self.text) and self.text[self.at] in signs:
            self.at += 1
            return self.text[self.at - 1]
        return ""


def _sum(reading: _Reading) -> float:
    total = _product(reading)
    while sign := reading.takes("+-"):
        total = float(_OF[sign](total, _product(reading)))
    return total


def _product(reading: _Reading) -> float:
    total = _atom(reading)
    while sign := reading.takes("*/"):
        total = float(_OF[sign](total, _atom(reading)))
    return total


def _atom(reading: _Reading) -> float:
    if reading.takes("-"):
        return -_atom(reading)
    if reading.takes("("):
        total = _sum(reading)
        if not reading.takes(")"):
            raise Refused("invalid expression")
        return total
    number = _NUMBER.match(reading.text, reading.at)
    if number is None:
        raise Refused("invalid expression")
    reading.at = number.end()
    return float(number[0])
