"""Triggers: what, in a turn, says that a person is needed."""
