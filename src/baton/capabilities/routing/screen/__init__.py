"""Live: what a supervisor sees of the floor, and what they can do about it now."""
