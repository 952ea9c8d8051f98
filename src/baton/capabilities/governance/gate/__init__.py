"""The gate: one Cedar decision outside the model for every tool call."""
