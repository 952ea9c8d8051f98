"""Proofs: that one input is in the log, and that a log only grew (RFC 9162, 2.1.3 and 2.1.4).

Made from ranges of leaves whose roots are asked for; checked with nothing but hashes.
"""

from collections.abc import Sequence

from baton.engines.audit.verify import inner

Range = tuple[int, int]


def inclusion(index: int, size: int) -> list[Range]:
    """The ranges of leaves whose roots prove that leaf `index` is in the tree of `size`, the nearest first."""
    return _path(index, 0, size)


def consistency(first: int, second: int) -> list[Range]:
    """The ranges of leaves whose roots prove that the tree of size `second` begins with that of size `first`."""
    return _grown(first, 0, second, whole=True) if 0 < first < second else []


def part(low: int, high: int) -> int:
    """Where the tree over leaves `low` to `high` parts: after the largest power of two that is smaller than it."""
    return low + (1 << (high - low - 1).bit_length() - 1)


def _path(index: int, low: int, high: int) -> list[Range]:
    if high - low <= 1:
        return []
    middle = part(low, high)
    if index < middle:
        return [*_path(index, low, middle), (middle, high)]
    return [*_path(index, middle, high), (low, middle)]


def _grown(first: int, low: int, high: int, *, whole: bool) -> list[Range]:
    if first == high:
        return [] if whole else [(low, high)]
    middle = part(low, high)
    if first <= middle:
        return [*_grown(first, low, middle, whole=whole), (middle, high)]
    return [*_grown(first, middle, high, whole=False), (low, middle)]


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that an inclusion proof leads to (RFC 9162, 2.1.3.2), or None where it fits no such tree."""
    if not 0 <= index < size:
        return None
    fn, sn, node = index, size - 1, leaf
    for step in path:
        if sn == 0:
            return None
        if fn & 1 or fn == sn:
            node = inner(step, node)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            node = inner(node, step)
        fn, sn = fn >> 1, sn >> 1
    return node if sn == 0 else None


def grown(first: int, second: int, old: bytes, new: bytes, path: Sequence[bytes]) -> bool:
    """Whether the tree of size `second` begins with that of size `first` (RFC 9162, 2.1.4.2)."""
    if first in {0, second}:
        return not path and (first == 0 or old == new)
    steps = [old, *path] if first & (first - 1) == 0 else list(path)
    if first > second or not steps:
        return False
    fn, sn = first - 1, second - 1
    while fn & 1:
        fn, sn = fn >> 1, sn >> 1
    left = right = steps[0]
    for step in steps[1:]:
        if sn == 0:
            return False
        if fn & 1 or fn == sn:
            left, right = inner(step, left), inner(step, right)
            while not fn & 1 and fn:
                fn, sn = fn >> 1, sn >> 1
        else:
            right = inner(right, step)
        fn, sn = fn >> 1, sn >> 1
    return sn == 0 and left == old and right == new
