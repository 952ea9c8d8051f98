"""The kill switch: one policy for conversations to come, one event for each that is open."""
