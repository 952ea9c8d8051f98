"""Trials: a version of an agent is tried by scenarios and by simulated customers with known truth, before real customers meet it."""
