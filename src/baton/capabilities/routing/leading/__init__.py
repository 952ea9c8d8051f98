"""Leading: what people move by hand: a conversation given to a colleague, moved to another queue, a rep lent to one."""
