"""Importing: drafts of procedures from what an organisation has already: flow graphs, lists of actions, policies in prose."""
