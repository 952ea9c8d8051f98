"""Two companies of public benchmark data (τ-bench, Sierra Research, MIT): their records, tools and policies, run through Baton's tools and gate."""
