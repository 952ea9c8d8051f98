"""What Baton keeps of a person or a group of a directory: this and nothing else that is sent."""

from typing import Annotated, Any, ClassVar, Final

from pydantic import Field
from scim2_models import (
    URN,
    AuthenticationScheme,
    Bulk,
    CaseExact,
    ChangePassword,
    ComplexAttribute,
    ETag,
    Mutability,
    Pagination,
    Patch,
    Required,
    Resource,
    ScimPolicy,
    ScimProvider,
    ServiceProviderConfig,
    Sort,
    Uniqueness,
)
from scim2_models import Filter as Filtering

MOST: Final = 200
POLICY: Final = ScimPolicy(
    unknown=ScimPolicy.Unknown.ignore, remove_value_as_filter=ScimPolicy.RemoveValue.apply,
    unmatched_path_filter=ScimPolicy.UnmatchedPathFilter.create,
)  # fmt: skip
"""What is not kept is passed over, and what Microsoft Entra sends is understood."""


class Name(ComplexAttribute):
    """The parts of a name."""

    formatted: str | None = None
    family_name: str | None = None
    given_name: str | None = None


class Email(ComplexAttribute):
    """An address."""

    value: str | None = None
    type: str | None = None
    primary: bool | None = None


class Membership(ComplexAttribute):
    """A group somebody is in."""

    value: Annotated[str | None, Mutability.read_only, CaseExact.true] = None
    display: Annotated[str | None, Mutability.read_only] = None


class User(Resource[Any]):
    """A person."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:User")

    user_name: Annotated[str | None, Uniqueness.server, Required.true] = None
    name: Name | None = None
    display_name: str | None = None
    active: bool | None = None
    emails: list[Email] | None = None
    groups: Annotated[list[Membership] | None, Mutability.read_only] = None


class Member(ComplexAttribute):
    """Who is in a group."""

    value: Annotated[str | None, Mutability.immutable, CaseExact.true] = None
    type: Annotated[str | None, Mutability.immutable] = Field(None, examples=["User"])
    display: str | None = None


class Group(Resource[Any]):
    """A group; what role it gives is said on the page of sign-in."""

    __schema__ = URN("urn:ietf:params:scim:schemas:core:2.0:Group")

    display_name: Annotated[str | None, Required.true] = None
    members: list[Member] | None = None

    Members: ClassVar[type[ComplexAttribute]] = Member


CONFIG: Final = ServiceProviderConfig(
    patch=Patch(supported=True), bulk=Bulk(supported=False, max_operations=0, max_payload_size=0),
    filter=Filtering(supported=True, max_results=MOST), change_password=ChangePassword(supported=False), sort=Sort(supported=True),
    etag=ETag(supported=True), pagination=Pagination(cursor=False, index=True, default_page_size=MOST, max_page_size=MOST),
    authentication_schemes=[
        AuthenticationScheme(
            type=AuthenticationScheme.Type.oauthbearertoken, name="API key", description="A key with the scope `scim`, as a bearer token.",
            primary=True,
        )
    ],
)  # fmt: skip
PROVIDER: Final = ScimProvider(models=[User, Group], config=CONFIG, policy=POLICY)
