"""Trials in a running Baton: a version of an agent talks to scenarios and simulated customers, through the real loop, beside everything else."""
