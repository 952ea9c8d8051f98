"""Drawn: a control chart as places in percent of a drawing, and as words."""

from collections.abc import Sequence
from datetime import date, timedelta

import msgspec

from baton.capabilities.escalations.reading.slices import BETWEEN, LATE_TURN, Series
from baton.kernel.stats.control import LEAST_POINTS, RUN, Chart, Point
from baton.web.asked import in_words
from baton.web.charts import Axis, axis, line_path
from baton.web.formats import number


class Dot(msgspec.Struct, frozen=True):
    """One period on the chart: where it is drawn, and what it says."""

    start: date
    label: str
    x: float
    y: float
    point: Point
    says: str


class Drawing(msgspec.Struct, frozen=True):
    """A control chart ready to print. Values are percent (a share) or escalations per hundred conversations (a rate)."""

    scale: Axis
    dots: tuple[Dot, ...]
    line: str
    low: str
    high: str
    centre_y: float
    labels: tuple[str, ...]


def drawn(series: Series, weekly: bool) -> Drawing:
    """The drawing of a series with at least one period."""
    points = series.chart.points
    told = [100 * v for p in points for v in (p.value, p.high) if v is not None]
    scale, last = axis([*told, 100 * series.chart.centre, 1.0], 4, from_zero=True), max(len(points) - 1, 1)
    labels = tuple(labelled(start, weekly) for start in series.starts)
    dots = tuple(
        Dot(start, label, round(100 * n / last, 3), round(100 - scale.at(100 * p.value), 3), p, says(p, series.chart))
        for n, (start, label, p) in enumerate(zip(series.starts, labels, points, strict=True)) if p.value is not None
    )  # fmt: skip
    return Drawing(
        scale, dots, _path([p.value for p in points], scale), _path([p.low for p in points], scale),
        _path([p.high for p in points], scale), round(100 - scale.at(100 * series.chart.centre), 3), labels,
    )  # fmt: skip


def says(point: Point, chart: Chart) -> str:
    """Why a point signals, in words; empty where it does not."""
    if point.beyond == "above" and point.high is not None:
        return f"above its limit of {number(100 * point.high, 1)}{unit(chart)}"
    if point.beyond == "below" and point.low is not None:
        return f"below its limit of {number(100 * point.low, 1)}{unit(chart)}"
    return f"the {RUN}th in a row {point.run} the centre" if point.run else ""


def unit(chart: Chart) -> str:
    """What follows a value."""
    return "\u00a0%" if chart.kind == "p" else " per 100"


def spread(chart: Chart) -> str:
    """How much the periods vary beside chance, in words."""
    if not chart.limited:
        return f"Limits need {LEAST_POINTS} periods with conversations; there are {chart.judged}. Until then nothing is claimed."
    if chart.sigma_z <= 1.05:
        return "Periods vary as much as chance alone makes them: the limits are the plain ones."
    return f"Periods vary {number(chart.sigma_z, 1)} times as much as chance alone makes them: the limits are that much wider (Laney)."


def labelled(start: date, weekly: bool) -> str:
    """A period in words: "18 Nov", or "16 to 22 Nov"."""
    if not weekly:
        return f"{start.day} {start:%b}"
    end = start + timedelta(days=6)
    return f"{start.day}{f' {start:%b}' if start.month != end.month else ''} to {end.day} {end:%b}"


def named(by: str, value: str) -> str:
    """A value of a dimension as people read it."""
    if by == "hour":
        return f"{int(value):02}:00"
    if by == "turn":
        return f"turn {value}{' or later' if value == str(LATE_TURN) else ''}"
    if by in {"step", "field"}:
        procedure, _, at = value.partition(BETWEEN)
        return f"{in_words(procedure)}: {in_words(at).lower()}"
    return value.replace("-", " ") if by == "version" else in_words(value)


def latest_signal(chart: Chart, starts: Sequence[date], weekly: bool) -> str:
    """The latest signal of a chart in words; empty where there is none."""
    found = [(start, point) for start, point in zip(starts, chart.points, strict=True) if point.signals]
    if not found:
        return ""
    start, point = found[-1]
    side = point.beyond or point.run
    return f"{'high' if side == 'above' else 'low'} on {labelled(start, weekly)}{f', {len(found)} in all' if len(found) > 1 else ''}"


def _path(values: Sequence[float | None], scale: Axis) -> str:
    return line_path([None if v is None else 100 * v for v in values], scale)
