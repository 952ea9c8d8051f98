"""Reading: the ledger for any window, what answers of people correct, promises, the draw, and who is the same person."""
