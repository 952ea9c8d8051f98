"""Policies of the gate: text with its tests, checked, replayed on past calls, put in force with a reason, and taken back."""
