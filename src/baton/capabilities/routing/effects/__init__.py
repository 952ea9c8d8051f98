"""Effects: which teams meet which needs more often, as far as that is known."""
