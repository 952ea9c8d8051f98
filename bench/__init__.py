"""What `baton bench` runs: each figure beside its floor, in the same run, in work per CPU-second."""
