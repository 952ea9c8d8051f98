"""Asking: what is typed into the form of a new version, or sent over HTTP, checked once."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.datastructures import FormData

from baton.capabilities.agents.events import Agent
from baton.capabilities.agents.studio.changing import Made
from baton.kernel.errors import BatonError

Line = Annotated[str, Field(max_length=200, pattern=r"^[^\x00\n]*$")]
Key = Annotated[str, Field(max_length=100, pattern=r"^[\w.:/-]+$")]


class MadeIn(BaseModel):
    """What a new version is made of. No procedure named: it may carry out all."""

    model_config = ConfigDict(extra="forbid", str_strip_whitespace=True)

    name: Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[^\x00\n]*$")]
    disclosure: Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]*$")]
    answer_floor: int = Field(350, ge=0, le=1000)
    procedures: list[Key] = []
    queues: list[Key] = []
    model: Line = ""
    thinks: Literal["unsure", "first"] = "unsure"

    def made(self) -> Made:
        """The same, for the log."""
        return Made(
            self.name, self.disclosure, self.answer_floor, tuple(self.procedures), tuple(self.queues), self.model, self.thinks
        )  # fmt: skip


LABELS = {
    "name": "Name",
    "disclosure": "First words",
    "answer_floor": "Least score of an answer",
    "model": "Model that thinks",
}


def typed(form: FormData) -> Agent:
    """What was typed, unchecked, for the form to show again."""
    name, disclosure = str(form.get("name") or ""), str(form.get("disclosure") or "")
    procedures = () if form.get("every") else tuple(map(str, form.getlist("procedures")))
    return Agent("", name, queues=tuple(map(str, form.getlist("queues"))), procedures=procedures, disclosure=disclosure)


def made_of(form: FormData) -> Made:
    """What a form holds; raises 422 with what to put right."""
    told: dict[str, object] = {name: str(form.get(name) or "") for name in ("name", "disclosure", "model")}
    told["answer_floor"] = str(form.get("answer_floor") or "350")
    told["thinks"] = str(form.get("thinks") or "unsure")
    told["procedures"] = [] if form.get("every") else [str(p) for p in form.getlist("procedures")]
    told["queues"] = [q for named in form.getlist("queues") for q in str(named).replace(",", " ").split()]
    try:
        return MadeIn.model_validate(told).made()
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = LABELS.get(str(first["loc"][0]), str(first["loc"][0])) if first["loc"] else "the form"
        raise BatonError("version_invalid", 422, f"{where}: {first['msg']}. Nothing was saved.") from wrong
