"""Policies in prose: each section that says how something is done becomes a draft; what cannot be read into steps stays as a note.

Read sentence by sentence. What the customer has to give becomes a slot, what is to be done a tool behind a confirmation, what a
person has to do the way to give up. A rule ("only if", "cannot", "within 24 hours") is never guessed into a branch: it is put
at the top, word for word, for the person who finishes the draft.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from baton.capabilities.agents.events import Procedure, Slot, Step
from baton.capabilities.agents.importing.drafting import Draft, confirming, label, risk_of, slot_of

HEADING: Final = re.compile(r"^(#{1,4})\s+(.+?)\s*#*$")
SENTENCE: Final = re.compile(r"[^.!?\n]+(?:[.](?=\w)[^.!?\n]*)*[.!?]?")
ACT: Final = re.compile(
    r"\b(correct|cancel|refund|book|change|modify|return|exchange|update|reset|reship|send|replace|compensate|unlock|pay|add|remove|suspend|resume|refuel|enable|disable)(?:s|ing|ed|lation|ment)?\b",
    re.IGNORECASE,
)
GIVES: Final = re.compile(
    r"\b(?:must|should|needs? to|has to|have to|first)\b[^.]{0,40}?\b(?:obtain|ask(?: for)?|collect|get|provide|confirm|give|know|verify)\b\s+(?:the\s+|a\s+|an\s+|their\s+|his\s+|your\s+)?([^.;:()]{3,80})",
    re.IGNORECASE,
)
RULE: Final = re.compile(
    r"\b(?:only|cannot|can't|can not|must not|should not|not allowed|never|unless|within \d+|at most|at least|if|except|deny|up to)\b",
    re.IGNORECASE,
)
NOUN: Final = re.compile(
    r"^(?:(?:user|customer|order|reservation|booking|product|item|trip|payment|account|phone)\s+)?[a-z][a-z' ]{1,30}$"
)
PERSON: Final = re.compile(
    r"\b(?:transfer|hand|escalate|pass)\b[^.]*\b(?:human|person|agent|supervisor|colleague)", re.IGNORECASE
)
NOT_GIVEN: Final = re.compile(r"\b(?:explicit|confirmation|policy|rule|that|to proceed)\b", re.IGNORECASE)
MOST_SLOTS: Final = 6


class Section(msgspec.Struct, frozen=True):
    """A part of a policy under one heading."""

    title: str
    text: str


def sections(policy: str) -> list[Section]:
    """The parts of a markdown text, by heading; what stands before the first is under an empty one."""
    found: list[tuple[str, list[str]]] = [("", [])]
    for line in policy.splitlines():
        head = HEADING.match(line)
        if head:
            found.append((head[2], []))
        else:
            found[-1][1].append(line)
    return [Section(title, "\n".join(lines).strip()) for title, lines in found]


def drafts_of_policy(policy: str, source: str) -> list[Draft]:
    """A draft for each section that says how something is done: its heading names an act."""
    found = sections(policy)
    person = next((s.strip() for part in found for s in _sentences(part.text) if PERSON.search(s)), "")
    made = [_draft(part, person, source) for part in found if ACT.search(part.title) and part.text]
    return list({draft.procedure.id: draft for draft in made}.values())


def _draft(part: Section, person: str, source: str) -> Draft:
    told = _sentences(part.text)
    slots = list({slot.id: slot for slot in _slots(told)}.values())[:MOST_SLOTS]
    name = label(part.title)
    tool = Step(
        name,
        "tool",
        tool=name,
        args={slot.id: f"{{{slot.id}}}" for slot in slots},
        save="answer",
        risk=risk_of(part.title),
    )
    asks = [Step(f"ask_{slot.id}", "ask", slot=slot.id) for slot in slots]
    done = Step("done", "tell", say=f"Done: {part.title.lower()}.", ends="done")
    made = Procedure(
        name,
        part.title,
        (name,),
        (*confirming([*asks, tool]), done),
        slots=tuple(slots),
        give_up_say="I pass you to a person with all of this.",
    )
    return Draft(made, source, tuple(_notes(name, told, person, slots)))


def _slots(told: Sequence[str]) -> Iterator[Slot]:
    for sentence in told:
        for match in GIVES.finditer(sentence):
            if NOT_GIVEN.search(match[1]):
                continue
            for noun in re.split(r",|\band\b|\bor\b", match[1]):
                plain = re.sub(r"^(?:the|a|an|their|your|user's|customer's|his|for)\s+", "", noun.strip().lower())
                if NOUN.match(plain) and len(plain.split()) <= 4:
                    yield slot_of(label(plain), f"What is the {plain}?")


def _notes(tool: str, told: Sequence[str], person: str, slots: Sequence[Slot]) -> Iterator[str]:
    yield f"'{tool}' is a tool: connect it, give it its arguments, and add a verify step."
    if not slots:
        yield "nothing was found that the customer has to give: add slots."
    for sentence in told:
        if RULE.search(sentence):
            yield f"rule, to become a branch or a what-if: {sentence.strip()}"
    if person:
        yield f"when to give up: {person}"


def _sentences(text: str) -> list[str]:
    plain = re.sub(r"[*_`]+", "", text)
    return [
        match[0].strip(" -\t")
        for line in plain.splitlines()
        for match in SENTENCE.finditer(line)
        if match[0].strip(" -\t")
    ]
