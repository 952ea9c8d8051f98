"""Grading: from the signs of a conversation to a score, a level and the reasons."""
