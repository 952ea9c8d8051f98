"""The shelf: drafts by id, each the text of a file that somebody still works on."""

from collections.abc import Iterable

from baton.capabilities.agents.events import DraftFile, Drafts


def with_drafts(shelf: Drafts, files: Iterable[DraftFile], over: bool = True) -> Drafts:
    """The shelf with these files, by id; `over`: also in place of those that are there."""
    known = {each.id: each for each in shelf.drafts}
    for each in files:
        if over or each.id not in known:
            known[each.id] = each
    return Drafts(tuple(sorted(known.values(), key=lambda each: each.id)))


def without(shelf: Drafts, id: str) -> Drafts:
    """The shelf without one."""
    return Drafts(tuple(each for each in shelf.drafts if each.id != id))


def draft(shelf: Drafts, id: str) -> DraftFile | None:
    """One of them."""
    return next((each for each in shelf.drafts if each.id == id), None)
