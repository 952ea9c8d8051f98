"""Rules: split, settled and asked with few grounds, they decide as Cedar does over all of them with everything."""

import random

import cedarpy
import pytest

from baton.capabilities.governance.gate.asking import entities, request
from baton.capabilities.governance.gate.grounds import RISKS, Grounds, again, kept
from baton.capabilities.governance.gate.rules import Rules, Unparsed, rules_of
from baton.capabilities.governance.gate.tools import built_in, guards, schema
from baton.capabilities.governance.policies.probing import KINDS, unwelcome
from baton.kernel.ports import Known
from bench.gate import bench_gate, policies

pytestmark = pytest.mark.unit

OWN = """
@id("team") permit (principal in Team::"gold", action == Action::"reversible", resource);
@id("one") @why("x") forbid (principal == Agent::"assistant-1", action in [Action::"read", Action::"costly"], resource);
@id("unless") @why("x") forbid (principal, action, resource == Tool::"tool_3") unless { action == Action::"read" || context.cents < 5 };
@id("in-a-group") @why("x") forbid (principal is Machine, action, resource) when { action in Action::"binding" && context.cents > 9 };
@id("facts") @why("x") forbid (principal, action, resource) when { context.facts.hasTag("state") && context.facts.getTag("state") == "flown" };
@id("numbers") @why("x") forbid (principal, action, resource) when { context.numbers.hasTag("nights") && context.numbers.getTag("nights") > 3 };
@id("owner") @why("x") forbid (principal is Rep, action, resource) when { context has owner && context.owner == Customer::"p9" };
@id("scoped") permit (principal is Integration, action, resource) when { principal.scopes.contains("all") && context.approved && context.evidence == "record" };
"""


def drawn(rng: random.Random) -> Grounds:
    """Any call."""
    return Grounds(
        tool=f"tool_{rng.randint(0, 6)}", risk=rng.choice(RISKS), kind=rng.choice(KINDS), principal=rng.choice(("assistant-1", "m", "")),
        customer=rng.choice(("p1", "p9")), on_behalf=rng.random() < 0.7, owner=rng.choice(("", "p1", "p9")), readable=rng.random() < 0.9,
        confirmed=rng.random() < 0.6, approved=rng.random() < 0.5, evidence=rng.choice(("none", "record", "verified")),
        cents=rng.choice((0, 4, 10, 60_000)), limit_cents=rng.choice((0, 100)), untrusted=rng.choice(((), (), ("to",))),
        scope=rng.choice(("", "all")), scopes=rng.choice(((), ("all",))), team=rng.choice(("", "gold")),
        values=rng.choice(({}, {"to": "x@3.example"})), known=rng.choice((Known(), Known({"state": "flown"}, {"nights": 9}))),
    )  # fmt: skip


def test_few_rules_with_few_grounds_decide_as_all_rules_with_all_grounds() -> None:
    text = f"{guards()}\n{policies(100)}\n{OWN}"
    assert cedarpy.validate_policies(text, schema()).validation_passed
    rules, whole, rng = Rules(rules_of(text)), cedarpy.PolicySet.from_str(text), random.Random(11)
    passed = 0
    for _ in range(2_000):
        grounds = drawn(rng)
        told = cedarpy.is_authorized(request(grounds), whole, entities(grounds))
        by = tuple(sorted(told.diagnostics.id_annotations_by_reason.values()))
        assert rules.judge(grounds) == (told.allowed, by), grounds
        passed += told.allowed
    assert 20 < passed < 1_500


def test_each_guard_refuses_what_it_is_there_for_whatever_is_permitted() -> None:
    rules = Rules(rules_of(guards() + '@id("all") permit (principal, action, resource);'))
    refused = [(guard, rules.judge(probe)) for guard, probe in unwelcome(["refund"])]
    assert all(guard in decided for guard, (_, decided) in refused)
    assert not any(allowed for _, (allowed, _) in refused)
    assert {guard for guard, _ in refused} == {r.id for r in rules_of(guards())} - SCOPES


SCOPES = {"guard-machine-out-of-scope", "guard-integration-out-of-scope", "guard-for-nobody"}


def test_rules_know_the_line_they_begin_on() -> None:
    text = '// one; two\n\n@id("a;b")\npermit (principal, action, resource); @id("c") // ;\nforbid (principal, action, resource);'
    assert [(rule.id, rule.line, rule.effect) for rule in rules_of(text)] == [("a;b", 3, "permit"), ("c", 4, "forbid")]
    with pytest.raises(Unparsed) as wrong:
        rules_of("permit (principal, action, resource);\n\npermit (principal, action resource);")
    assert wrong.value.line == 3


def test_grounds_that_were_kept_are_judged_as_they_were() -> None:
    rules, rng = Rules(rules_of(f"{guards()}\n{built_in()}")), random.Random(12)
    for _ in range(300):
        grounds = drawn(rng)
        assert rules.judge(again(kept(grounds))) == rules.judge(grounds)


def test_the_bench_gives_its_figures(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bench.gate.CALLS", 40)
    figures = bench_gate(1, lambda line: None)
    assert figures["policies"] == 100 and 0 < figures["allowed_share"] < 1
    assert 0 < figures["decision_us"] < figures["parse_each_call_us"]
