"""Waiting: what a customer finds on joining, what they are told and may choose, and whether it was kept."""
