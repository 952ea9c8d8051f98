"""Baton: conversational experience orchestration on one append-only log."""

__version__ = "0.1.0"
