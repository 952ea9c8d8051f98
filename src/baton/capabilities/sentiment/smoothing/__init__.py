"""Smoothing: a series of scores as one that moves slowly, from the past alone."""
