"""Forecasting: how many contacts are offered in each interval, from what was offered before, with an interval of its own."""
