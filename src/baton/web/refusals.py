"""Refusals: expected answers that are no."""

from baton.kernel.errors import BatonError


class TooMany(BatonError):
    """Asked too often; `retry_after_s` says when it is allowed again."""

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__("too_many", 429, message)
        self.retry_after_s = retry_after_s


def not_found() -> BatonError:
    """What a foreign and a missing id both get."""
    return BatonError("not_found", 404, "There is nothing here for you. Check the address.")
