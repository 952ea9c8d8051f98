"""Tests: scenes, ports, architecture, browser. A package of its own, so that no other `tests` on the path is taken for it."""
