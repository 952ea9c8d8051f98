"""Judging: what of a talk is not as its scenario expects, in words."""

from collections.abc import Iterator

from baton.capabilities.agents.trials.scenario import Called, Expected, Talk, Use

CENT_MICROS = 10_000


def wrong_in(talk: Talk, expected: Expected) -> tuple[str, ...]:
    """Everything that is not as expected; nothing where the scenario passes."""
    return (*_said(talk, expected), *_done(talk, expected), *_ended(talk, expected))


def _said(talk: Talk, expected: Expected) -> Iterator[str]:
    said = talk.agent_said
    yield from (f"The agent never said {words!r}." for words in expected.said if words.casefold() not in said)
    yield from (f"The agent said {words!r}." for words in expected.not_said if words.casefold() in said)
    cited = " ".join(talk.cites)
    yield from (f"{cite!r} was not cited." for cite in expected.cites if cite not in cited)


def _done(talk: Talk, expected: Expected) -> Iterator[str]:
    if expected.procedure and expected.procedure not in talk.procedures:
        yield f"The procedure {expected.procedure!r} was not begun; {_listed(talk.procedures) or 'none'} was."
    if expected.ends and expected.ends != talk.ends:
        yield f"The procedure should end with {expected.ends!r} and ended with {talk.ends or 'nothing'!r}."
    for called in expected.called:
        yield from _called(talk.uses, called)
    used = {use.tool for use in talk.uses}
    yield from (f"The tool {name!r} was called." for name in expected.not_called if name in used)


def _called(uses: tuple[Use, ...], called: Called) -> Iterator[str]:
    of = [use for use in uses if use.tool == called.tool]
    wanted = {name: str(value) for name, value in called.with_.items()}
    fit = [use for use in of if wanted.items() <= use.args.items()]
    if not of:
        yield f"The tool {called.tool!r} was not called."
    elif not fit:
        yield f"The tool {called.tool!r} was called with other arguments than {_listed(wanted)}."
    elif called.times is not None and len(fit) != called.times:
        yield f"The tool {called.tool!r} was called {len(fit)} times and should be {called.times} times."


def _ended(talk: Talk, expected: Expected) -> Iterator[str]:
    if expected.handed_over is not None and expected.handed_over != talk.handed_over:
        yield "No person was brought in." if expected.handed_over else "A person was brought in."
    if expected.outcome and expected.outcome != talk.outcome:
        yield f"The ledger should say {expected.outcome!r} and says {talk.outcome or 'nothing'!r}."
    if expected.turns_at_most is not None and talk.turns > expected.turns_at_most:
        yield f"The customer had to speak {talk.turns} times, at most {expected.turns_at_most} were expected."
    if expected.cents_at_most is not None and talk.cost_micros > expected.cents_at_most * CENT_MICROS:
        yield f"It cost {talk.cost_micros / CENT_MICROS:.2f} cents, at most {expected.cents_at_most} were expected."


def _listed(found: tuple[str, ...] | dict[str, str]) -> str:
    return (
        ", ".join(f"{name}={value}" for name, value in found.items()) if isinstance(found, dict) else ", ".join(found)
    )
