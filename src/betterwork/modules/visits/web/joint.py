"""Pages of inspectors: the joint visits on which they come along."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from betterwork.foundation.audiences.names import AUTHORITY
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.visits.calendar import named_team
from betterwork.modules.visits.models import Visit
from betterwork.modules.visits.policy import VISITS_JOINT
from betterwork.modules.visits.presentations import VISIT_FOR_INSPECTORS
from betterwork.modules.visits.queries import team_of, with_team


@page(VISITS_JOINT, audience=AUTHORITY)
def joint(request: HttpRequest) -> HttpResponse:
    """The joint visits of an inspector: those to come first, then what was."""
    actor, today = actor_of_request(request), timezone.localdate()
    rows = VISITS_JOINT.visible_to(actor).select_related("factory")
    values = {
        "coming": VISIT_FOR_INSPECTORS.rows(rows.filter(last_day__gte=today).order_by("first_day", "id")[:100]),
        "over": VISIT_FOR_INSPECTORS.rows(rows.filter(last_day__lt=today).order_by("-first_day", "id")[:50]),
    }
    return page_render(request, "visits/joint.html", values)


def _team(rows: Any, actor: Any) -> Any:
    return with_team(rows.select_related("factory"))


@page(VISITS_JOINT, audience=AUTHORITY, thing=("visit", "id"), reading=_team)
def joint_visit(request: HttpRequest, visit: Visit) -> HttpResponse:
    """One joint visit: where and when, and with whom."""
    names = person_names(one.person for one in team_of(visit))
    values = {"visit": VISIT_FOR_INSPECTORS.row(visit), "team": named_team(visit, names)}
    return page_render(request, "visits/joint_visit.html", values)
