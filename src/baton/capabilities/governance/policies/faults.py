"""Faults: what is wrong with a policy text, where, and what to do."""

import msgspec


class Fault(msgspec.Struct, frozen=True):
    """One reason why a text is not put in force. `line` is 0 where it is about no single rule."""

    line: int
    rule: str
    says: str
    do: str
