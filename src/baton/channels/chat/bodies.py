"""Bodies: what the chat routes take and give, beside the hot ones."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Strict(BaseModel):
    """A body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class Position(BaseModel):
    """Where it stands in the log."""

    position: int


class Asked(BaseModel):
    """Who holds the conversation now, and the place in line where it waits; `wait_s` is null where nobody can say."""

    holder: Literal["agent", "rep", "queue", "nobody"]
    position: int
    place: int | None = None
    wait_s: int | None = None
    nobody: bool = False


class Callback(Strict):
    """How and when to reach the customer: a number or an address, and a time in milliseconds since the epoch (0: soon)."""

    contact: str = Field(min_length=3, max_length=200, pattern=r"^[^\x00]*\S[^\x00]*$")
    at_ms: int = Field(0, ge=0, le=4_102_444_800_000)


class Chooses(Strict):
    """Whom the customer waits for: whoever is free first, or the rep who was offered by name."""

    whom: Literal["anyone", "rep"]


class Prefers(Strict):
    """Plain words, one question at a time, and the language to be written to in."""

    plain: bool = False
    one_at_a_time: bool = False
    language: str = Field("", max_length=35, pattern=r"^([A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3})?$")


class Rating(Strict):
    """How the customer rates the conversation: csat 1 to 5, nps 0 to 10, or ces 1 to 7."""

    scale: Literal["csat", "nps", "ces"] = "csat"
    score: int = Field(ge=0, le=10)

    @model_validator(mode="after")
    def _on_its_scale(self) -> "Rating":
        low, high = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7)}[self.scale]
        if not low <= self.score <= high:
            raise ValueError(f"{self.scale} goes from {low} to {high}")
        return self


class Passage(BaseModel):
    """The section of an article that an answer cites."""

    title: str
    section: str
    text: str


class Typing(Strict):
    """Whether the customer types now."""

    on: bool = True


class TurnOut(BaseModel):
    """A turn of the transcript. `ai_generated` marks what an AI made, as `role` `agent` does in events."""

    position: int
    role: str
    text: str
    by: str
    at_ms: int
    cites: list[str]
    ai_generated: bool = False


class Transcript(BaseModel):
    """The whole conversation so far."""

    id: str
    turns: list[TurnOut]


class Openers(BaseModel):
    """What a customer may begin with, and what the widget shows at first: who answers, how long a person takes, a known issue."""

    brand: str
    assistant: str
    disclosure: str
    openers: list[str]
    person_wait_s: int | None
    nobody: bool
    notice: str = ""


class Sent(BaseModel):
    """It was passed on; nothing was kept."""

    sent: bool = True


class Forgotten(BaseModel):
    """What was forgotten cannot be read any more, by anybody, backups included."""

    forgotten: bool
