"""Tools: what an act may touch outside, each behind the gate, run once for its key, and checked in the system of record."""

from baton.engines.tools.declared import Answer, Limits, Risk, Tool, ToolRefused, tool
from baton.engines.tools.local import LocalTools

__all__ = ["Answer", "Limits", "LocalTools", "Risk", "Tool", "ToolRefused", "tool"]
