"""Errors: what went wrong, and what to do next."""


class BatonError(Exception):
    """An expected failure, shown to people as problem+json or on standard error.

    Args:
        code: short stable name, such as `nonce_reused`.
        status: the HTTP status that fits it.
        message: what happened, what was kept, and the next step; values shown by `!r`.
    """

    def __init__(self, code: str, status: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.status = status
        self.message = message

    def __reduce__(self) -> tuple[object, ...]:
        # A worker process raises it too, and an exception is otherwise read back as `type(*args)`, which is not how these are made.
        return type(self).__new__, (type(self), self.message), self.__dict__


class Conflict(BatonError):
    """The stream moved on, or a name was used again for something else: nothing was written."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(code, 409, message)


class Fenced(BatonError):
    """Another worker advanced the same lane: this commit was undone and the lane is read anew."""

    def __init__(self, lane: int) -> None:
        super().__init__("fenced", 503, f"Lane {lane} was advanced by another worker; the work is done there.")
