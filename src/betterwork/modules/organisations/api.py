"""Operations of the API: organisations, read and entered."""

# Annotations are evaluated here, at import: the door wraps an operation in a function of another module, in whose names
# ninja would look up those that are written as text.

from datetime import date
from typing import Annotated, Any, Literal

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.api.pages import Asked, PathKey, listed
from betterwork.foundation.api.routers import Field, Query, Router, Status, router_add
from betterwork.foundation.api.shapes import ExactSchema, page_of, shape
from betterwork.foundation.audiences.names import BUYER, COMMITTEE, PROGRAMME
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request
from betterwork.modules.organisations.models import Organisation
from betterwork.modules.organisations.policy import (
    ORGANISATIONS_ADD,
    ORGANISATIONS_CHANGE,
    ORGANISATIONS_OF_BUYERS,
    ORGANISATIONS_OF_REPRESENTATIVES,
    ORGANISATIONS_READ,
    countries_of,
)
from betterwork.modules.organisations.presentations import NAME_FOR_STAFF, ORGANISATION_FOR_STAFF, OWN_FOR
from betterwork.modules.organisations.queries import found_by
from betterwork.modules.organisations.rules import GLOBAL, LONGEST_NAME, NATIONAL
from betterwork.modules.organisations.services import organisation_add, organisation_rename

router = Router(tags=["Organisations"])
_WORDS: dict[str, Any] = {"kind_word": str, "level_word": str, "place": str}
OrganisationShape = shape("Organisation", ORGANISATION_FOR_STAFF, **_WORDS)
OwnShape = shape("OwnOrganisation", OWN_FOR[COMMITTEE], **_WORDS)
BuyerShape = shape("OwnBuyer", OWN_FOR[BUYER], **_WORDS)
NameShape = shape("OrganisationName", NAME_FOR_STAFF)

Kind = Literal[
    "government",
    "inspectorate",
    "employers",
    "workers",
    "global-union",
    "buyer",
    "donor",
    "ilo",
    "ifc",
    "research",
    "service",
    "owner",
    "group",
]
Level = Literal["national", "global"]
Country = Annotated[str, Field(pattern="^[A-Z]{2}$", description="ISO alpha-2 code", examples=["VN"])]
Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class Organisations(Asked):
    """What the list of organisations can be asked."""

    kind: Kind | None = None
    level: Level | None = None
    country: Country | None = None
    q: Annotated[str | None, Field(max_length=100, description="A part of any name it has or had.")] = None


class Adds(ExactSchema):
    """An organisation to be entered."""

    name: Name
    kind: Kind
    country: Annotated[Country | None, Field(description="Null: an organisation of the world.")] = None
    mail: Annotated[str, Field(max_length=254, description="An address of the organisation, never a person's.")] = ""
    first: Annotated[date | None, Field(description="Called so since; null: for as long as is known.")] = None
    key: Annotated[str, Field(max_length=40, description="Known by for good; made up where left out.")] = ""


class Renames(ExactSchema):
    """A name from a day on."""

    name: Name
    first: Annotated[date | None, Field(description="Null corrects the name known for longest.")] = None


@router.get("", response=page_of(OrganisationShape), summary="Organisations", operation_id="organisations_list")
@operation(ORGANISATIONS_READ, audience=PROGRAMME)
def organisations(request: HttpRequest, asked: Query[Organisations]) -> Any:
    """The organisations with which the programme works."""
    rows = ORGANISATIONS_READ.visible_to(actor_of_request(request))
    wanted = {name: getattr(asked, name) for name in ("kind", "level", "country")}
    rows = rows.filter(**{name: value for name, value in wanted.items() if value})
    if asked.q:
        rows = rows.filter(found_by(asked.q.replace("\x00", "")))
    return listed(request, rows, ORGANISATION_FOR_STAFF, asked, order=("name", "key"))


@router.post("", response={201: OrganisationShape}, summary="Enter an organisation", operation_id="organisations_add")
@operation(ORGANISATIONS_ADD, audience=PROGRAMME)
def organisation_entered(request: HttpRequest, given: Adds) -> Any:
    """Enter an organisation: global staff anywhere, the manager of a country a national one of hers."""
    actor, country = actor_of_request(request), given.country or ""
    within = countries_of(actor)
    if within is not None and country not in within:
        raise WrongUse(_("It lies outside the countries for which you enter organisations."))
    if given.mail:
        try:
            validate_email(given.mail)
        except ValidationError as error:
            raise WrongUse(_("%(mail)s is no mail address.") % {"mail": given.mail}) from error
    made: Organisation = organisation_add(
        actor=actor.id,
        kind=given.kind,
        level=NATIONAL if country else GLOBAL,
        country=country,
        name=given.name,
        mail=given.mail,
        first=given.first,
        key=given.key,
        at=timezone.now(),
    )
    return Status(201, ORGANISATION_FOR_STAFF.row(made))


@router.get("/own", response=page_of(OwnShape), summary="Your organisations", operation_id="organisations_own")
@operation(ORGANISATIONS_OF_REPRESENTATIVES, audience=COMMITTEE)
def own(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The organisations for which you speak in a committee."""
    rows = ORGANISATIONS_OF_REPRESENTATIVES.visible_to(actor_of_request(request))
    return listed(request, rows, OWN_FOR[COMMITTEE], asked, order=("name", "key"))


@router.get("/buyer", response=page_of(BuyerShape), summary="Your buyer", operation_id="organisations_own_buyer")
@operation(ORGANISATIONS_OF_BUYERS, audience=BUYER)
def own_buyer(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The buyer for which you act."""
    rows = ORGANISATIONS_OF_BUYERS.visible_to(actor_of_request(request))
    return listed(request, rows, OWN_FOR[BUYER], asked, order=("name", "key"))


@router.get(
    "/one/{organisation}", response=OrganisationShape, summary="One organisation", operation_id="organisations_read"
)
@operation(ORGANISATIONS_READ, audience=PROGRAMME, thing=("organisation", "key"))
def one(request: HttpRequest, organisation: PathKey) -> Any:
    """One organisation, by its key."""
    return ORGANISATION_FOR_STAFF.row(organisation)


@router.get(
    "/one/{organisation}/names", response=page_of(NameShape), summary="Its names", operation_id="organisations_names"
)
@operation(ORGANISATIONS_READ, audience=PROGRAMME, thing=("organisation", "key"))
def names(request: HttpRequest, organisation: PathKey, asked: Query[Asked]) -> Any:
    """The names of an organisation over time, and those that were corrected, in the order of their entering."""
    found: Organisation = organisation
    return listed(request, found.names.all(), NAME_FOR_STAFF, asked, order=("entered_at", "id"))


@router.post(
    "/one/{organisation}/names",
    response={201: NameShape},
    summary="Enter another name",
    operation_id="organisations_rename",
)
@operation(ORGANISATIONS_CHANGE, audience=PROGRAMME, thing=("organisation", "key"))
def renamed(request: HttpRequest, organisation: PathKey, given: Renames) -> Any:
    """Enter how it is called from a day on; a name from the same day is corrected."""
    made = organisation_rename(
        actor=actor_of_request(request).id,
        organisation=organisation,
        name=given.name,
        first=given.first,
        at=timezone.now(),
    )
    return Status(201, NAME_FOR_STAFF.row(made))


router_add("/organisations", router)
