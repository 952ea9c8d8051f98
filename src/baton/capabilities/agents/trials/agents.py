"""What is said of trials, on `trial/<id>`: asked for, done with every result, or failed. Event names begin with `agents`, as the file is called."""

from typing import Literal

import msgspec

from baton.kernel.events import Event, Personal

Kind = Literal["scenarios", "customers"]


class ScenarioFile(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A scenario as somebody wrote it: a TOML text, and who changed it last."""

    id: str
    title: str
    text: str
    author: str = ""


class Scenarios(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `agents.Scenarios`: every scenario that a version has to pass. No decision of a conversation reads it."""

    files: tuple[ScenarioFile, ...] = ()

    def of(self, id: str) -> ScenarioFile | None:
        """The scenario of that id."""
        return next((file for file in self.files if file.id == id), None)


class TrialAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody wants a version tried. `rival` is another version met by the same customers; `only` one scenario; `company` whose
    simulated customers and system of record stand behind it (empty: none, tools answer as mocked).
    """

    kind: Kind
    agent: str
    version: str
    staff: str
    rival: str = ""
    n: int = 0
    seed: int = 1
    only: str = ""
    company: str = ""


class ScenarioResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a scenario went. `wrong` is what is not as expected, `checked` each thing it expects and whether it holds, `decided` how often the agent
    did what; cost in micro-units.
    """

    id: str
    title: str
    wrong: tuple[str, ...] = ()
    turns: int = 0
    cost_micros: int = 0
    handed_over: bool = False
    outcome: str = ""
    procedure: str = ""
    decided: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    ms: int = 0
    checked: tuple[tuple[str, bool], ...] = ()


class TalkResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one simulated customer fared. `met` is the truth: the need was met by the agent alone; `ledger` is the state that the ledger gave the
    need, seeing only the log. `back` tells that they came again about it, and `met_later` that the need was met then.
    """

    n: int
    version: str
    persona: str
    intent: str
    met: bool
    ledger: str
    complexity: str = ""
    handed_over: bool = False
    gave_up: bool = False
    back: bool = False
    turns: int = 0
    cost_micros: int = 0
    met_later: bool = False


class TrialDone(Event, frozen=True, gc=False, omit_defaults=True):
    """Every result of a trial. `print` is the hash of what was tried (the version, its procedures, the scenarios); `transcripts` are the
    talks by name, as JSON: sealed, since scenarios may quote people.
    """

    agent: str
    version: str
    print: str = ""
    scenarios: tuple[ScenarioResult, ...] = ()
    talks: tuple[TalkResult, ...] = ()
    took_ms: int = 0
    transcripts: Personal[str] = ""


class TrialFailed(Event, frozen=True, gc=False, omit_defaults=True):
    """A trial could not be run, and why."""

    code: str
    why: str = ""


class VersionForced(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody lets a version take live traffic although a scenario fails or was never run, for the reason `why`."""

    agent: str
    version: str
    print: str
    staff: str
    why: str
    failing: tuple[str, ...] = ()
