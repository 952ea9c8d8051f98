"""Scenes: turns in, facts and decisions out, in a form a supervisor can read.

A line says what happens; lines that begin with `->` say what must be true after it. `#` begins a remark.

    customer: Where is my refund?          mara takes over                 kim sits down: refunds, bags; speaks en, es; holds 2
    kim: I see it here.                    kim takes it                    kim passes it
    the customer leaves                    kim wraps up: solved            kim hands back
    the customer goes back to the AI       kim transfers to bags           kim goes away
    the customer asks for a callback       25 s pass                       kim calls it high
    the queues are open from 8 to 18
      -> intent: refund_status             -> decided: escalate because asked; over: answer
      -> needed: asked                     -> holder: queue refunds        -> holder: rep kim
      -> complexity: at least medium       -> mood: <= -300                -> frustration: >= 600
      -> offered to: kim                   -> agent says: a person         -> system says: repeat it
      -> summary: person:asked             -> decided: nothing

`customer b:` and `b` in place of `it` speak of another conversation; without a name it is the scene's first. Each scene
runs on a real store with the real fast tier, Halcyon Air's policies and a clock that is told.
"""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

from msgspec.structs import replace

from baton.capabilities.complexity.events import Complexity, ComplexityOverridden
from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import (
    MAIN,
    CallbackAsked,
    HandedBack,
    OfferPassed,
    OfferTaken,
    Place,
    RepReady,
    Summary,
    TakenOver,
    Transferred,
    WrappedUp,
)
from baton.capabilities.sentiment.events import Mood
from baton.demo.policies import routing
from baton.kernel.conversation import Decided, Ended, Holder, Turn, TurnSaid
from tests.scenes.agents_floor import Floor, floor

LEVELS = ("low", "medium", "high")
FIRST = "one"
Found = re.Match[str]


class Scene:
    """One scene as it runs."""

    def __init__(self, told: Floor) -> None:
        self.floor = told
        self.begun: set[str] = set()
        self.at = FIRST
        self.decisions: list[Decided] = []
        self.turns: list[Turn] = []

    async def line(self, line: str) -> None:
        """Let one line happen."""
        for pattern, run in HAPPENS:
            found = re.fullmatch(pattern, line)
            if found is not None:
                self.at = found.groupdict().get("which") or FIRST
                if self.at == "it":
                    self.at = FIRST
                decided, said = len(self._decided()), len(self._turns())
                await run(self, found)
                self.decisions, self.turns = self._decided()[decided:], self._turns()[said:]
                return
        raise ValueError(f"{line!r} is no line of a scene. tests/scenes/runner.py lists them.")

    def _decided(self) -> list[Decided]:
        return self.floor.decisions.get(self.stream, [])

    def _turns(self) -> list[Turn]:
        return self.floor.turns(self.at) if self.at in self.begun else []

    @property
    def stream(self) -> str:
        """The conversation spoken of."""
        return f"conversation/{self.at}"

    async def begin(self) -> None:
        """The conversation begins with its first turn."""
        if self.at not in self.begun:
            await self.floor.begins(self.at)
            self.begun.add(self.at)

    def holder(self) -> Holder:
        """Who has the conversation."""
        return self.floor.fact(Holder, self.at) or Holder("nobody")

    def place(self) -> Place | None:
        """Its place on the board."""
        board = self.floor.committer.memory.peek(MAIN)
        return board.facts.slot(Place, self.stream) if board else None


async def _customer(scene: Scene, found: Found) -> None:
    await scene.begin()
    await scene.floor.append(scene.stream, TurnSaid("customer", found["text"]), by="customer")


async def _rep(scene: Scene, found: Found) -> None:
    await scene.floor.append(scene.stream, TurnSaid("rep", found["text"], who=found["rep"]), by=f"rep/{found['rep']}")


async def _sits_down(scene: Scene, found: Found) -> None:
    skills = tuple(skill.strip() for skill in found["skills"].split(","))
    languages = tuple(each.strip() for each in (found["languages"] or "").split(",") if each.strip())
    ready = RepReady(found["rep"], "available", found["rep"].title(), skills, languages, int(found["most"] or 3))
    await scene.floor.append(MAIN, ready, by=f"rep/{found['rep']}")


async def _goes(scene: Scene, found: Found) -> None:
    await scene.floor.append(MAIN, RepReady(found["rep"], "away"), by=f"rep/{found['rep']}")


async def _takes(scene: Scene, found: Found) -> None:
    await scene.floor.append(MAIN, OfferTaken(found["rep"], scene.stream), by=f"rep/{found['rep']}")


async def _passes(scene: Scene, found: Found) -> None:
    await scene.floor.append(MAIN, OfferPassed(found["rep"], scene.stream), by=f"rep/{found['rep']}")


async def _takes_over(scene: Scene, found: Found) -> None:
    await scene.floor.append(scene.stream, TakenOver(found["rep"], found["rep"].title()), by=f"rep/{found['rep']}")


async def _wraps_up(scene: Scene, found: Found) -> None:
    await scene.floor.append(scene.stream, WrappedUp(found["rep"], found["how"]), by=f"rep/{found['rep']}")


async def _hands_back(scene: Scene, found: Found) -> None:
    await scene.floor.append(scene.stream, HandedBack(found["rep"]), by=f"rep/{found['rep']}")


async def _transfers(scene: Scene, found: Found) -> None:
    await scene.floor.append(scene.stream, Transferred(found["rep"], found["queue"]), by=f"rep/{found['rep']}")


async def _overrules(scene: Scene, found: Found) -> None:
    said = ComplexityOverridden(found["level"], found["rep"])  # type: ignore[arg-type]
    await scene.floor.append(scene.stream, said, by=f"rep/{found['rep']}")


async def _leaves(scene: Scene, found: Found) -> None:
    await scene.floor.append(scene.stream, Ended("customer_left"), by="customer")


async def _goes_back(scene: Scene, found: Found) -> None:
    await scene.floor.append(scene.stream, HandedBack("customer"), by="customer")


async def _callback(scene: Scene, found: Found) -> None:
    await scene.floor.append(scene.stream, CallbackAsked("+351 000 000 000"), by="customer")


async def _opens(scene: Scene, found: Found) -> None:
    hours = {"opens_minute": 60 * int(found["opens"]), "closes_minute": 60 * int(found["closes"])}
    rules = routing()
    queues = tuple(replace(queue, **hours) for queue in rules.queues)
    await scene.floor.policy(replace(rules, queues=queues))


async def _pass(scene: Scene, found: Found) -> None:
    scene.floor.clock.forward(int(found["seconds"]))
    await scene.floor.rest()


REP = r"(?!the\b|customer\b)(?P<rep>\w+)"
WHICH = r"(?P<which>\w+)"
HAPPENS: tuple[tuple[str, Callable[[Scene, Found], Awaitable[None]]], ...] = (
    (r"customer(?: (?P<which>\w+))?: (?P<text>.+)", _customer),
    (
        rf"{REP} sits down: (?P<skills>[\w, ]+)(?:; speaks (?P<languages>[\w, ]+))?(?:; holds (?P<most>\d+))?",
        _sits_down,
    ),
    (rf"{REP}: (?P<text>.+)", _rep),
    (rf"{REP} goes away", _goes),
    (rf"{REP} takes over(?: {WHICH})?", _takes_over),
    (rf"{REP} takes {WHICH}", _takes),
    (rf"{REP} passes {WHICH}", _passes),
    (rf"{REP} wraps up: (?P<how>\w+)", _wraps_up),
    (rf"{REP} hands back", _hands_back),
    (rf"{REP} transfers to (?P<queue>\w+)", _transfers),
    (rf"{REP} calls it (?P<level>low|medium|high)", _overrules),
    (r"the customer(?: (?P<which>\w+))? leaves", _leaves),
    (r"the customer goes back to the AI", _goes_back),
    (r"the customer asks for a callback", _callback),
    (r"the queues are open from (?P<opens>\d+) to (?P<closes>\d+)", _opens),
    (r"(?P<seconds>\d+) s pass", _pass),
)


def _intent(scene: Scene, wanted: str) -> tuple[object, bool]:
    found = scene.floor.fact(Intent, scene.at)
    return found, found is not None and found.label == wanted


def _needed(scene: Scene, wanted: str) -> tuple[object, bool]:
    found = scene.floor.fact(PersonNeeded, scene.at)
    return found, (found.reason if found else "nobody") == wanted


def _complexity(scene: Scene, wanted: str) -> tuple[object, bool]:
    found = scene.floor.fact(Complexity, scene.at)
    level = found.level if found else "low"
    floor_ = wanted.removeprefix("at least ")
    return found, LEVELS.index(level) >= LEVELS.index(floor_) if floor_ != wanted else level == wanted


def _mood(scene: Scene, wanted: str) -> tuple[object, bool]:
    found = scene.floor.fact(Mood, scene.at)
    return found, found is not None and _holds(found.score, wanted)


def _frustration(scene: Scene, wanted: str) -> tuple[object, bool]:
    found = scene.floor.fact(Mood, scene.at)
    return found, found is not None and _holds(found.frustration, wanted)


def _holds(score: int, wanted: str) -> bool:
    sign, _, limit = wanted.partition(" ")
    return score >= int(limit) if sign == ">=" else score <= int(limit)


def _decided(scene: Scene, wanted: str) -> tuple[object, bool]:
    """`escalate because asked; over: answer`: any decision of the last line; `nothing` for none."""
    if wanted == "nothing":
        return scene.decisions, not scene.decisions
    what, _, over = wanted.partition("; over: ")
    action, _, reason = what.partition(" because ")
    return scene.decisions, any(
        d.action == action
        and reason in {"", d.args.get("reason")}
        and (not over or over in {each.action for each in d.over})
        for d in scene.decisions
    )


def _holder(scene: Scene, wanted: str) -> tuple[object, bool]:
    kind, _, who = wanted.partition(" ")
    holder = scene.holder()
    return holder, holder.kind == kind and who in {"", holder.who}


def _offered(scene: Scene, wanted: str) -> tuple[object, bool]:
    place = scene.place()
    return place, (place.rep if place is not None and place.state == "offered" else "nobody") == wanted


def _summary(scene: Scene, wanted: str) -> tuple[object, bool]:
    found = scene.floor.fact(Summary, scene.at)
    labels = {label for label, _ in found.points} if found else set()
    return found, set(wanted.split(", ")) <= labels


def _says(role: str) -> Callable[[Scene, str], tuple[object, bool]]:
    def says(scene: Scene, wanted: str) -> tuple[object, bool]:
        said = [turn.text for turn in scene.turns if turn.role == role]
        return said, not said if wanted == "nothing" else any(wanted.lower() in text.lower() for text in said)

    return says


TRUE: dict[str, Callable[[Scene, str], tuple[object, bool]]] = {
    "intent": _intent, "needed": _needed, "complexity": _complexity, "mood": _mood, "frustration": _frustration,
    "decided": _decided, "holder": _holder, "offered to": _offered, "summary": _summary, "agent says": _says("agent"),
    "system says": _says("system"),
}  # fmt: skip


async def play(name: str, text: str, folder: Path) -> list[str]:
    """Run a scene; what was not as it says, each with its line, empty where all was."""
    wrong: list[str] = []
    async with floor(folder) as told:
        await told.policy(routing())
        scene = Scene(told)
        for number, raw in enumerate(text.splitlines(), 1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            if not line.startswith("->"):
                await scene.line(line)
                continue
            what, _, wanted = line.removeprefix("->").strip().partition(": ")
            found, true = TRUE[what](scene, wanted)
            if not true:
                wrong.append(f"{name}:{number}: {line} but it is {found}")
    return wrong
