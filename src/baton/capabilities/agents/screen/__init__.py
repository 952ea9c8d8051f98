"""Agents on a screen: procedures as readable steps, their files, what a change would do, and outcomes that nobody knew."""
