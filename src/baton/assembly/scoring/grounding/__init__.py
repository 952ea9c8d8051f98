"""Scoring of the grounding check: sentences an article supports against sentences it does not."""
