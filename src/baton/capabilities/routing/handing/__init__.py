"""Handing over: which queue, which agent, what the customer is told and what the rep needs to know."""
