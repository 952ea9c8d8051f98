"""Adherence: time as planned over time planned, with breathers and paid breaks counted for nobody against them."""
