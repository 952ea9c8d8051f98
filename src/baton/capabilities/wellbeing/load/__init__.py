"""Load: what work in hand adds up to, and how it leaks away."""
