"""Placeholder."""


class Colleague: ...
