"""Capabilities: one folder per trend or base craft; they talk only by events and facts."""
