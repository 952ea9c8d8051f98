"""Audit: who changed and looked at what, where it stands in the log, and the proof that the log is what it was."""
