"""Own: what a rep sees of planning: their shifts, swaps, days off, adherence and calendar. Never anybody else's adherence."""
