"""The gate of a task: one Cedar decision for each call, over what the task asks for and where each value came from."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib.resources import files

import msgspec
from cedarpy import Entities, PolicySet, is_authorized

from baton.capabilities.governance.task.grounds import Context, ground, leaves, led
from baton.capabilities.governance.task.lexicon import listed, role_of
from baton.capabilities.governance.task.seen import Reading, rows_of
from baton.capabilities.governance.task.shapes import ToolShape, asked_for, binds, reaches_out
from baton.capabilities.governance.task.spelling import addresses
from baton.kernel.ports import Call, Verdict

ROLES = ("to", "target", "amount", "secret", "when", "content", "option")
WHY = {
    "strange-address": "nobody who is trusted named this address",
    "strange-recipient": "the task leads to no such recipient",
    "strange-target": "the task leads to nothing of this name",
    "strange-amount": "the task leads to no such amount",
    "strange-secret": "a secret comes from who owns it, and from nowhere else",
    "other-day": "the task names another day or time",
    "planted-link": "the text holds an address that the task did not ask for",
    "done-already": "the same was done already",
}
Look = Callable[[str, Mapping[str, object]], object]
"""Runs a reading tool for the gate itself: (tool, arguments) to its result."""


class TaskPolicy(msgspec.Struct, frozen=True):
    """What a task lets be done: its words, the tools, the names of those whose kind of change it asks for."""

    task: str
    tools: Mapping[str, ToolShape]
    asked: frozenset[str]
    hands_over: bool = False


def policy_of(task: str, tools: Sequence[ToolShape]) -> TaskPolicy:
    """The policy that a task's own words make, given by whoever may order: never a text that was read."""
    return TaskPolicy(task, {t.name: t for t in tools}, asked_for(task, tools), _hands_over(task))


def _hands_over(task: str) -> bool:
    """Whether the task is to do what another text says."""
    verbs, things = "|".join(listed("delegates", "verbs")), "|".join(listed("delegates", "things"))
    pattern = rf"\b(?:{verbs})\b(?:\W+(?!by\b)\w+){{0,3}}?\W+(?:{things})\b(?! they are)"
    return re.search(pattern, task, re.IGNORECASE) is not None


class TaskGate:
    """Judges calls under one task. Tell it what each call that was made gave: `saw`."""

    def __init__(self, policy: TaskPolicy, look: Look | None = None) -> None:
        self.policy = policy
        self._context = Context(policy.task)
        self._done: set[str] = set()
        self._asked = policy.asked
        self._look = look
        if policy.hands_over and look is not None:
            self._look_up(look)

    def judge(self, call: Call) -> Verdict:
        """Whether the call may be made. Fails closed: a tool without a shape is refused."""
        shape = self.policy.tools.get(call.tool)
        if shape is None:
            return Verdict(False, ("no-shape",), "nobody knows what this tool does")
        self._look_for_targets(call, shape)
        response = is_authorized(self._request(call, shape), *_parsed(), verbose=False)
        rules = tuple(_names()[int(reason.removeprefix("policy"))] for reason in response.diagnostics.reasons)
        return Verdict(bool(response.allowed), rules, "" if response.allowed else _why(rules))

    def saw(self, tool: str, args: Mapping[str, object], result: object) -> None:
        """A call was made and gave `result`: what later values may come from."""
        shape = self.policy.tools[tool]
        rows = rows_of(result)
        if not shape.reads:
            self._done.add(_binding(tool, args))
            self._context.made.extend(rows)
            return
        reading = Reading(tool, rows, led(self._context, dict(args)), any(map(reaches_out, args)))
        self._context.readings.append(reading)
        if self.policy.hands_over and reading.led == "task" and len(rows) == 1:
            self._hand_over(" ".join(rows[0].texts))

    def _hand_over(self, text: str) -> None:
        """The one text that the task names may order, but nothing that cannot be taken back."""
        self._context.handed = text
        tools = list(self.policy.tools.values())
        self._asked = self.policy.asked | asked_for(text, tools, listed("delegates", "never"))

    def _look_up(self, look: Look) -> None:
        """Read the address that the task names, where it hands its orders to what stands there."""
        for word in re.findall(r"\S+", self.policy.task):
            address = word.strip(".,;:!?'\"()")
            if "/" not in address or not addresses(address):
                continue
            for shape in self.policy.tools.values():
                if shape.reads and len(shape.takes) == 1 and reaches_out(shape.takes[0]):
                    args = {shape.takes[0]: address}
                    self.saw(shape.name, args, look(shape.name, args))

    def _look_for_targets(self, call: Call, shape: ToolShape) -> None:
        """What a change is done to may stand in a list that the planner did not read: then the gate reads it."""
        if shape.reads or self._look is None or call.tool not in self._asked:
            return
        targets = [(n, v) for n, v in leaves("", dict(call.args)) if role_of(n) == "target"]
        read = {reading.tool for reading in self._context.readings}
        if any(ground(self._context, name, value) == "untrusted" for name, value in targets):
            for other in self.policy.tools.values():
                if other.reads and not other.takes and other.things & shape.things and other.name not in read:
                    self.saw(other.name, {}, self._look(other.name, {}))

    def _request(self, call: Call, shape: ToolShape) -> dict[str, object]:
        grounds: dict[str, set[str]] = {role: set() for role in (*ROLES, "outside")}
        for name, value in leaves("", dict(call.args)):
            role = "outside" if shape.reads and reaches_out(name) else role_of(name)
            if role == "outside" or not (shape.reads or (role == "when" and "pay" in shape.kinds)):
                grounds[role].add(ground(self._context, name, value))
        return {
            "principal": {"type": call.claim.kind.capitalize(), "id": call.claim.principal},
            "action": {"type": "Action", "id": "call"},
            "resource": {"type": "Tool", "id": call.tool},
            "context": {
                "reads": shape.reads,
                "asked": call.tool in self._asked,
                "again": not shape.reads and _binding(call.tool, call.args) in self._done,
                **{role: sorted(found) for role, found in grounds.items()},
            },
        }


def _binding(tool: str, args: Mapping[str, object]) -> str:
    """A change by what it binds: the tool, and who, what and how much."""
    bound = sorted(
        (name, str(value)) for name, value in leaves("", dict(args)) if binds(name) or role_of(name) == "when"
    )
    return f"{tool} {bound}"


def _why(rules: Sequence[str]) -> str:
    found = [WHY[rule] for rule in rules if rule in WHY]
    return "; ".join(found) if found else "the task asks for no such change"


@cache
def _text() -> str:
    return files(__package__).joinpath("task.cedar").read_text(encoding="utf-8")


@cache
def _parsed() -> tuple[PolicySet, Entities]:
    return PolicySet.from_str(_text()), Entities.from_json_str("[]")


@cache
def _names() -> list[str]:
    """The names of the rules, in the order of the file: Cedar counts them."""
    return re.findall(r'@id\("([^"]+)"\)', _text())
