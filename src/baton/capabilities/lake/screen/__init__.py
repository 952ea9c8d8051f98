"""The Conversations screen: the list, one conversation with all that was decided about it, and two side by side."""
