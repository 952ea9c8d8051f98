"""Privacy: a person forgotten with proof, records kept no longer than said, texts used for what was agreed, and who looked at whom."""
