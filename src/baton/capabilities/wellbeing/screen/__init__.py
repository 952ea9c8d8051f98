"""The screens of wellbeing: a rep's own load, and breathers by team with their cost."""
