"""Hearing: whether a turn asks for a person, or shows that one is needed, in words it was never shown."""
