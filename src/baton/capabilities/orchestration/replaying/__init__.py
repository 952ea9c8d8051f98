"""Replaying: past traffic against a changed policy, and what the log cannot tell of it."""
