"""Costs: what an hour of a rep, a turn of an AI, a conversation and a minute of a call cost, and who set it."""
