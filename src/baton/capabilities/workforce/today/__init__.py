"""Today: the rest of the day scaled by what came so far, what it does to the service level, and what it would cost to help."""
