"""What orchestration says: the intent of a conversation as it is understood now, by which tier, and who corrected it."""

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


class SecondLook(Fact, frozen=True, gc=False, omit_defaults=True):
    """The words of the turn at `position` leave open what is wanted: the slow tier is asked, and is `done` once it answered.

    One answer counts for a turn: the outcome of the decision to look again, an input of its own. `intent` is empty where
    the slow tier abstains too, or gave no answer (`model` is empty then, and `why` says why). Permille.
    """

    position: int
    done: bool = False
    intent: str = ""
    confidence: int = 0
    runner_up: str = ""
    margin: int = 0
    model: str = ""
    why: str = ""


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


def understood(text: str, stream: Stream, models: Models) -> Judgement:
    """What the fast tier says of a text, its intent by the head this stream is pinned to."""
    head = stream.policy(Intents).head
    return models.judge(text, head) if head else models.judge(text)


def text_at(stream: Stream, position: int) -> str:
    """The words of the turn that came in at this position; empty where there is none."""
    return next((turn.text for turn in reversed(stream.turns) if turn.position == position and not turn.n), "")
