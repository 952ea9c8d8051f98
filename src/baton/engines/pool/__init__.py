"""Pool: pure functions run here, in processes, or on Ray. One port, one result whoever runs it."""

from baton.engines.pool.inline import InlinePool
from baton.engines.pool.processes import ProcessPool
from baton.engines.pool.ray import RayPool

__all__ = ["InlinePool", "ProcessPool", "RayPool"]
