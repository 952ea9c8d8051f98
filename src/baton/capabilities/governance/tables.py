"""Read models of governance: conversations an agent holds now, who looked at what, what was vetoed, and what passed the gate. Days are UTC days since 1970."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

OPEN = Table(
    "governance_open",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("state", String),
    Column("holder", String),
    Column("halted", String),
    Column("started_ms", BigInteger),
)
"""Live conversations: `state` open or ended, `holder` agent, rep, queue or nobody, `halted` the agents stopped there."""

ACCESS = Table(
    "governance_access",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("staff", String),
    Column("act", String),
    Column("conversation", String),
    Column("role", String),
    Column("at_ms", BigInteger),
)
"""Every access to personal data and every sign-in: who, when, what. Of one whose time is over only `act` forgotten and the time are left."""

CHANGES = Table(
    "governance_changes",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("policy", String),
    Column("author", String),
    Column("why", String),
    Column("replay", String),
    Column("emergency", Integer),
    Column("at_ms", BigInteger),
)
"""Every change of policy: which, by whom, why, after which replay (empty: none), and whether somebody went without one in an emergency."""

VETOES = Table(
    "governance_vetoes",
    METADATA,
    Column("action", String, primary_key=True),
    Column("why", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("vetoed", Integer),
)
"""How often governance refused what was proposed, and why."""

SWITCHES = Table(
    "governance_switches",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("agents", String),
    Column("staff", String),
    Column("why", String),
    Column("at_ms", BigInteger),
)
"""Every turn of the kill switch: the agents stopped from then on (ids, or `*`; empty for none), by whom and why."""

CONFIRMED = Table(
    "governance_confirmed",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("bound", String, primary_key=True),
    Column("customer", String),
    Column("until_ms", BigInteger),
    Column("state", String),
    Column("channel", String),
    Column("act", String),
)
"""Every yes an act was asked for: `bound` is the act's hash, `state` asked, given, spent or used, `act` the key of the act it was spent on."""

APPROVED = Table(
    "governance_approved",
    METADATA,
    Column("approval", String, primary_key=True),
    Column("conversation", String),
    Column("bound", String),
    Column("until_ms", BigInteger),
)
"""Approvals that were asked of a person; `until_ms` is 0 or empty until one was given."""

CALLS = Table(
    "governance_calls",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("conversation", String),
    Column("tool", String),
    Column("risk", String),
    Column("kind", String),
    Column("allowed", Integer),
    Column("rules", String),
    Column("grounds", String),
    Column("at_ms", BigInteger),
)
"""Every call the gate judged: `rules` decided, by commas; `grounds` are what it knew, as JSON of labels and numbers."""

GATES = Table(
    "governance_gates",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("author", String),
    Column("why", String),
    Column("replay", String),
    Column("emergency", Integer),
    Column("at_ms", BigInteger),
)
"""Every version of the gate's policies that was put in force; `replay` is what it changed of past calls, or empty."""

ERASURES = Table(
    "governance_erasures",
    METADATA,
    Column("subject", String, primary_key=True),
    Column("state", String),
    Column("staff", String),
    Column("why", String),
    Column("asked_ms", BigInteger),
    Column("erased_ms", BigInteger),
    Column("conversations", Integer),
    Column("open_after", Integer),
    Column("position", BigInteger),
)
"""People who asked to be forgotten: `subject` is the key of the stream that says it, `state` asked or erased, `staff` who asked (empty:
themselves), `position` where the erasure stands. `open_after` is how many sealed values could still be read afterwards: 0."""

DARK = Table(
    "governance_dark",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("why", String),
    Column("fingerprint", String),
    Column("at_ms", BigInteger),
)
"""Conversations whose text was destroyed: by an erasure, a retention period, or the customer who forgot that one. `fingerprint` is the key's."""

HOLDS = Table(
    "governance_holds",
    METADATA,
    Column("hold", String, primary_key=True),
    Column("scope", String),
    Column("ref", String),
    Column("records", String),
    Column("staff", String),
    Column("placed_ms", BigInteger),
    Column("until_ms", BigInteger),
    Column("ended_ms", BigInteger),
    Column("ended_by", String),
)
"""Legal holds: of whom (`scope` all, customer or conversation, `ref` its key), of which records (commas between), by whom, until when.
`ended_ms` is null while it is in force; `ended_by` is empty where it ended by itself."""

CONSENTS = Table(
    "governance_consents",
    METADATA,
    Column("customer", String, primary_key=True),
    Column("purpose", String, primary_key=True),
    Column("channel", String, primary_key=True),
    Column("given", Integer),
    Column("basis", String),
    Column("version", String),
    Column("source", String),
    Column("captured_ms", BigInteger),
    Column("expires_ms", BigInteger),
    Column("revoked_ms", BigInteger),
    Column("position", BigInteger),
    Index("governance_consents_by_purpose", "purpose", "given"),
)
"""What each customer's data may be used for, as last said; the wording they saw is in the log at `position`."""

TAKEN = Table(
    "governance_taken",
    METADATA,
    Column("position", BigInteger, primary_key=True),
    Column("kind", String),
    Column("staff", String),
    Column("customer", String),
    Column("conversation", String),
    Column("plain", Integer),
    Column("at_ms", BigInteger),
    Index("governance_taken_by_customer", "customer"),
    Index("governance_taken_by_conversation", "conversation"),
)
"""Personal data that somebody took out: what is recalled once the person is erased. `staff` is empty where it was the person."""

DISCLOSURES = Table(
    "governance_disclosures",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("agent", String),
    Column("version", String),
    Column("language", String),
    Column("shown", Integer),
    Column("at_ms", BigInteger),
)
"""One row for each live conversation in which an AI spoke: `shown` is 1 where its first words said so, 0 where there is no evidence."""

INCIDENTS = Table(
    "governance_incidents",
    METADATA,
    Column("incident", String, primary_key=True),
    Column("system", String),
    Column("kind", String),
    Column("severity", String),
    Column("owner", String),
    Column("due_on", String),
    Column("conversation", String),
    Column("opened_ms", BigInteger),
    Column("closed_ms", BigInteger),
)
"""Incidents of AI systems; `closed_ms` is 0 while one is open. Their texts are on the stream `register/<system>`."""
