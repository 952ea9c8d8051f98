"""Reading: the funnel from shown to resolved, silent rework, effects at equal case mix, teams beside their work."""
