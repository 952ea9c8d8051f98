"""Bodies: what is sent and answered."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Line = Annotated[str, Field(max_length=300, pattern=r"^[^\x00-\x1f]*$")]
Name = Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]*$")]
Why = Annotated[str, Field(max_length=500, pattern=r"^[^\x00]*$", description="Kept with the change, on the log.")]
Words = Annotated[list[Line], Field(max_length=100)]
MAY = "Screens, and what may be done there."


class Sent(BaseModel):
    """What is sent: nothing that is not named is taken."""

    model_config = ConfigDict(extra="forbid")


class Attributes(Sent):
    """What is said of somebody, which Cedar of a role may ask. Empty: nothing is said."""

    brand: Line = ""
    site: Line = ""
    employer: Line = ""
    team: Line = ""


class PersonOut(BaseModel):
    """Somebody who has an account. `version` is of the details; `kind` the role that ships which the role is, or was made from."""

    id: str
    name: str
    email: str
    role: str
    kind: str
    closed: bool
    by_group: bool = Field(description="A group of the directory gave the role, and may give it again.")
    has_password: bool
    passkeys: int
    seen_ms: int = Field(description="When a session was last used; 0 where there is none.")
    skills: list[str]
    languages: list[str]
    capacity: int
    attributes: Attributes
    version: str


class PeopleOut(BaseModel):
    """Accounts by id. `next` goes into `after` for those that follow; empty at the end. `found` is how many fit in all."""

    people: list[PersonOut]
    found: int
    next: str


class PersonIn(Sent):
    """An account to be made. Without a role it opens nothing yet; `integration` is for a program."""

    name: Name
    email: Annotated[str, Field(min_length=3, max_length=254, examples=["ida.berg@example.com"])]
    role: Annotated[str, Field(max_length=60)] = "none"
    skills: Words = []
    languages: Words = ["en"]
    capacity: int = Field(3, ge=1, le=50)
    attributes: Attributes = Attributes()
    link: bool = Field(True, description="Also make a link to set a password with. A program needs none.")


class LinkOut(BaseModel):
    """A link to set a password with: shown this once, opens once, until `until_ms`."""

    link: str
    until_ms: int


class PersonMade(BaseModel):
    """The account, and the link to pass on; `link` is null where none was asked for."""

    person: PersonOut
    link: LinkOut | None


class DetailsIn(Sent):
    """What changes; what is left out stays. `was` is the `version` that was read: 409 where somebody changed it meanwhile."""

    name: Name | None = None
    skills: Words | None = None
    languages: Words | None = None
    capacity: int | None = Field(None, ge=1, le=50)
    attributes: Attributes | None = None
    was: Annotated[str, Field(max_length=16)] = ""


class RoleGivenIn(Sent):
    """A role to give. `was` is the role that was read: 409 where it is another meanwhile."""

    role: Annotated[str, Field(min_length=1, max_length=60)]
    why: Why = ""
    was: Annotated[str, Field(max_length=60)] = ""


class WhyIn(Sent):
    """A reason."""

    why: Why = ""


class HappenedOut(BaseModel):
    """One thing the log tells of somebody's rights: when, what, by whom and why."""

    at_ms: int
    what: str
    by: str
    why: str


class HistoryOut(BaseModel):
    """The newest thirty first."""

    history: list[HappenedOut]


class SessionOut(BaseModel):
    """Where somebody is signed in. `id` opens nothing. `this` is the session that asks."""

    id: str
    began_ms: int
    seen_ms: int
    how: str
    device: str
    address: str
    this: bool = False


class SessionsOut(BaseModel):
    """Sessions, the one used last first."""

    sessions: list[SessionOut]


class EndedOut(BaseModel):
    """How many sessions ended."""

    ended: int


class ScopesOut(BaseModel):
    """What a key of that account may be given by whoever asks: `screen:act`, or `scim`."""

    scopes: list[str]


class KeyOut(BaseModel):
    """An API key. `id` opens nothing and names it for revoking. No scopes: it does all that its owner may (keys from before scopes)."""

    id: str
    owner: str
    name: str
    begins: str
    scopes: list[str]
    made_by: str
    made_ms: int
    expires_ms: int
    used_ms: int
    expired: bool


class KeysOut(BaseModel):
    """Keys, the newest first."""

    keys: list[KeyOut]


class MyKeyIn(Sent):
    """A key to be made. It never does more than its owner may, nor more than its scopes name."""

    name: Annotated[str, Field(min_length=1, max_length=60, pattern=r"^[^\x00-\x1f]*$")]
    days: Literal[30, 90, 365] = 90
    scopes: Annotated[list[Annotated[str, Field(max_length=60)]], Field(min_length=1, max_length=300)]


class KeyIn(MyKeyIn):
    """A key to be made for a program: an account with the role `integration`."""

    owner: Annotated[str, Field(min_length=1, max_length=200)]


class KeyMade(BaseModel):
    """The key. `secret` is shown this once and goes into `Authorization: Bearer …`."""

    key: KeyOut
    secret: str


class RoleOut(BaseModel):
    """A role: what it may do, how many have it, and, of one's own, what it was made of."""

    id: str
    title: str
    kind: str
    ships: bool
    people: int
    may: dict[str, list[str]] = Field(description=MAY)
    allows: list[str]
    cedar: str


class RolesOut(BaseModel):
    """Every role. `version` goes into `was` of a change."""

    roles: list[RoleOut]
    version: int


class RoleIn(Sent):
    """A role as it is to be. Without `id` it is new and named after its title. `kind`: the role that ships which it is made from."""

    id: Annotated[str, Field(max_length=40)] = ""
    title: Annotated[str, Field(min_length=2, max_length=60)]
    kind: Annotated[str, Field(max_length=40)]
    allows: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=300)] = []
    cedar: Annotated[str, Field(max_length=8000, pattern=r"^[^\x00]*$")] = ""


class ChangeIn(Sent):
    """One change: make or change `role`, or `retire` one by its id, or go back to the version at `position` (0: as it ships)."""

    role: RoleIn | None = None
    retire: Annotated[str, Field(max_length=40)] = ""
    position: int | None = Field(None, ge=0)


class InForceIn(ChangeIn):
    """The change, why, and the `version` that was read: 409 where somebody changed roles meanwhile."""

    why: Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[^\x00]*$")]
    was: int = Field(ge=0)


class ChangeOut(BaseModel):
    """What one role gains and loses, as `screen: act`, and how many people have it."""

    role: str
    gains: list[str]
    loses: list[str]
    people: int


class ProposedOut(BaseModel):
    """What would change. `yours` is what whoever asks would lose; `cedar` the policies of one's own roles as they would be."""

    changes: list[ChangeOut]
    yours: list[str]
    cedar: str
    version: int


class InForceOut(BaseModel):
    """What changed, and the version now in force. Who gained or lost something was signed out."""

    changes: list[ChangeOut]
    version: int


class VersionOut(BaseModel):
    """One version of the roles."""

    position: int
    at_ms: int
    by: str
    why: str
    in_force: bool


class VersionsOut(BaseModel):
    """Every version, the newest first."""

    versions: list[VersionOut]


class MeOut(BaseModel):
    """Who asks. `how` is password, passkey, provider or key; `scopes` of a key, null where it is none or has none."""

    id: str
    name: str
    role: str
    kind: str
    how: str
    scopes: list[str] | None
    may: dict[str, list[str]] = Field(description=MAY)
    passkey_needed: bool = Field(
        description="The role signs in with a passkey: nothing else opens before one is added."
    )
