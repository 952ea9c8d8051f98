"""Roles of an organisation's own: made from one that ships, written as Cedar, shown before they are in force, taken back."""
