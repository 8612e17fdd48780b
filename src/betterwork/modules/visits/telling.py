"""Who is told what of visits. A notice says that there is something to look at, and nothing of where and when."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.notices.kinds import notice_kind_add
from betterwork.foundation.notices.rules import NOW
from betterwork.foundation.notices.services import notice_give
from betterwork.modules.staff.policy import WORKS
from betterwork.modules.visits.models import Plan, Visit

ON_IT, CHANGED, OFF_IT, TOLD, READY = (
    "visits.on-it",
    "visits.changed",
    "visits.off-it",
    "visits.told",
    "visits.plan.ready",
)


def notice_kinds_register() -> None:
    """Say how these notices are called; at start."""
    for name, title, words in (
        (ON_IT, _("You are on a visit"), _("You are on a visit. Your calendar says where and when. Tell nobody.")),
        (CHANGED, _("A visit of yours has changed"), _("A visit of yours was changed or called off. Look at it.")),
        (OFF_IT, _("You are no longer on a visit"), _("You are no longer on a visit. Your calendar is as it is now.")),
        (TOLD, _("You were told of a visit"), _("You need to know of a visit before it begins. Tell nobody.")),
        (READY, _("A plan of visits is ready"), _("The plan you asked for is ready: look at what it proposes.")),
    ):
        notice_kind_add(name, title=title, words=words, urgency=NOW, concerns=lambda actor: actor.holds(*WORKS))


def team_tell(kind: str, visit: Visit, persons: Iterable[str], at: datetime, *, inspectors: Iterable[str] = ()) -> None:
    """Tell those on a visit. Inspectors read another page of it."""
    for url_name, some in (("visits:visit", persons), ("visits:joint_visit", inspectors)):
        wanted = sorted(set(some))
        if wanted:
            url = reverse(url_name, kwargs={"visit": visit.pk})
            notice_give(persons=wanted, kind=kind, facts={}, url=url, at=at)


def plan_agreed_tell(plan: Plan, persons: Iterable[str], at: datetime, *, inspectors: Iterable[str] = ()) -> None:
    """Tell those who are on visits of a plan that was agreed whole: once each, however many visits are hers."""
    for url_name, some in (("visits:calendar", persons), ("visits:joint", inspectors)):
        notice_give(persons=set(some), kind=ON_IT, facts={}, url=reverse(url_name), at=at, key=f"agreed {plan.pk}")


def off_it_tell(persons: Iterable[str], visit: Visit, at: datetime) -> None:
    """Tell those who are no longer on a visit; the notice leads to their calendar, which does not show it any more."""
    url = reverse("visits:calendar")
    key = f"off {visit.pk} {at.isoformat()}"
    notice_give(persons=sorted(set(persons)), kind=OFF_IT, facts={}, url=url, at=at, key=key)


def plan_tell(plan: Plan, at: datetime) -> None:
    """Tell who asked for a plan that it is there."""
    url = reverse("visits:plan", kwargs={"plan": plan.pk})
    notice_give(persons=[plan.made_by], kind=READY, facts={}, url=url, at=at, key=f"ready {plan.pk}")
