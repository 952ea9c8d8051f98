"""Outcomes: whether what a customer was told came true. Where they left before the promised time was over, nobody knows."""

from baton.capabilities.individual.events import Choice, QuoteKept, Whom


def answered(choice: Choice, at_ms: int) -> QuoteKept | None:
    """Somebody came at `at_ms`: what the customer chose is over."""
    return _over(choice, choice.chosen, at_ms, True)


def gave_up(choice: Choice, at_ms: int) -> QuoteKept | None:
    """Nobody came and the customer left, or chose otherwise: broken if the promised time was over, else unknown."""
    return _over(choice, choice.chosen, at_ms, False)


def broken(choice: Choice, at_ms: int) -> QuoteKept | None:
    """The rep who was waited for will not come."""
    kept = _over(choice, "rep", at_ms, False)
    return kept and QuoteKept("rep", kept.queue, kept.epoch, kept.within_ms, kept.took_ms, answered=False, kept=False)


def _over(choice: Choice, whom: Whom, at_ms: int, came: bool) -> QuoteKept | None:
    within_ms = choice.rep_within_ms if whom == "rep" else choice.within_ms
    if not within_ms:
        return None
    took_ms = max(0, at_ms - choice.at_ms)
    late = took_ms > within_ms
    return QuoteKept(
        whom, choice.queue, choice.epoch, within_ms, took_ms, came, kept=not late if came else False if late else None
    )
