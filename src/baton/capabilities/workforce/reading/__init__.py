"""Reading: what was offered to people and kept by AI, by slot of local time, with how long it took."""
