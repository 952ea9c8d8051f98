"""Staffing: how many people the contacts of a slot need, and what changes for people when AI takes more."""
