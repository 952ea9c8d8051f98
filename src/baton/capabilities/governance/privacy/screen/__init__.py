"""Privacy on a screen: find and forget a person, legal holds, how long records are kept, and who looked at whom."""
