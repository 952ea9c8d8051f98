"""Halcyon Air, invented: its articles, people, queues, procedures and planted truths, as files anyone can read.

Nothing here is copied from a data set, and no person, flight or price exists. The loaders are `company`, `library` and `procedure`.
"""
