"""Baton: conversational experience orchestration on one append-only log."""

import os

__version__ = "0.1.0"

# A turn's sums are small: more threads for one of them spin while they wait, which costs twice the CPU in all, and they add up in
# another order from run to run. Processes share the cores instead. Read when NumPy is first imported.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
