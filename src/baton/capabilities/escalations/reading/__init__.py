"""Reading: the AI's parts of conversations, cut by what led to a person, over time, with what is a signal and what is chance."""
