"""The studio: versions of agents, canaries, what each version costs and brings, and what may be concluded of it."""
