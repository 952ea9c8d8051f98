"""Noticing: where a procedure stands, and what it lacked when a person took over."""
