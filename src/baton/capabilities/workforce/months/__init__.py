"""Months: eighteen months of people needed and people there, by team, with hiring that takes time and reps who learn."""
