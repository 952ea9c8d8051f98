"""What orchestration says: the intent of a conversation as it is understood now, by which tier, and who corrected it."""

from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact
from baton.kernel.ports import Judgement, Models
from baton.kernel.stream import Stream


class Intent(Fact, frozen=True, gc=False, omit_defaults=True):
    """What the customer wants, as the models understand it. `label` is empty where they abstain. Permille.

    `seen` are the different labels so far, oldest first; `issues` is how many things are to be solved; `position` is
    the turn the label came from; `asked` is how often the customer put the same question, this time included;
    `language` is the one it was written in. `tier` is `fast`, `slow`, or `person` where somebody corrected it.
    """

    label: str
    confidence: int = 0
    runner_up: str = ""
    margin: int = 0
    issues: int = 1
    tier: str = "fast"
    model: str = ""
    seen: tuple[str, ...] = ()
    position: int = 0
    asked: int = 1
    language: str = ""


class Near(msgspec.Struct, frozen=True, gc=False):
    """How near a turn is in meaning to a section (`art-13#1`) or a procedure, in permille: to all of it, to the nearest of the
    questions that customers ask of it, and to each of its sentences.
    """

    name: str
    whole: int
    asked: int = 0
    sentences: tuple[int, ...] = ()


class SecondLook(Fact, frozen=True, gc=False, omit_defaults=True):
    """The words of the turn at `position` leave open what is wanted, or what answers it: the slow tier is asked, and is
    `done` once it answered.

    One answer counts for a turn: the outcome of the decision to look again, an input of its own. `intent` is empty where
    the slow tier abstains too, or gave no answer (`model` is empty then, and `why` says why). `near` are the sections and
    `acts` the procedures nearest in meaning, `strange` how near the turn is to what seldom anybody wrote about; all empty
    where that was not compared. Permille.
    """

    position: int
    done: bool = False
    intent: str = ""
    confidence: int = 0
    runner_up: str = ""
    margin: int = 0
    model: str = ""
    why: str = ""
    near: tuple[Near, ...] = ()
    acts: tuple[Near, ...] = ()
    strange: int = 0


class IntentCorrected(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody says what the customer wants: it holds for the conversation, and is a label to learn from.

    `position` is the customer's turn that says so (0: the first one with a request), `was` what the models had made of it.
    """

    label: str
    staff: str
    position: int = 0
    was: str = ""


class Intents(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `orchestration.Intents`: which head names intents. `head` is the name of a blob; empty is the one that ships.

    `labels` are what it can name, `figures` what it reached on texts held out (permille), `title` what people call it.
    """

    head: str = ""
    title: str = ""
    labels: tuple[str, ...] = ()
    figures: dict[str, int] = {}


class Left(msgspec.Struct, frozen=True, omit_defaults=True):
    """Rows of one fault (`empty`, `duplicate`, `conflict`, `leak`): how many, and the first of them by line or conversation."""

    fault: str
    count: int
    places: tuple[str, ...] = ()


class ExamplesGiven(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody gave labelled rows on `head/<id>`; the rows are a sealed file of that name, here are only counts.

    `rows` are learned from and `held` measured on; `corrections` of both were corrected in conversations; `tested` tells that
    the held-out rows are a test file. With `left`, it waits until somebody says to leave those rows out. `refused` corrections are not among
    them, as their customer does not want to be learned from.
    """

    staff: str
    title: str = ""
    rows: int = 0
    held: int = 0
    corrections: int = 0
    labels: tuple[str, ...] = ()
    out_of_scope: str = ""
    tested: bool = False
    left: tuple[Left, ...] = ()
    refused: int = 0


class TeachingAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """A head is to be taught the rows that were given, those with a fault left out."""

    staff: str


class TeachingStep(Event, frozen=True, gc=False, omit_defaults=True):
    """How far it is: reading sentence vectors (`done` of `total` texts), fitting, measuring."""

    step: Literal["reading", "fitting", "measuring"]
    done: int = 0
    total: int = 0


class Share(msgspec.Struct, frozen=True, omit_defaults=True):
    """A share with its 95 % interval in permille, of `n` rows."""

    permille: int = 0
    low: int = 0
    high: int = 1000
    n: int = 0


class SideFigures(msgspec.Struct, frozen=True, omit_defaults=True):
    """What the taught head, the live one and the simple one reach on the same held-out rows.

    `accuracy` counts the best label of rows about one of the labels; `given_right` the answers given, of all rows; `left_alone`
    rows about none of the labels that got no answer. `error` is the calibration error less what chance shows. `auroc` tells
    how well rows about none are told apart, permille. `known` is how many of the labels it can name.
    """

    name: str
    accuracy: Share = Share()
    given_right: Share = Share()
    abstained: Share = Share()
    left_alone: Share = Share()
    error: Share = Share()
    auroc: int = 500
    known: int = 0


class ConfusedPair(msgspec.Struct, frozen=True, omit_defaults=True):
    """Held-out rows of one label taken for another: `count` of `of`; `rows` are the first of them by number."""

    label: str
    taken_for: str
    count: int
    of: int
    rows: tuple[int, ...] = ()


class HeadTaught(Event, frozen=True, gc=False, omit_defaults=True):
    """A head was taught and measured; its file is a sealed blob named as the stream. `better` is in permille points."""

    labels: tuple[str, ...] = ()
    sides: tuple[SideFigures, ...] = ()
    better: Share = Share()
    confused: tuple[ConfusedPair, ...] = ()
    inside: int = 0
    outside: int = 0
    against: str = ""
    seconds: int = 0


class TeachingFailed(Event, frozen=True, gc=False, omit_defaults=True):
    """It could not be taught, and why; the rows that were given are kept."""

    code: str
    why: str = ""


class Figure(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value with its 95 % interval, whole numbers of the line's unit; `n` is how many runs or decisions stand behind it."""

    value: int
    low: int
    high: int
    n: int = 0


class Line(msgspec.Struct, frozen=True, omit_defaults=True):
    """A figure of a replay: what was logged (None where nothing tells), as it was and with the change, and the difference.

    `queue` "" is all queues. `method` is how it is known: `simulated` by the queue's twin, `counted` from the log, `weighted` off-policy
    from decisions whose chance was logged. `least` and `most` are of the single runs as it was.
    """

    name: str
    queue: str
    unit: Literal["permille", "ms", "count"]
    method: Literal["simulated", "counted", "weighted"]
    happened: int | None
    before: Figure
    after: Figure
    difference: Figure
    least: int = 0
    most: int = 0


class Differs(msgspec.Struct, frozen=True, omit_defaults=True):
    """A recorded decision that the change would have made otherwise: at which input, what was decided, what would be."""

    conversation: str
    position: int
    was: str
    would: str


class Redecided(msgspec.Struct, frozen=True, omit_defaults=True):
    """Recorded decisions decided again, each conversation up to its first difference.

    `drawn` of `there` conversations were read; `dark` of those cannot be, since their customer is forgotten. `same` of `decisions` came
    out as recorded without the change; a conversation where one did not is left there and is one of `astray`, which `changed` leaves out.
    `kinds` counts the differences.
    """

    there: int = 0
    drawn: int = 0
    dark: int = 0
    decisions: int = 0
    same: int = 0
    changed: Figure = Figure(0, 0, 0)
    kinds: dict[str, int] = {}
    examples: tuple[Differs, ...] = ()
    astray: int = 0


class Weighed(msgspec.Struct, frozen=True, omit_defaults=True):
    """Offers whose chance was logged between 1 and 99 %, weighed by how likely the changed policy makes them.

    `effective` is the effective sample size of the weights, `clipped` how many weights were cut at `most` (permille of the chance).
    """

    offers: int = 0
    chancy: int = 0
    effective: int = 0
    clipped: int = 0
    why_not: str = ""


class ReplayAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """On `replay/<id>`: somebody asks what a change would have done in a period. The change is a file's text: policy and numbers."""

    staff: str
    change: str
    since_ms: int
    until_ms: int
    seed: int = 1
    title: str = ""


class ReplayDone(Event, frozen=True, gc=False, omit_defaults=True):
    """What came of it. `bodies` are the policies as they would be, by name, `versions` those they were made from: 0 before any.

    `unknown` are fields that no method here tells of; `notes` counts what the figures rest on. `seconds` is how long it took.
    """

    lines: tuple[Line, ...] = ()
    redecided: Redecided = Redecided()
    weighed: Weighed = Weighed()
    contacts: int = 0
    reps: int = 0
    reps_logged: int = 0
    kept: int = 0
    seeds: int = 0
    unserved: dict[str, int] = {}
    unknown: tuple[str, ...] = ()
    bodies: dict[str, msgspec.Raw] = {}
    versions: dict[str, int] = {}
    seconds: int = 0


class ReplayFailed(Event, frozen=True, gc=False, omit_defaults=True):
    """It could not be run, and why."""

    code: str
    why: str = ""


class ChangeWentLive(Event, frozen=True, gc=False, omit_defaults=True):
    """The policies of a replay went live, by whom and why."""

    staff: str
    why: str = ""


def understood(text: str, stream: Stream, models: Models) -> Judgement:
    """What the fast tier says of a text, its intent by the head this stream is pinned to."""
    head = stream.policy(Intents).head
    return models.judge(text, head) if head else models.judge(text)


def text_at(stream: Stream, position: int) -> str:
    """The words of the turn that came in at this position; empty where there is none."""
    return next((turn.text for turn in reversed(stream.turns) if turn.position == position and not turn.n), "")
