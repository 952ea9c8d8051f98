"""Placeholder."""


class Visitor: ...
