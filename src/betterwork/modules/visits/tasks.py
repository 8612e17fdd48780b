"""What visits put on homes: visits to come, visits under way, plans to look at."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _

from betterwork.foundation.contributions.registry import Task
from betterwork.foundation.doors.actor import Actor
from betterwork.modules.countries.queries import country_title
from betterwork.modules.visits.models import Visit
from betterwork.modules.visits.policy import PLANS, VISITS_JOINT, VISITS_TEAM
from betterwork.modules.visits.rules import KINDS, PLANNED, PROPOSED, STANDING, STATES, UNDER_WAY

SOON = timedelta(days=21)
MOST = 10


def tasks_of_visits(actor: Actor, at: datetime) -> Iterator[Task]:
    """What this person should do about visits now."""
    soon = at.date() + SOON
    for policy, url_name in ((VISITS_TEAM, "visits:visit"), (VISITS_JOINT, "visits:joint_visit")):
        if policy.may(actor):
            rows = policy.visible_to(actor).filter(state__in=STANDING, first_day__lte=soon).select_related("factory")
            for one in rows.order_by("first_day", "id")[:MOST]:
                yield _visit(one, reverse(url_name, kwargs={"visit": one.pk}), joint=policy is VISITS_JOINT)
    if PLANS.may(actor):
        for plan in PLANS.visible_to(actor).filter(state=PROPOSED).order_by("made_at", "id")[:MOST]:
            yield Task(
                title=_("Look at the plan of visits: %(country)s") % {"country": country_title(plan.country)},
                why=_("Nobody is told of its visits before you agree to them."),
                url=reverse("visits:plan", kwargs={"plan": plan.pk}),
                state=_("To look at"),
                state_kind="wait",
                order=30,
            )


def _visit(visit: Visit, url: str, *, joint: bool) -> Task:
    if visit.state == UNDER_WAY:
        why = _("Say that it is done when you are back.") if not joint else _("The visit is under way.")
    elif visit.unannounced:
        why = _("Not announced: tell nobody before you are there.")
    else:
        why = _("The factory knows that you come.")
    return Task(
        title=_("%(kind)s: %(factory)s") % {"kind": KINDS[visit.kind], "factory": visit.factory.name},
        why=why,
        url=url,
        state=STATES[visit.state][0],
        state_kind=STATES[visit.state][1],
        due=visit.first_day if visit.state == PLANNED else visit.last_day,
        order=5,
    )
