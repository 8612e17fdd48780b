"""Operations of the API: visits one may know of, arrival, time spent, which factories are due."""

# Annotations are evaluated here, at import: the door wraps an operation in a function of another module, in whose names
# ninja would look up those that are written as text.

from datetime import date
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from django.utils import timezone

from betterwork.foundation.api.pages import Asked, PathKey, listed
from betterwork.foundation.api.routers import Field, Query, Router, Status, router_add
from betterwork.foundation.api.shapes import ExactSchema, page_of, shape
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request
from betterwork.modules.countries.queries import countries_known
from betterwork.modules.visits import services
from betterwork.modules.visits.due import factories_due
from betterwork.modules.visits.models import TimeSpent, VisitMember
from betterwork.modules.visits.policy import DUE_READ, VISITS_READ, VISITS_TEAM, countries_planned
from betterwork.modules.visits.presentations import MEMBER, TIME_FOR_STAFF, VISIT
from betterwork.modules.visits.rules import PROPOSED

router = Router(tags=["Visits"])
VisitShape = shape("Visit", VISIT, kind_title=str, state_word=str, state_kind=str, country_name=str, secret=bool)
MemberShape = shape("VisitMember", MEMBER, part_title=str)
TimeShape = shape("TimeSpent", TIME_FOR_STAFF, activity_title=str)
Activity = Literal["preparation", "on-site", "travel", "report"]


class Visits(Asked):
    """What the list of visits can be asked."""

    country: Annotated[str | None, Field(max_length=2, description="ISO alpha-2 code", examples=["VN"])] = None
    kind: Literal["assessment", "advice", "training", "inspection"] | None = None
    state: Literal["planned", "under-way", "done", "cancelled"] | None = None
    since: Annotated[date | None, Field(description="Visits that end on this day or later.")] = None
    until: Annotated[date | None, Field(description="Visits that begin on this day or earlier.")] = None
    sort: Literal["first_day", "-first_day"] | None = None


class Arrived(ExactSchema):
    """On which day the team arrived."""

    on: Annotated[date, Field(description="Day of arrival.", examples=["2026-11-23"])]


class Spent(ExactSchema):
    """One's own time on a visit, of one day with one activity. 0 minutes take an entry away."""

    day: Annotated[date, Field(examples=["2026-11-23"])]
    activity: Activity
    minutes: Annotated[int, Field(ge=0, le=1440)]


class DueShape(ExactSchema):
    """A factory that takes part: when its next assessment is due."""

    factory: int
    key: str
    name: str
    due: date
    last: date | None
    state: str
    visit: Annotated[str, Field(description="The key of the assessment that is agreed; empty for none.")]


@router.get("", response=page_of(VisitShape), summary="Visits", operation_id="visits_list")
@operation(VISITS_READ, audience=PROGRAMME)
def visits(request: HttpRequest, asked: Query[Visits]) -> Any:
    """The visits you may know of: your own, announced ones, and those where arrival was recorded."""
    rows = VISITS_READ.visible_to(actor_of_request(request)).exclude(state=PROPOSED)
    for name in ("country", "kind", "state"):
        if value := getattr(asked, name):
            rows = rows.filter(**{name: value})
    if asked.since:
        rows = rows.filter(last_day__gte=asked.since)
    if asked.until:
        rows = rows.filter(first_day__lte=asked.until)
    sorts = {"first_day": ("first_day",)}
    return listed(request, rows, VISIT, asked, order=("id",), sorts=sorts, related=("factory",))


@router.get(
    "/due/{country}", response=list[DueShape], summary="Factories due for assessment", operation_id="visits_due"
)
@operation(DUE_READ, audience=PROGRAMME)
def due(request: HttpRequest, country: Annotated[str, Field(max_length=2)]) -> Any:
    """When the factories of a country are due by its rule, the longest overdue first; for those who plan visits."""
    planned = countries_planned(actor_of_request(request))
    if country not in {one.code for one in countries_known()} or (planned is not None and country not in planned):
        raise Http404
    return [
        {
            "factory": one.id,
            "key": f"{one.country}/{one.outside_id}",
            "name": one.name,
            "due": one.due,
            "last": one.last,
            "state": "planned" if one.visit else one.state,
            "visit": one.visit,
        }
        for one in factories_due(country, timezone.localdate())
    ]


@router.get("/{visit}", response=VisitShape, summary="One visit", operation_id="visits_read")
@operation(VISITS_READ, audience=PROGRAMME, thing=("visit", "pk"))
def visit(request: HttpRequest, visit: PathKey) -> Any:
    """One visit, by its key."""
    return VISIT.row(visit)


@router.get("/{visit}/team", response=page_of(MemberShape), summary="Its team", operation_id="visits_team")
@operation(VISITS_READ, audience=PROGRAMME, thing=("visit", "pk"))
def team(request: HttpRequest, visit: PathKey, asked: Query[Asked]) -> Any:
    """Who is on a visit now."""
    rows = VisitMember.objects.filter(visit=visit, left_at__isnull=True)
    return listed(request, rows, MEMBER, asked, order=("id",), related=("visit",))


@router.post(
    "/{visit}/arrival", response={201: VisitShape}, summary="Record arrival", operation_id="visits_arrival_record"
)
@operation(VISITS_TEAM, audience=PROGRAMME, thing=("visit", "pk"))
def arrival(request: HttpRequest, visit: PathKey, arrived: Arrived) -> Any:
    """Write down that the team has arrived: from then on the factory sees that a visit is under way."""
    actor = actor_of_request(request).id
    return Status(201, VISIT.row(services.arrival_record(actor=actor, visit=visit, on=arrived.on, at=timezone.now())))


@router.get("/{visit}/time", response=page_of(TimeShape), summary="Your time on it", operation_id="visits_time")
@operation(VISITS_TEAM, audience=PROGRAMME, thing=("visit", "pk"))
def time(request: HttpRequest, visit: PathKey, asked: Query[Asked]) -> Any:
    """The time that you entered on a visit."""
    rows = TimeSpent.objects.filter(visit=visit, person=actor_of_request(request).id)
    return listed(request, rows, TIME_FOR_STAFF, asked, order=("id",))


@router.post("/{visit}/time", response={201: TimeShape}, summary="Enter time", operation_id="visits_time_enter")
@operation(VISITS_TEAM, audience=PROGRAMME, thing=("visit", "pk"))
def time_enter(request: HttpRequest, visit: PathKey, spent: Spent) -> Any:
    """Enter your own time; entered again for the same day and activity, the new figure counts."""
    made = services.time_enter(
        actor=actor_of_request(request).id,
        visit=visit,
        day=spent.day,
        activity=spent.activity,
        minutes=spent.minutes,
        at=timezone.now(),
    )
    return Status(201, TIME_FOR_STAFF.row(made))


router_add("/visits", router)
