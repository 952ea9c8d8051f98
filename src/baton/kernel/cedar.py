"""Cedar texts: how far one may be nested and chained. Its reader calls itself for each level; a text that is deeper than its
stack would end the whole process, so it is counted before it is read.
"""

import re
from typing import Final

DEEPEST: Final = 50
LONGEST: Final = 400
"""Operators in one policy. Measured: a reader gives up between 500 and 1,000 levels of brackets, and 5,000 and 20,000 operators."""
_PART: Final = re.compile(
    r'"(?:\\.|[^"\\])*"|//[^\n]*|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<end>;)|(?P<op>&&|\|\||[.+*<>!=-]|\bif\b|\bhas\b|\blike\b|\bin\b)'
)


def too_much(text: str) -> str:
    """What of a text is more than can be read safely, in words; empty where nothing is."""
    depth = operators = 0
    for part in _PART.finditer(text):
        if part["end"]:
            depth = operators = 0
        depth += bool(part["open"]) - bool(part["close"])
        operators += bool(part["op"])
        if depth > DEEPEST:
            return f"it is nested more than {DEEPEST} deep"
        if operators > LONGEST:
            return f"a policy has more than {LONGEST} operators"
    return ""
