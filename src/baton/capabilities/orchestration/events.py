"""What orchestration says: the intent of a conversation as it is understood now."""

from baton.kernel.events import Fact


class Intent(Fact, frozen=True, gc=False, omit_defaults=True):
    """What the customer wants, as the models understand it. `label` is empty where they abstain. Permille."""

    label: str
    confidence: int = 0
    runner_up: str = ""
    margin: int = 0
    issues: int = 1
    tier: str = "fast"
    model: str = ""
