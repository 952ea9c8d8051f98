"""A small capability for the conformance tests: it echoes, escalates, counts, speaks elsewhere, waits, acts outside, and fails."""

from baton.kernel.capability import Card

CARD = Card(trend="base", title="Craft of the conformance tests")
