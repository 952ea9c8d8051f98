"""What orchestration says: the intent of a conversation as it is understood now."""

from baton.kernel.events import Fact


class Intent(Fact, frozen=True, gc=False, omit_defaults=True):
    """What the customer wants, as the models understand it. `label` is empty where they abstain. Permille.

    `seen` are the different labels so far, oldest first; `issues` is how many things are to be solved; `position` is
    the turn the label came from; `asked` is how often the customer put the same question, this time included;
    `language` is the one it was written in.
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
