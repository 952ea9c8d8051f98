"""Answers: what the customer's turn does in the talk, the sentences that answer it, and the few fixed lines."""
