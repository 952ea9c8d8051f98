"""What `baton eval` measures of the models, each beside the simplest baseline in the same run. Needs the `train` extra."""
