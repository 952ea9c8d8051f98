"""Article files: markdown with a head and numbered sections."""
