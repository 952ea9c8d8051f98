"""The AI use page: the funnel, silent rework, effects at equal mix, teams beside their work, other tools."""
