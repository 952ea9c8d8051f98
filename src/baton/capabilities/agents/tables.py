"""Read models of agents: what each did, how procedures ended, and approvals. Days are UTC days since 1970."""

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table

METADATA = MetaData()

ACTIONS = Table(
    "agents_actions",
    METADATA,
    Column("agent", String, primary_key=True),
    Column("action", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("times", Integer),
)
"""How often an agent did what: answer, ask_back, start_procedure, next_step, run_tool, ask_approval, close."""

THOUGHTS = Table(
    "agents_thoughts",
    METADATA,
    Column("agent", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("model", String, primary_key=True),
    Column("provider", String, primary_key=True),
    Column("outcome", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("calls", Integer),
    Column("input_tokens", BigInteger),
    Column("output_tokens", BigInteger),
    Column("cost_micros", BigInteger),
    Column("ms", BigInteger),
)
"""Calls to models that think: how many, what they read and wrote, cost and took, by how they ended."""

PROCEDURES = Table(
    "agents_procedures",
    METADATA,
    Column("procedure", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("started", Integer),
    Column("done", Integer),
    Column("refused", Integer),
    Column("stopped", Integer),
    Column("given_up", Integer),
    Column("unknown", Integer),
)
"""How procedures ended: done (the record shows it), refused by a rule, stopped by the customer (or nothing to do), given up to a person,
or with an outcome nobody knew."""

APPROVALS = Table(
    "agents_approvals",
    METADATA,
    Column("approval", String, primary_key=True),
    Column("conversation", String),
    Column("action", String),
    Column("why", String),
    Column("queue", String),
    Column("asked_ms", BigInteger),
    Column("answered_ms", BigInteger),
    Column("ok", Integer),
    Column("rep", String),
)
"""Approvals asked of reps. `ok` is 1 or 0 once answered; `answered_ms` is empty until then."""

UNSETTLED = Table(
    "agents_unsettled",
    METADATA,
    Column("key", String, primary_key=True),
    Column("conversation", String),
    Column("procedure", String),
    Column("step", String),
    Column("tool", String),
    Column("since_ms", BigInteger),
    Column("asked", Integer),
    Column("settled", String),
    Column("by", String),
    Column("settled_ms", BigInteger),
)
"""Acts whose outcome nobody knew: how often the record was asked, and what came of it; `settled` is empty while nobody knows."""

SERVED = Table(
    "agents_served",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("agent", String),
    Column("version", String),
    Column("permille", Integer),
    Column("against", String),
    Column("at_ms", BigInteger),
    Index("agents_served_by_version", "agent", "version"),
)
"""Which version of which agent serves a conversation. `permille` is the chance by which it was drawn `against` another version; 1000 where it
had no rival, 0 where imported history does not tell."""

SPENT = Table(
    "agents_spent",
    METADATA,
    Column("conversation", String, primary_key=True),
    Column("calls", Integer),
    Column("tokens", BigInteger),
    Column("cost_micros", BigInteger),
    Column("tool_calls", Integer),
)
"""What a conversation took of models that think (micro-units of the currency) and of tools that an agent ran."""

LIMITS = Table(
    "agents_limits",
    METADATA,
    Column("agent", String, primary_key=True),
    Column("what", String, primary_key=True),
    Column("day", Integer, primary_key=True),
    Column("times", Integer),
)
"""How often a budget was spent and the customer went to a person for it: `what` is the limit, such as `turn.calls`."""

TRIALS = Table(
    "agents_trials",
    METADATA,
    Column("trial", String, primary_key=True),
    Column("kind", String),
    Column("agent", String),
    Column("version", String),
    Column("rival", String),
    Column("only", String),
    Column("print", String),
    Column("n", Integer),
    Column("seed", Integer),
    Column("staff", String),
    Column("asked_ms", BigInteger),
    Column("state", String),
    Column("why", String),
    Column("over_ms", BigInteger),
    Column("passed", Integer),
    Column("failed", Integer),
    Column("took_ms", BigInteger),
)
"""One row for each trial of a version by `scenarios` or simulated `customers`. `state` is `asked`, `done`, `failed`, or `forced` where somebody let
a version go live without; `print` is the hash of what was tried. `passed` and `failed` are
scenarios, or simulated customers whose need was truly met or not."""

SCENARIO_RUNS = Table(
    "agents_scenario_runs",
    METADATA,
    Column("trial", String, primary_key=True),
    Column("scenario", String, primary_key=True),
    Column("agent", String),
    Column("version", String),
    Column("at_ms", BigInteger),
    Column("wrong", Integer),
    Column("turns", Integer),
    Column("cost_micros", BigInteger),
    Column("handed_over", Integer),
    Column("outcome", String),
    Column("ms", BigInteger),
    Index("agents_scenario_runs_by_scenario", "scenario", "at_ms"),
)
"""How often each scenario was run and with what: `wrong` is how much was not as expected; cost in micro-units of the currency."""

TRIAL_TALKS = Table(
    "agents_trial_talks",
    METADATA,
    Column("trial", String, primary_key=True),
    Column("version", String, primary_key=True),
    Column("n", Integer, primary_key=True),
    Column("persona", String),
    Column("intent", String),
    Column("complexity", String),
    Column("met", Integer),
    Column("ledger", String),
    Column("handed_over", Integer),
    Column("gave_up", Integer),
    Column("back", Integer),
    Column("turns", Integer),
    Column("cost_micros", BigInteger),
)
"""One row for each simulated customer and version: `met` is the truth, `ledger` the state that the ledger gave the need; cost in micro-units."""
