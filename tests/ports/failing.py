"""A store whose n-th call fails: what a full disk, a lost connection or a killed server looks like from inside."""

from baton.kernel.log import Store

CALLS = (
    "begin",
    "look",
    "put",
    "commit",
    "rollback",
    "moved",
    "facts",
    "stream",
    "ordinal",
    "policies",
    "cursors",
    "sends",
)


class Broken(Exception):
    """The failure that was planted."""


class FailingStore:
    """Everything of `store`, but the `fails_at`-th call raises, before or (`after`) once it has been done."""

    def __init__(self, store: Store, after: bool = False) -> None:
        self._store, self._after = store, after
        self.fails_at = 0
        self.calls = 0

    def __getattr__(self, name: str):
        found = getattr(self._store, name)
        return self._counted(found) if name in CALLS else found

    def _counted(self, call):
        async def counted(*given):
            self.calls += 1
            planted = self.calls == self.fails_at
            if planted and not self._after:
                raise Broken
            done = await call(*given)
            if planted:
                raise Broken
            return done

        return counted
