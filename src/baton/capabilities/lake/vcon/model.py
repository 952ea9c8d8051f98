"""The strict vCon: core-03 ("0.4.0") and the contact-centre extension, as far as Baton writes it.

A `Vcon` that can be made is one that may be sent: unknown fields, indexes out of range, inline content without encoding and
media type, and contact-centre fields without the extension's name are refused.
"""

from typing import Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

Index = int
CC_FIELDS = ("role", "interaction_type", "interaction_id", "skill", "campaign")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Party(_Strict):
    """A person, AI or organisation in the conversation. `uuid` is an id that stays; no personal data is in it."""

    name: str | None = None
    uuid: str | None = None
    validation: str | None = None
    type: Literal["person", "bot", "organization"]
    role: Literal["agent", "customer", "supervisor", "sme", "thirdparty"]


class Dialog(_Strict):
    """A turn (`text`), a change of hands (`transfer`), or people who were asked for and not reached (`incomplete`)."""

    type: Literal["text", "transfer", "incomplete"]
    start: AwareDatetime
    parties: list[Index] | None = None
    mediatype: str | None = None
    encoding: Literal["none"] | None = None
    body: str | None = None
    disposition: Literal["no-answer", "congestion", "failed", "busy", "hung-up", "voicemail-no-message"] | None = None
    transferee: Index | None = None
    transferor: Index | None = None
    transfer_target: Index | None = None
    original: list[Index] | None = None
    target_dialog: list[Index] | None = None
    interaction_type: str | None = None
    interaction_id: str | None = None
    skill: list[str] | None = None

    @model_validator(mode="after")
    def complete(self) -> "Dialog":
        """Each type holds what it must, and nothing that it may not."""
        content = (self.body, self.encoding, self.mediatype)
        if self.type == "text" and (None in content or not self.parties):
            raise ValueError("a text dialog has parties, body, encoding and mediatype")
        if self.type != "text" and content != (None, None, None):
            raise ValueError(f"a {self.type} dialog holds no content")
        if (self.type == "incomplete") != (self.disposition is not None):
            raise ValueError("an incomplete dialog, and no other, has a disposition")
        if self.type == "transfer" and (self.parties is not None or self.transferee is None or self.transferor is None):
            raise ValueError("a transfer names transferee and transferor, and no parties")
        return self

    def indexes(self) -> tuple[list[Index], list[Index]]:
        """The parties and the dialogs it points to."""
        people = [
            *(self.parties or []),
            *(p for p in (self.transferee, self.transferor, self.transfer_target) if p is not None),
        ]
        return people, [*(self.original or []), *(self.target_dialog or [])]


class Analysis(_Strict):
    """What Baton understood or measured of the dialogs."""

    type: Literal["report", "sentiment", "summary"]
    dialog: list[Index]
    mediatype: Literal["application/json"] = "application/json"
    vendor: Literal["baton"] = "baton"
    product: str
    schema_: str = Field(alias="schema")
    encoding: Literal["json"] = "json"
    body: dict[str, str | int | bool | list[str]]


class Redacted(_Strict):
    """Which vCon this one was made of, and what was taken out."""

    uuid: str
    type: str


class Vcon(_Strict):
    """One conversation."""

    vcon: Literal["0.4.0"] = "0.4.0"
    uuid: str = Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")
    created_at: AwareDatetime
    updated_at: AwareDatetime
    redacted: Redacted | None = None
    extensions: list[Literal["CC", "baton"]]
    parties: list[Party]
    dialog: list[Dialog]
    analysis: list[Analysis]
    attachments: list[dict[str, str]] = []

    @model_validator(mode="after")
    def consistent(self) -> "Vcon":
        """Every index is in range, and the extensions used are named."""
        for dialog in self.dialog:
            people, dialogs = dialog.indexes()
            if any(not 0 <= p < len(self.parties) for p in people) or any(
                not 0 <= d < len(self.dialog) for d in dialogs
            ):
                raise ValueError("an index is out of range")
        if any(not 0 <= d < len(self.dialog) for analysis in self.analysis for d in analysis.dialog):
            raise ValueError("an analysis points to a dialog that is not there")
        if "CC" not in self.extensions:
            raise ValueError("contact-centre fields need the extension CC to be named")
        return self

    def plain(self) -> dict[str, object]:
        """The document, ready for JSON: empty fields left out."""
        told: dict[str, object] = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        return told
