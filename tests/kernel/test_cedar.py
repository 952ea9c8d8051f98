"""Texts that would end the process of whoever reads them are counted before they are read."""

import cedarpy
import pytest

from baton.capabilities.governance.gate.rules import Unparsed, rules_of
from baton.kernel.cedar import DEEPEST, LONGEST, too_much

pytestmark = pytest.mark.unit
RULE = "permit (principal, action, resource) when {{ {} }};"


@pytest.mark.parametrize(
    "body",
    ["(" * 20_000 + "true" + ")" * 20_000, "[" * 20_000 + "]" * 20_000 + ".contains(1)", "{a:" * 5000 + "1" + "}" * 5000 + " == 1",
     "true && " * 20_000 + "true", "context" + ".a" * 20_000, "if true then " * 20_000 + "true" + " else false" * 20_000, "1 + " * 20_000 + "1 == 1",
     'context.evidence == "a;" && ' + "(" * 20_000],
)  # fmt: skip
def test_a_rule_that_no_reader_survives_is_refused_unread(body: str) -> None:
    assert too_much(RULE.format(body))
    with pytest.raises(Unparsed):
        rules_of(RULE.format(body))


def test_what_is_within_the_bounds_is_read() -> None:
    deep = "(" * (DEEPEST - 2) + "true" + ")" * (DEEPEST - 2)
    long = "true && " * (LONGEST - 10) + "true"
    for body in (deep, long, 'context.evidence == "((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((("'):
        assert not too_much(RULE.format(body))
        assert len(rules_of(RULE.format(body))) == 1
        assert cedarpy.validate_policies(RULE.format(body), "entity A; action a appliesTo { principal: A, resource: A, context: { evidence: String } };")  # fmt: skip


def test_each_policy_is_counted_for_itself() -> None:
    assert not too_much(RULE.format("true && " * 300 + "true") * 5)
