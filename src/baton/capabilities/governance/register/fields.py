"""Fields: what an entry declares, how the form asks for it, and what has to be there before anything is approved."""

from datetime import date
from typing import Final, Literal

import msgspec

from baton.capabilities.governance.events import System

Kind = Literal["line", "text", "date", "cents", "choice", "person"]


class Field(msgspec.Struct, frozen=True):
    """One field: its label, a hint, and what it holds. `needed` says what is missing in a refusal."""

    id: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    needed: str = ""
    options: tuple[tuple[str, str], ...] = ()


class Part(msgspec.Struct, frozen=True):
    """Fields that belong together."""

    title: str
    fields: tuple[Field, ...]


ROLES: Final = (("deployer", "Deployer"), ("provider", "Provider"))
CLASSES: Final = (
    ("", "Not classified"),
    ("minimal", "Minimal risk"),
    ("limited", "Limited risk (Art. 50)"),
    ("high", "High risk (Annex III)"),
    ("prohibited", "Prohibited (Art. 5)"),
)
PARTS: Final = (
    Part(
        "What it is for",
        (
            Field("name", "Name", "line"),
            Field("owner", "Owner", "person", "The person who answers for it.", "an owner"),
            Field("purpose", "Purpose and intended use"),
            Field("need", "Customer need it serves", hint="What customers want, and cannot have otherwise.", needed="the need it serves"),
            Field("baseline", "Baseline", hint="How the need was met before: a figure, of when, and of how many.", needed="a baseline"),
            Field("target", "Target", hint="The figure at which it is worth its cost.", needed="a target"),
        ),
    ),
    Part(
        "Limits",
        (
            Field("cap_cents", "Cost cap a month", "cents", "In euros. Over it the agent takes no turn until the month ends (UTC).", "a cost cap"),
            Field("stop_on", "Stop date", "date", "From this day (UTC) it takes no turn, unless it is approved anew.", "a stop date"),
            Field("review_on", "Review date", "date", "When somebody looks at need, figures and risks again.", "a review date"),
            Field("autonomy", "Level of autonomy"),
            Field("allowed", "Allowed actions"),
            Field("oversight", "Human oversight and kill switch"),
        ),
    ),
    Part(
        "System and data",
        (
            Field("role", "Role under the AI Act", "choice", options=ROLES),
            Field("vendor", "Vendor", "line"),
            Field("model", "Model and version"),
            Field("data_categories", "Categories of data"),
            Field("lawful_basis", "Lawful basis"),
            Field("residency", "Residency"),
            Field("retention", "Retention"),
        ),
    ),
    Part(
        "Risk",
        (
            Field("risk_class", "AI Act class", "choice", options=CLASSES),
            Field("rationale", "Why this class"),
            Field("risks", "Risks", hint="NIST AI RMF: govern, map, measure, manage; confabulation, privacy, bias, integrity, security, value chain."),
            Field("controls", "Controls", hint="ISO/IEC 42001:2023, Annex A."),
            Field("impact", "Impact assessment", hint="ISO/IEC 42001 6.1.4 and A.5; DPIA, FRIA."),
            Field("thresholds", "Evaluations and thresholds"),
            Field("kpis", "What is monitored"),
            Field("decommission", "Decommissioning"),
        ),
    ),
)  # fmt: skip
FIELDS: Final = {field.id: field for part in PARTS for field in part.fields}
LANGUAGES: Final = (("en", "English"), ("es", "Spanish"), ("de", "German"), ("fr", "French"))
CHANNELS: Final = (("", "any channel"), ("voice", "voice"))
TONGUES: Final = {
    f"{channel}/{code}" if channel else code: f"{language}, {where}"
    for channel, where in CHANNELS
    for code, language in LANGUAGES
}
"""Channel and language of a disclosure, and how they are called."""


def missing(system: System, today: date) -> list[str]:
    """What keeps an entry from being approved, in words; empty when nothing does."""
    told = [field.needed for field in FIELDS.values() if field.needed and not getattr(system, field.id)]
    told += [
        f"a {name} date that is still to come"
        for name, day in (("stop", system.stop_on), ("review", system.review_on))
        if day and day <= today.isoformat()
    ]
    return [*told, "a use that is not prohibited"] if system.risk_class == "prohibited" else told
