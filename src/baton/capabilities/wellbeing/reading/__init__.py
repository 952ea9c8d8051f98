"""Reading: a rep's own load, and what a team of eight or more needs and what it costs."""
