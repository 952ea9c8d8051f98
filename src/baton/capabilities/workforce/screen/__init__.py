"""Screen: what the planning page shows."""
