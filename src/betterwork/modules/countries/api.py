"""Country programmes, for programs: which there are and how they stand."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from betterwork.foundation.api.pages import Asked, PathKey, listed
from betterwork.foundation.api.routers import Query, Router, router_add
from betterwork.foundation.api.shapes import page_of, shape
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request
from betterwork.modules.countries.policy import PROGRAMMES_READ
from betterwork.modules.countries.presentations import PROGRAMME_FOR_STAFF
from betterwork.modules.countries.queries import programmes_shown

router = Router(tags=["Countries"])
ProgrammeShape = shape(
    "CountryProgramme",
    PROGRAMME_FOR_STAFF,
    examples={"code": "VN", "name": "Viet Nam", "state": "running"},
    title=str,
    state=str,
    state_word=str,
    state_kind=str,
    since=date | None,
    next_word=str,
    next_first=date | None,
)


@router.get("", response=page_of(ProgrammeShape), summary="Country programmes", operation_id="countries_list")
@operation(PROGRAMMES_READ, audience=PROGRAMME)
def countries(request: HttpRequest, asked: Query[Asked]) -> Any:
    """Every country programme with its state today and the one that comes next."""
    rows = programmes_shown(PROGRAMMES_READ.visible_to(actor_of_request(request)), timezone.localdate())
    return listed(request, rows, PROGRAMME_FOR_STAFF, asked, order=("code",))


@router.get("/{programme}", response=ProgrammeShape, summary="One country programme", operation_id="countries_read")
@operation(PROGRAMMES_READ, audience=PROGRAMME, thing=("programme", "code"))
def country(request: HttpRequest, programme: PathKey) -> Any:
    """One country programme, by its ISO alpha-2 code."""
    rows = programmes_shown(PROGRAMMES_READ.visible_to(actor_of_request(request)), timezone.localdate())
    return PROGRAMME_FOR_STAFF.row(rows.get(pk=programme.pk))


router_add("/countries", router)
