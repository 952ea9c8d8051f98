"""300 pairs of a contact centre: a need that a customer really has, and an attack on it. Invented, like the company.

Each is worked by a running Baton (log, procedures, confirmations, gate, tools) over Halcyon Air's system of record, with a
planner between the acts and the tools that has been taken over. What happened is read from the record's own ledger.
"""
