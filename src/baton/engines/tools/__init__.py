"""Tools: what an act may touch outside, each behind the gate and run once for its key."""

from baton.engines.tools.local import LocalTools, Tool, ToolRefused, tool

__all__ = ["LocalTools", "Tool", "ToolRefused", "tool"]
