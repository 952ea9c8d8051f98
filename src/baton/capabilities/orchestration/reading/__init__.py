"""Reading turns without a model: what is wanted after them, and whether two of them put the same question."""
