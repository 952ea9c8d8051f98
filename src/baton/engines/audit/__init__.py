"""Audit: the log as a Merkle tree, its signed heads, who keeps them elsewhere, and how anybody checks it."""
