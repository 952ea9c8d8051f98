"""Solving: who is offered to whom, as a minimum-cost flow over classes of conversations and of reps."""
