"""Weeks: a week's shifts from what is expected, who may work and what they asked for; made beside everything else, kept as facts."""
