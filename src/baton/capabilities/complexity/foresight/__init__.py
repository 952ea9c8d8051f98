"""Foresight: what the signs before the work foretell of how hard it turns out, learned from looking back."""
