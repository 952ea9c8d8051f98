"""Quoting: how long it takes until anybody, or one rep by name, is there for a customer; and a time that is kept as often as it says."""
