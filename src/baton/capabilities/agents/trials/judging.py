"""Judging: each thing that a scenario expects of a talk, and what is not so, in words."""

from collections.abc import Iterator

import msgspec

from baton.capabilities.agents.trials.scenario import Called, Expected, Talk, Use

CENT_MICROS = 10_000


class Check(msgspec.Struct, frozen=True):
    """One thing that is expected: of which kind, as scenarios name it, and what is wrong; empty where it holds."""

    kind: str
    wrong: str = ""


def wrong_in(talk: Talk, expected: Expected) -> tuple[str, ...]:
    """Everything that is not as expected; nothing where the scenario passes."""
    return tuple(check.wrong for check in checks_of(talk, expected) if check.wrong)


def checks_of(talk: Talk, expected: Expected) -> tuple[Check, ...]:
    """Everything that is expected, and whether it holds."""
    return (*_said(talk, expected), *_done(talk, expected), *_ended(talk, expected))


def _said(talk: Talk, expected: Expected) -> Iterator[Check]:
    said = talk.agent_said
    for words in expected.said:
        yield _check("said", words.casefold() in said, f"The agent never said {words!r}.")
    for words in expected.not_said:
        yield _check("not_said", words.casefold() not in said, f"The agent said {words!r}.")
    cited = " ".join(talk.cites)
    for cite in expected.cites:
        yield _check("cites", cite in cited, f"{cite!r} was not cited.")


def _done(talk: Talk, expected: Expected) -> Iterator[Check]:
    if expected.procedure:
        told = f"The procedure {expected.procedure!r} was not begun; {_listed(talk.procedures) or 'none'} was."
        yield _check("procedure", expected.procedure in talk.procedures, told)
    if expected.ends:
        told = f"The procedure should end with {expected.ends!r} and ended with {talk.ends or 'nothing'!r}."
        yield _check("ends", expected.ends == talk.ends, told)
    for called in expected.called:
        yield Check("called", _not_called(talk.uses, called))
    used = {use.tool for use in talk.uses}
    for name in expected.not_called:
        yield _check("not_called", name not in used, f"The tool {name!r} was called.")


def _not_called(uses: tuple[Use, ...], called: Called) -> str:
    of = [use for use in uses if use.tool == called.tool]
    wanted = {name: str(value) for name, value in called.with_.items()}
    fit = [use for use in of if wanted.items() <= use.args.items()]
    if not of:
        return f"The tool {called.tool!r} was not called."
    if not fit:
        return f"The tool {called.tool!r} was called with other arguments than {_listed(wanted)}."
    if called.times is not None and len(fit) != called.times:
        return f"The tool {called.tool!r} was called {len(fit)} times and should be {called.times} times."
    return ""


def _ended(talk: Talk, expected: Expected) -> Iterator[Check]:
    if expected.handed_over is not None:
        told = "No person was brought in." if expected.handed_over else "A person was brought in."
        yield _check("handed_over", expected.handed_over == talk.handed_over, told)
    if expected.outcome:
        told = f"The ledger should say {expected.outcome!r} and says {talk.outcome or 'nothing'!r}."
        yield _check("outcome", expected.outcome == talk.outcome, told)
    if expected.turns_at_most is not None:
        told = f"The customer had to speak {talk.turns} times, at most {expected.turns_at_most} were expected."
        yield _check("turns_at_most", talk.turns <= expected.turns_at_most, told)
    if expected.cents_at_most is not None:
        cents = talk.cost_micros / CENT_MICROS
        told = f"It cost {cents:.2f} cents, at most {expected.cents_at_most} were expected."
        yield _check("cents_at_most", cents <= expected.cents_at_most, told)


def _check(kind: str, holds: bool, wrong: str) -> Check:
    return Check(kind, "" if holds else wrong)


def _listed(found: tuple[str, ...] | dict[str, str]) -> str:
    return (
        ", ".join(f"{name}={value}" for name, value in found.items()) if isinstance(found, dict) else ", ".join(found)
    )
