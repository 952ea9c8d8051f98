"""What commands print: columns as wide as what stands in them, and no digits that say nothing."""

import pytest

from baton.cli.words import aligned

pytestmark = pytest.mark.unit


def test_fractions_have_four_digits_and_columns_fit_what_is_shown() -> None:
    rows: list[dict[str, object]] = [
        {"metric": "containment", "value": 0.7340425531914894, "n": 94, "low": None},
        {"metric": "aht", "value": 69.0, "n": 7, "low": 12.5},
    ]
    assert aligned(rows) == (
        "metric       value  n   low\n"
        "containment  0.734  94  None\n"
        "aht          69     7   12.5\n"
    )  # fmt: skip
