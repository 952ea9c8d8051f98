"""Bodies: a routing policy as HTTP takes it, with what each number may be."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Label = Annotated[str, Field(max_length=100, pattern=r"^[\w.:/+-]*$")]
Seconds = Annotated[int, Field(ge=0, le=31_536_000)]
Permille = Annotated[int, Field(ge=0, le=10_000)]


class Strict(BaseModel):
    """A body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class UrgencyIn(Strict):
    """How waiting counts: weight, and the power of the wait over its target."""

    weight_permille: Annotated[int, Field(ge=1, le=100_000)] = 1000
    power_permille: Literal[1000, 1500, 2000, 2500, 3000] = 2000


class QueueIn(Strict):
    """A queue: what it takes, when it is open where it is, how its delay counts, where it overflows to."""

    id: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$")
    title: str = Field(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$")
    skill: Label = ""
    intents: list[Label] = []
    target_s: int = Field(20, ge=1, le=86_400)
    target_permille: int = Field(800, ge=1, le=1000)
    opens_minute: int = Field(0, ge=0, le=1439)
    closes_minute: int = Field(1440, ge=1, le=1440)
    person_first: bool = False
    closed_days: list[Annotated[int, Field(ge=0, le=6)]] = []
    person_first_intents: list[Label] = []
    reasons: list[Label] = []
    zone: Label = "UTC"
    closed_dates: list[Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]] = []
    urgency: UrgencyIn = UrgencyIn()
    reserved: int = Field(0, ge=0, le=1000)
    overflow_after_s: Seconds = 0
    overflow_to: list[Label] = []
    deferred_target_s: Seconds = 14_400
    agent_levels: list[Literal["low", "medium", "high"]] = []
    agent_after_s: Seconds = 30


class RulesIn(Strict):
    """All queues, and how who serves next is chosen."""

    queues: list[QueueIn] = Field(min_length=1, max_length=200)
    offer_s: int = Field(20, ge=3, le=600)
    wait_limit_s: Seconds = 1800
    match_permille: Permille = 300
    affinity_permille: Permille = 500
    fairness_permille: Permille = 200
    starving_after_s: int = Field(900, ge=1, le=31_536_000)
    places: dict[Label, Annotated[int, Field(ge=0, le=20)]] = {"voice": 0, "callback": 0}
    deferrable: list[Label] = ["email", "task", "outbound"]
    grace_s: int = Field(45, ge=0, le=3600)
    effect_permille: Permille = 300


class Revision(Strict):
    """A new version of the rules. `version` is the one it was made from, so that nobody's change is lost.

    `replay` is the id of a replay that shows what these rules would change; in an `emergency` one may go without, with the reason.
    """

    version: int = Field(ge=0)
    rules: RulesIn
    why: str = Field("", max_length=500, pattern=r"^[^\x00]*$")
    replay: str = Field("", max_length=40)
    emergency: bool = False


class Rules(BaseModel):
    """The rules in force, and their version: its position in the log, 0 before any."""

    version: int
    rules: RulesIn


class Revised(BaseModel):
    """The version that is in force from here on; conversations that have begun keep theirs."""

    version: int
