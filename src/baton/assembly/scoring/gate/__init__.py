"""The gate under attack: a planner that obeys every planted order, and what of it the gate lets through.

No model is asked. What is measured is what stands outside it, as published defences inside models fell to whoever adapted.
"""
