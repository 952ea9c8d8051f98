"""What the field measures and this log has no data for: said, with what would have to be known, and never guessed."""

from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.seen import Unit


def _absent(id: str, title: str, formula: str, why: str, unit: Unit = "share") -> Metric:
    return Metric(id, title, formula, unit, None, "Everything, so far.", no_data=why)


ABSENT = (
    _absent("utilisation", "Utilisation", "handle time / paid time", "paid hours are not known; planning will bring them"),
    _absent("shrinkage", "Shrinkage", "paid time in which a rep is not available / paid time",
            "paid hours are not known; planning will bring them"),
    _absent("adherence", "Adherence", "minutes worked as scheduled / scheduled minutes", "there are no schedules yet"),
    _absent("evaluation_score", "Evaluation score", "sum(weight * earned) / sum(weight * most) over the questions that apply",
            "there are no scorecards yet"),
    _absent("evaluation_agreement", "Agreement of evaluations", "Cohen's kappa of automatic and human answers to one question",
            "there are no scorecards yet"),
    _absent("nrr", "Net revenue retention", "(start + expansion - contraction - churn) / start of recurring revenue, over 12 months",
            "no revenue is known"),
    _absent("attach_rate", "Attach rate", "accepted offers / eligible offers", "no offers are made yet"),
    _absent("avoided_contacts", "Avoided contacts", "(holdout rate - treated rate) * treated", "nobody is told ahead yet", "count"),
)  # fmt: skip
