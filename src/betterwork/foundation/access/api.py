"""One's own roles, for programs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from betterwork.foundation.access.policy import GRANTS_OWN
from betterwork.foundation.access.presentations import GRANT_FOR_HERSELF, grants_shown
from betterwork.foundation.api.pages import Asked, listed
from betterwork.foundation.api.routers import Query, Router, router_add
from betterwork.foundation.api.shapes import page_of, shape
from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.doors.operations import operation
from betterwork.foundation.doors.pages import actor_of_request

router = Router(tags=["You"])
RoleShape = shape(
    "OwnRole",
    GRANT_FOR_HERSELF,
    examples={"role": "advisor", "scope": "country:VN", "state": "counts"},
    role_title=str,
    scope_words=str,
    state=str,
    state_word=str,
    state_kind=str,
)


@router.get("", response=page_of(RoleShape), summary="Your roles", operation_id="roles_list")
@operation(GRANTS_OWN, audience=OWN_PERSON)
def roles(request: HttpRequest, asked: Query[Asked]) -> Any:
    """The roles you were given, also those that wait or are over; newest first."""
    rows = grants_shown(GRANTS_OWN.visible_to(actor_of_request(request)), timezone.now())
    return listed(request, rows, GRANT_FOR_HERSELF, asked, order=("-given_at", "-id"))


router_add("/roles", router)
