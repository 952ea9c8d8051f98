"""Desk: reps take what is offered, speak, hand back and wrap up; each is an event on the log."""
