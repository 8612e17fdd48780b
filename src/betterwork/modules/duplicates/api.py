"""Operations of the API: pairs of records that may be one factory. They are decided on the pages, side by side."""

# Annotations are evaluated here, at import; see registry/api.py.

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from django.utils import timezone

from betterwork.foundation.api.pages import Asked, PathKey, listed
from betterwork.foundation.api.routers import Field, Query, Router, router_add
from betterwork.foundation.api.shapes import page_of, shape
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request
from betterwork.modules.duplicates.policy import PAIRS_DECIDE
from betterwork.modules.duplicates.presentations import PAIR_FOR_STAFF
from betterwork.modules.duplicates.queries import pairs_waiting

router = Router(tags=["Duplicates"])
PairShape = shape(
    "DuplicatePair",
    PAIR_FOR_STAFF,
    country_name=str,
    score_word=str,
    why=str,
    state_word=str,
    state_kind=str,
    reasons=list[tuple[str, float]],
)


class Pairs(Asked):
    """What the list of pairs can be asked."""

    country: Annotated[str | None, Field(max_length=2, description="ISO alpha-2 code", examples=["VN"])] = None
    state: Annotated[
        Literal["waiting", "open", "merged", "refused", "unmerged", "gone"] | None,
        Field(description="`waiting`: open, and not put off until a later day."),
    ] = None
    sure: Annotated[bool | None, Field(description="Almost certain ones only, or only the others.")] = None
    sort: Annotated[
        Literal["score", "-score"] | None, Field(description="The score is log2 of the odds that both are one.")
    ] = None


@router.get("", response=page_of(PairShape), summary="Pairs", operation_id="duplicates_list")
@operation(PAIRS_DECIDE, audience=PROGRAMME)
def pairs(request: HttpRequest, asked: Query[Pairs]) -> Any:
    """Pairs of records of the countries whose register you keep, also those that were decided."""
    rows = PAIRS_DECIDE.visible_to(actor_of_request(request))
    rows = rows.filter(country=asked.country) if asked.country else rows
    rows = rows.filter(sure=asked.sure) if asked.sure is not None else rows
    if asked.state == "waiting":
        rows = pairs_waiting(rows, timezone.localdate())
    elif asked.state:
        rows = rows.filter(state=asked.state)
    sorts = {"score": ("score",)}
    return listed(request, rows, PAIR_FOR_STAFF, asked, order=("id",), sorts=sorts, related=("left", "right"))


@router.get("/{pair}", response=PairShape, summary="One pair", operation_id="duplicates_read")
@operation(PAIRS_DECIDE, audience=PROGRAMME, thing=("pair", "id"))
def pair(request: HttpRequest, pair: PathKey) -> Any:
    """One pair: both records, how sure it is, what speaks for it and against, what was decided."""
    return PAIR_FOR_STAFF.row(pair)


router_add("/duplicates", router)
