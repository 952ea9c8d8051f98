"""What a customer makes of a sentence from an agent or a rep: asked for something, asked to confirm, answered, or not understood."""

import re
from typing import Literal

import msgspec

Asked = Literal[
    "code",
    "email",
    "booking",
    "last_name",
    "booking_and_name",
    "file",
    "seat",
    "date",
    "flight",
    "choice",
    "confirm",
    "helped",
]

ASKING: tuple[tuple[Asked, re.Pattern[str]], ...] = (
    ("confirm", re.compile(r"(?i)\b(shall i|do you want me to|may i|should i|do you agree|please confirm|is that (right|correct|ok))\b[^?]*\?")),
    ("code", re.compile(r"(?i)(six|6)[ -]digit|code of six digits|(what is|enter|give me) the code\b|which six digits")),
    ("email", re.compile(r"(?i)e-?mail address|which (e-?mail|address)|\be-?mail\b.*\?")),
    ("booking_and_name", re.compile(r"(?i)booking (code|reference).*(last name|surname|name)")),
    ("file", re.compile(r"(?i)file number")),
    ("booking", re.compile(r"(?i)booking (code|reference|number)|which booking")),
    ("last_name", re.compile(r"(?i)last name|surname|family name")),
    ("seat", re.compile(r"(?i)which seat|tap one|choose a seat|seats of")),
    ("date", re.compile(r"(?i)which (day|date)|what (day|date)")),
    ("flight", re.compile(r"(?i)which flight\?|flight number")),
    ("choice", re.compile(r"(?i)which one|these flights")),
    ("helped", re.compile(r"(?i)(does (that|it|this) (help|work|answer)|did that (help|work)|is that what you needed|anything else|can i do)[^?]*\?")),
)  # fmt: skip
NOT_UNDERSTOOD = re.compile(
    r"(?i)not sure (that )?i understood|did(n't| not) understand|no article|could you (say|rephrase)|in other words|did not find this|find (no|nothing)|not find|that was not the answer"
)
COMING = re.compile(
    r"(?i)pass(ing|ed)? you to|a person (takes|will take|has been|is coming|is looking|comes|checks)|connect(ing)? you"
    r"|in the queue|next free person|handed over|one moment|takes longer than it should"
    r"|paso (ahora )?con|le atiende|übergebe sie|ein mensch übernimmt|gebe sie an"
)
CALLBACK = re.compile(r"(?i)leave a number|number for a callback|deje un número|nummer für einen rückruf")
DONE = re.compile(
    r"(?i)\b(done|the record shows|was reset|is cancelled|you are checked in|is open again|is approved|on its way to)\b"
)
DISCLOSES = re.compile(r"(?i)\b(an AI|AI assistant|a person is (always )?one tap away)\b")
CITED = re.compile(r"(?i)article (\d+)")


class Heard(msgspec.Struct, frozen=True):
    """What one sentence means to who needs something."""

    asked: Asked | None
    not_understood: bool
    person_comes: bool
    offers_callback: bool
    done: bool
    only_greets: bool
    articles: tuple[int, ...]


def hear(text: str) -> Heard:
    """The meaning of what an agent or a rep said."""
    question = "?" in text or re.search(r"(?i)\b(need|give me|tell me|write)\b", text) is not None
    asked = next((kind for kind, pattern in ASKING if question and pattern.search(text)), None)
    articles = tuple(int(number) for number in CITED.findall(text))
    return Heard(
        asked=asked,
        not_understood=NOT_UNDERSTOOD.search(text) is not None,
        offers_callback=CALLBACK.search(text) is not None and COMING.search(text) is None,
        person_comes=COMING.search(text) is not None,
        done=DONE.search(text) is not None,
        only_greets=DISCLOSES.search(text) is not None and asked is None and not articles and len(text) < 200,
        articles=articles,
    )
