"""Read model of needs for a person: one row per stay with the AI in which a trigger was met."""

from sqlalchemy import BigInteger, Column, Integer, MetaData, String, Table

METADATA = MetaData()

NEEDS = Table(
    "empathy_needs", METADATA,
    Column("conversation", String, primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("reason", String),
    Column("position", BigInteger),
    Column("needed_ms", BigInteger),
    Column("queued_ms", BigInteger),
    Column("reached", Integer),
    Column("reached_ms", BigInteger),
    Column("declined", Integer),
    Column("triggers", Integer),
    Column("asked_ms", BigInteger),
    Column("clicks", Integer),
    Column("callback_ms", BigInteger),
    Column("stayed_with_ai", Integer),
    Column("refused", Integer),
    Column("missed", Integer),
)  # fmt: skip
"""Times are milliseconds since the epoch, empty where it did not happen; the rest of the flags are 0 or 1.

`reason` is the strongest trigger, `needed_ms` when the first was met, `asked_ms` when the customer first asked, `queued_ms`
when a person was offered (the queue has it), `reached_ms` when one came, `callback_ms` when a callback was booked.
`clicks` is how many turns or taps asked for a person until the queue had it: 1 where asking once was enough, 0 where
nobody had to ask. `stayed_with_ai` is 1 where the AI spoke on after the trigger, `refused` where a hand-over was proposed
and something else was decided, `missed` where the conversation ended without queue or person; none of them counts
against whoever `declined`.

Time to a person = reached_ms - needed_ms. Missed escalation = missed. Empathy debt = stayed_with_ai, not reached and not
declined.
"""
