"""The works-council agreement: which figures exist for single reps, for whom, how many days back, and from which size of a group on."""
