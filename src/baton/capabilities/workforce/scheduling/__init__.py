"""Scheduling: who works when, so that the people each slot needs are there, within contracts and with fair shares of what nobody likes."""
