"""Models that ship with Baton: what a text says, found without a cloud (DESIGN.md, section 8)."""
