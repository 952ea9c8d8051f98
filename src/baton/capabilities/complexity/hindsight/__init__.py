"""Hindsight: how hard a conversation turned out to be, once a rep's part in it is over."""
