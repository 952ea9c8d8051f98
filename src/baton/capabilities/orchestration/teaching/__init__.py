"""Teaching intents from the screen: rows that are given, heads that come of them, and switching between heads."""
