"""Channels: turns come in, replies go out. Each has an `api.py` that makes its routes; media frames never leave here."""
