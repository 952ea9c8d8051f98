"""Reading turns without a model: whether two of them put the same question."""
