"""`python -m baton.cli`."""

from baton.cli import app

app()
