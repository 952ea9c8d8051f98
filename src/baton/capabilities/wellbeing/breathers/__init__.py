"""Breathers: when one is due, what it costs, who grants it, and what becomes of it."""
