"""The demo: Halcyon Air, an invented company, so that everything can be seen without anybody's data."""
