"""Thinking: what a connected model is shown, how its answer is read, judged and counted. The model proposes; policy disposes."""
