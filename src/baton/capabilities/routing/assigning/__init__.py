"""Assigning: which waiting conversation is offered to which rep, how long it may take, and when a queue is open."""
