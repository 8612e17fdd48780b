"""Operations of the API: factories, their registration, headcounts and cycles, merges, what is reached."""

# Annotations are evaluated here, at import: the door wraps an operation in a function of another module, in whose names
# ninja would look up those that are written as text.

from datetime import date
from typing import Annotated, Any, Literal

from django.db.models import Q
from django.http import Http404, HttpRequest
from django.utils import timezone

from betterwork.foundation.api.pages import Asked, PathKey, listed
from betterwork.foundation.api.routers import Field, Query, Router, Status, router_add
from betterwork.foundation.api.shapes import ExactSchema, page_of, shape
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request
from betterwork.modules.countries.queries import countries_known
from betterwork.modules.registry import services
from betterwork.modules.registry.covering import coverage_over_time
from betterwork.modules.registry.models import Enrolment, Factory, Merge, Workforce
from betterwork.modules.registry.policy import (
    COVERAGE_READ,
    FACTORIES_KEEP,
    FACTORIES_READ,
    FACTORIES_REGISTER,
    FACTORIES_UPDATE,
    MERGES_UNDO,
    countries_kept,
    countries_seen,
)
from betterwork.modules.registry.presentations import ENROLMENT, FACTORY_IN_LIST, MERGE, WORKFORCE
from betterwork.modules.registry.queries import factories_kept, with_figures

router = Router(tags=["Factories"])
FactoryShape = shape(
    "Factory",
    FACTORY_IN_LIST,
    key=str,
    country_name=str,
    workers=int | None,
    cycle=int | None,
    state=str,
    state_word=str,
    state_kind=str,
)
HeadcountShape = shape("Headcount", WORKFORCE[PROGRAMME])
CycleShape = shape("Cycle", ENROLMENT[PROGRAMME])
MergeShape = shape("FactoryMerge", MERGE)
Words = Annotated[str, Field(max_length=500)]
Count = Annotated[int, Field(ge=0, le=1_000_000)]


class Factories(Asked):
    """What the list of factories can be asked."""

    country: Annotated[str | None, Field(max_length=2, description="ISO alpha-2 code", examples=["VN"])] = None
    state: Literal["enrolled", "registered", "ended", "closed", "retired"] | None = None
    outside_id: Annotated[str | None, Field(max_length=64, description="Number in its country's programme.")] = None
    search: Annotated[str | None, Field(max_length=100, description="A part of its name.")] = None
    sort: Literal["name", "-name"] | None = None


class New(ExactSchema):
    """A factory to be registered; the rest of its form follows by its own operations, or by a list."""

    country: Annotated[str, Field(max_length=2, examples=["VN"])]
    outside_id: Annotated[str, Field(max_length=64)]
    name: Words
    since: date | None = None
    address: Annotated[str, Field(max_length=300)] = ""
    town: Annotated[str, Field(max_length=120)] = ""


class Counted(ExactSchema):
    """The full-time workers of one day."""

    on: date
    women: Count
    men: Count
    not_said: Count = 0


class Renamed(ExactSchema):
    """Another name from a day on."""

    name: Words
    since: date
    reason: Words


class Begins(ExactSchema):
    """The next cycle."""

    starts: date
    cycle: Annotated[int, Field(ge=1, le=10_000)] | None = None


class Merges(ExactSchema):
    """Into which factory a record is merged, by its number here, and why."""

    kept: Annotated[int, Field(ge=1, lt=2**63)]
    reason: Words
    joined_on: date | None = None


class Reason(ExactSchema):
    """Why."""

    reason: Words


class CoverageShape(ExactSchema):
    """What the programme reaches in a country on a day."""

    day: date
    factories: int
    workers: int
    counted: int
    share_of_factories: float | None
    share_of_workers: float | None
    family: int | None
    sector_source: str


@router.get("", response=page_of(FactoryShape), summary="Factories", operation_id="factories_list")
@operation(FACTORIES_READ, audience=PROGRAMME)
def factories(request: HttpRequest, asked: Query[Factories]) -> Any:
    """Factories of the countries you work for, without the records that were merged into others."""
    rows = with_figures(factories_kept(FACTORIES_READ.visible_to(actor_of_request(request))), timezone.localdate())
    if asked.country:
        rows = rows.filter(country=asked.country)
    if asked.outside_id:
        rows = rows.filter(outside_id=asked.outside_id.replace("\x00", ""))
    if asked.search:
        rows = rows.filter(Q(name__icontains=asked.search.replace("\x00", "")))
    if asked.state:
        rows = rows.filter(state_now=asked.state)
    return listed(request, rows, FACTORY_IN_LIST, asked, order=("id",), sorts={"name": ("name",)})


@router.post("", response={201: FactoryShape}, summary="Register a factory", operation_id="factories_register")
@operation(FACTORIES_REGISTER, audience=PROGRAMME)
def register(request: HttpRequest, new: New) -> Any:
    """Register a factory in a country whose register you keep."""
    actor = actor_of_request(request)
    _kept_or_404(actor, new.country)
    site = {"lines": new.address, "town": new.town}
    made = services.factory_register(
        actor=actor.id,
        country=new.country,
        outside_id=new.outside_id,
        name=new.name,
        since=new.since,
        answers=services.Answers(site=site),
        at=timezone.now(),
    )
    return Status(201, _shown(made))


@router.get("/coverage/{country}", response=list[CoverageShape], summary="Coverage", operation_id="factories_coverage")
@operation(COVERAGE_READ, audience=PROGRAMME)
def coverage(request: HttpRequest, country: Annotated[str, Field(max_length=2)]) -> Any:
    """What the programme reaches in a country: at the end of each year, and today."""
    seen = countries_seen(actor_of_request(request))
    if country not in {one.code for one in countries_known()} or (seen is not None and country not in seen):
        raise Http404
    return [
        {
            "day": one.day,
            "factories": one.factories,
            "workers": one.workers,
            "counted": one.counted,
            "share_of_factories": one.share_of_factories,
            "share_of_workers": one.share_of_workers,
            "family": one.family,
            "sector_source": one.sector.source if one.sector else "",
        }
        for one in coverage_over_time(country, timezone.localdate())
    ]


@router.get("/{int:factory}", response=FactoryShape, summary="One factory", operation_id="factories_read")
@operation(FACTORIES_READ, audience=PROGRAMME, thing=("factory", "pk"))
def factory(request: HttpRequest, factory: PathKey) -> Any:
    """One factory, by its number here."""
    return _shown(factory)


@router.get(
    "/{int:factory}/headcounts",
    response=page_of(HeadcountShape),
    summary="Its headcounts",
    operation_id="factories_headcounts",
)
@operation(FACTORIES_READ, audience=PROGRAMME, thing=("factory", "pk"))
def headcounts(request: HttpRequest, factory: PathKey, asked: Query[Asked]) -> Any:
    """The headcounts of a factory's own record, newest first."""
    rows = Workforce.objects.filter(factory=factory, withdrawn_at__isnull=True)
    return listed(request, rows, WORKFORCE[PROGRAMME], asked, order=("-on", "-id"))


@router.post(
    "/{int:factory}/headcounts",
    response={201: HeadcountShape},
    summary="Write a headcount",
    operation_id="factories_headcount_write",
)
@operation(FACTORIES_UPDATE, audience=PROGRAMME, thing=("factory", "pk"))
def headcount(request: HttpRequest, factory: PathKey, counted: Counted) -> Any:
    """Write the workers of one day; a headcount of the same day is replaced."""
    actor = actor_of_request(request).id
    made = services.workforce_set(
        actor=actor,
        factory=factory,
        on=counted.on,
        women=counted.women,
        men=counted.men,
        not_said=counted.not_said,
        at=timezone.now(),
    )
    return Status(201, WORKFORCE[PROGRAMME].row(made))


@router.post("/{int:factory}/names", response={201: FactoryShape}, summary="Rename", operation_id="factories_rename")
@operation(FACTORIES_KEEP, audience=PROGRAMME, thing=("factory", "pk"))
def rename(request: HttpRequest, factory: PathKey, renamed: Renamed) -> Any:
    """Call a factory otherwise from a day on; the old name stays in its history."""
    services.factory_rename(
        actor=actor_of_request(request).id,
        factory=factory,
        name=renamed.name,
        since=renamed.since,
        reason=renamed.reason,
        at=timezone.now(),
    )
    return Status(201, _shown(factory))


@router.get(
    "/{int:factory}/cycles", response=page_of(CycleShape), summary="Its cycles", operation_id="factories_cycles"
)
@operation(FACTORIES_READ, audience=PROGRAMME, thing=("factory", "pk"))
def cycles(request: HttpRequest, factory: PathKey, asked: Query[Asked]) -> Any:
    """The cycles of a factory's own record, newest first."""
    rows = Enrolment.objects.filter(factory=factory, withdrawn_at__isnull=True)
    return listed(request, rows, ENROLMENT[PROGRAMME], asked, order=("-cycle", "-id"))


@router.post(
    "/{int:factory}/cycles", response={201: CycleShape}, summary="Begin a cycle", operation_id="factories_enrol"
)
@operation(FACTORIES_KEEP, audience=PROGRAMME, thing=("factory", "pk"))
def enrol(request: HttpRequest, factory: PathKey, begins: Begins) -> Any:
    """Begin the next cycle; one that runs ends on the day before."""
    made = services.factory_enrol(
        actor=actor_of_request(request).id,
        factory=factory,
        starts=begins.starts,
        cycle=begins.cycle,
        at=timezone.now(),
    )
    return Status(201, ENROLMENT[PROGRAMME].row(made))


@router.post(
    "/{int:factory}/merges", response={201: MergeShape}, summary="Merge into another", operation_id="factories_merge"
)
@operation(FACTORIES_KEEP, audience=PROGRAMME, thing=("factory", "pk"))
def merge(request: HttpRequest, factory: PathKey, merges: Merges) -> Any:
    """Let this record stand for another one. Nothing of either is changed, and it can be undone."""
    actor = actor_of_request(request)
    kept = FACTORIES_KEEP.visible_to(actor).filter(pk=merges.kept).first()
    if kept is None:
        raise Http404
    made = services.factory_merge(
        actor=actor.id, kept=kept, gone=factory, reason=merges.reason, joined_on=merges.joined_on, at=timezone.now()
    )
    return Status(201, MERGE.row(made))


@router.post(
    "/merges/{merge}/undo", response={201: MergeShape}, summary="Undo a merge", operation_id="factories_unmerge"
)
@operation(MERGES_UNDO, audience=PROGRAMME, thing=("merge", "pk"))
def unmerge(request: HttpRequest, merge: PathKey, why: Reason) -> Any:
    """Both records stand apart again, each as it was."""
    actor = actor_of_request(request).id
    services.factory_unmerge(actor=actor, merge=merge, reason=why.reason, at=timezone.now())
    return Status(201, MERGE.row(Merge.objects.select_related("kept", "gone").get(pk=merge.pk)))


def _kept_or_404(actor: Actor, country: str) -> None:
    kept = countries_kept(actor)
    if kept is not None and country not in kept:
        raise Http404


def _shown(factory: Factory) -> Any:
    return FACTORY_IN_LIST.row(with_figures(Factory.objects.filter(pk=factory.pk), timezone.localdate()).get())


router_add("/factories", router)
