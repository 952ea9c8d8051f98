"""Checking: everything that keeps a policy text from being put in force, each with its line and what to do."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

import cedarpy
import msgspec

from baton.capabilities.governance.gate.grounds import BINDING, Grounds
from baton.capabilities.governance.gate.rules import Rule, Rules, Unparsed, pieces, rule_of, rules_of
from baton.capabilities.governance.gate.tools import guards, schema
from baton.capabilities.governance.policies.cases import Case, cases_of, failing
from baton.capabilities.governance.policies.faults import Fault
from baton.capabilities.governance.policies.probing import KINDS, ME, met, reckless, unwelcome, welcome

GUARD = "guard-"
OF_ONE = re.compile(r'for policy `policy0`, | in context for Action::"\w+"')
"""What the validator repeats for each risk."""


class Checked(msgspec.Struct, frozen=True):
    """What came of checking a text: its rules, where it could be read, and its faults; none where it may go on."""

    rules: tuple[Rule, ...]
    faults: tuple[Fault, ...]
    tests: int = 0


def check(text: str, tests: str, tools: Mapping[str, str]) -> Checked:
    """Check a text with its tests. `tools` are the organisation's by name, with their risk. Takes a second or two."""
    rules, faults = _read(text)
    faults += [*_named(rules), *_spoken(rules)]
    if not rules and not faults:
        faults.append(Fault(1, "", "There is no rule, so nothing could ever be called.", "Write at least one permit."))
    if faults:
        return Checked(tuple(rules), tuple(faults))
    whole = Rules((*rules_of(guards()), *rules))
    cases, faults = _cases(tests, whole)
    names = sorted(tools)
    faults += [*_too_open(rules), *_let_through(whole, names)]
    faults += [*_idle(rules, whole, cases), *_dead_tools(whole, rules, tools)]
    return Checked(tuple(rules), tuple(faults), len(cases))


def _read(text: str) -> tuple[list[Rule], list[Fault]]:
    rules, faults = [], []
    try:
        for piece, line in pieces(text):
            try:
                rules.append(rule_of(piece, line))
            except Unparsed as wrong:
                faults.append(
                    Fault(
                        wrong.line,
                        "",
                        f"It cannot be read: {wrong.message}.",
                        "Correct the rule that begins on this line.",
                    )
                )
    except Unparsed as wrong:
        faults.append(Fault(wrong.line, "", f"It cannot be read: {wrong.message}.", "End each rule with a semicolon."))
    return rules, faults


def _named(rules: Sequence[Rule]) -> Iterator[Fault]:
    """Every rule has a name of its own, which is no guard's, and says why."""
    times = Counter(rule.id for rule in rules)
    for rule in rules:
        if not rule.id:
            yield Fault(rule.line, "", "The rule has no name.", 'Write @id("a-short-name") before it.')
        elif times[rule.id] > 1:
            yield Fault(rule.line, rule.id, "Two rules have this name.", "Give each its own.")
        elif rule.id.startswith(GUARD):
            yield Fault(
                rule.line,
                rule.id,
                "This name belongs to a guard. Guards always hold and cannot be replaced.",
                "Choose another name.",
            )
        if rule.effect == "forbid" and not rule.why:
            yield Fault(
                rule.line,
                rule.id,
                "The rule does not say why it refuses.",
                'Write @why("…") before it: it is told to whoever is refused.',
            )


def _spoken(rules: Sequence[Rule]) -> Iterator[Fault]:
    """Every rule speaks only of what there is."""
    asked = schema()
    for rule in rules:
        errors = [str(error.error) for error in cedarpy.validate_policies(rule.text, asked).errors]
        for told in dict.fromkeys(OF_ONE.sub("", error) for error in errors):
            yield Fault(
                rule.line,
                rule.id,
                f"{told[:1].upper()}{told[1:]}.",
                "Use the names listed under what a policy may speak of.",
            )


def _cases(tests: str, whole: Rules) -> tuple[tuple[Case, ...], list[Fault]]:
    try:
        cases = cases_of(tests)
    except ValueError as wrong:
        return (), [
            Fault(0, "", f"The tests cannot be read: {wrong}.", "Correct the tests; each is a [[case]] of TOML.")
        ]
    if not any(case.allow for case in cases) or all(case.allow for case in cases):
        return cases, [
            Fault(
                0, "", "The tests show no call that is allowed, or none that is refused.", "Write at least one of each."
            )
        ]
    return cases, failing(cases, whole)


def _too_open(rules: Sequence[Rule]) -> Iterator[Fault]:
    """A permit that would let a binding act pass unconfirmed, or for a customer nobody knows, if no guard stood beside it."""
    for rule in rules:
        if rule.effect != "permit" or not rule.risks & BINDING:
            continue
        probe = next(met(rule, reckless(rule)), None)
        if probe is not None:
            what = "whom nobody knows" if probe.evidence == "none" else "who has not said yes"
            yield Fault(
                rule.line, rule.id, f"It permits a {probe.risk} act for a customer {what}: it takes away what the guards demand.",
                'Add context.confirmed and context.evidence != "none" to its conditions, or permit only reading.',
            )  # fmt: skip


def _let_through(whole: Rules, tools: Sequence[str]) -> Iterator[Fault]:
    """What must never pass, does not, with the guards beside it."""
    for guard, probe in unwelcome(tools):
        if whole.judge(probe)[0]:
            yield Fault(
                0,
                guard,
                f"{probe.tool}: a call that {guard} must refuse passes.",
                "Tell whoever looks after Baton: a guard does not hold.",
            )
            return


def _idle(rules: Sequence[Rule], whole: Rules, cases: Iterable[Case]) -> Iterator[Fault]:
    """A permit that a forbid always overrides, or that nothing meets."""
    tested = [case.grounds() for case in cases]
    for rule in rules:
        reached, stopped = False, tuple[str, ...]()
        for probe in met(rule, chain(tested, welcome(rule))):
            allowed, decided = whole.judge(probe)
            reached, stopped = True, decided if not allowed else stopped
            if allowed or rule.effect == "forbid":
                break
        else:
            yield _never(rule, reached, stopped, whole)


def _never(rule: Rule, reached: bool, stopped: Sequence[str], whole: Rules) -> Fault:
    if not reached:
        return Fault(
            rule.line,
            rule.id,
            "No call that was tried meets it.",
            "Correct its conditions, or add a test with a call that meets it.",
        )
    lines = {each.id: each.line for each in whole.rules if not each.id.startswith(GUARD)}
    by = ", ".join(f"{each} (line {lines[each]})" if each in lines else each for each in stopped)
    return Fault(
        rule.line,
        rule.id,
        f"It can never matter: whatever it permits, {by} forbids.",
        "Take one of the two away, or narrow the forbid.",
    )


def _dead_tools(whole: Rules, rules: Sequence[Rule], tools: Mapping[str, str]) -> Iterator[Fault]:
    """A tool that nobody could ever call, on whatever grounds."""
    for tool, risk in sorted(tools.items()):
        about = [rule for rule in rules if rule.tool in {"", tool} and risk in rule.risks]
        own = (probe for rule in about for probe in welcome(rule, [tool]) if probe.risk == risk)
        probes = chain(_best(tool, risk), own)
        if not any(whole.judge(msgspec.structs.replace(probe, tool=tool))[0] for probe in probes):
            stopped = {name for probe in _best(tool, risk) for name in whole.judge(probe)[1]}
            forbids = [rule for rule in about if rule.effect == "forbid"]
            lines = [rule for rule in forbids if rule.id in stopped] or forbids
            line, name = (lines[0].line, lines[0].id) if lines else (0, "")
            yield Fault(
                line,
                name,
                f"Nobody could ever call {tool} ({risk}).",
                f"Permit {tool} on some grounds, or narrow what forbids it.",
            )


def _best(tool: str, risk: str) -> Iterator[Grounds]:
    for kind in KINDS:
        yield Grounds(tool, risk, kind, "assistant", ME, True, evidence="verified", confirmed=True, approved=True)
