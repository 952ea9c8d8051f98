"""The one statistics module: every interval, comparison and correction that a screen shows comes from here.

Exact formulas with their sources; nothing is resampled, so the same rows always give the same figures. Shares are floats
from 0 to 1; an `Estimate` carries its interval and how many observations stand behind it.
"""

from baton.kernel.stats.censored import share_by
from baton.kernel.stats.estimates import (
    LEVEL,
    NOTHING,
    Estimate,
    clustered_ratio,
    clustered_share,
    difference,
    mean,
    normal_quantile,
    student_quantile,
    wilson,
)
from baton.kernel.stats.groups import conformal_widening, coverage, shrunken_means, shrunken_shares
from baton.kernel.stats.mix import (
    ENOUGH_OVERLAP,
    SMALL_STRATUM,
    Comparison,
    MeanComparison,
    MeanShare,
    Stratum,
    StratumShare,
    conclusion,
    standardise,
    standardise_means,
)
from baton.kernel.stats.powered import (
    Labelled,
    prediction_powered_clustered,
    prediction_powered_mean,
    prediction_powered_sampled,
)
from baton.kernel.stats.sums import ClusterSums, ratio_of_sums, share_of_sums
from baton.kernel.stats.watched import (
    FEWEST_WATCHED,
    Moments,
    confidence_sequence_half_width,
    watched_difference,
    watched_over_strata,
)

__all__ = [
    "ENOUGH_OVERLAP",
    "FEWEST_WATCHED",
    "LEVEL",
    "NOTHING",
    "SMALL_STRATUM",
    "ClusterSums",
    "Comparison",
    "Estimate",
    "Labelled",
    "MeanComparison",
    "MeanShare",
    "Moments",
    "Stratum",
    "StratumShare",
    "clustered_ratio",
    "clustered_share",
    "conclusion",
    "confidence_sequence_half_width",
    "conformal_widening",
    "coverage",
    "difference",
    "mean",
    "normal_quantile",
    "prediction_powered_clustered",
    "prediction_powered_mean",
    "prediction_powered_sampled",
    "ratio_of_sums",
    "share_by",
    "share_of_sums",
    "shrunken_means",
    "shrunken_shares",
    "standardise",
    "standardise_means",
    "student_quantile",
    "watched_difference",
    "watched_over_strata",
    "wilson",
]
