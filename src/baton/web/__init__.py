"""Web: the one HTTP surface. Shell, sign-in, permissions, live updates, problems; pages come from the capabilities."""
