"""Tables to keep: CSV, as every screen writes it."""

from baton.web.separated import csv_response

__all__ = ["csv_response"]
