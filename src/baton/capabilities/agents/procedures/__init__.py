"""Procedures: declared steps, slots, tools and confirmations, worked by pure functions."""
