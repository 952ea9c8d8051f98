"""Stores: SQLite and PostgreSQL over one shared SQL; both pass the same tests."""
