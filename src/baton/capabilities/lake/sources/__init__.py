"""Readers of what other systems export: pure, lenient, one conversation at a time."""
