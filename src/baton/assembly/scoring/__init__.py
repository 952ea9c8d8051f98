"""Scoring the product against what is known: an invented company's truth, and imported contacts whose source names their need."""
