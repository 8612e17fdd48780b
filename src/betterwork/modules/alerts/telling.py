"""Who is told what of concerns. No notice says what it is about: mails are read by others."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors.roles import scope_country
from betterwork.foundation.notices.kinds import notice_kind_add
from betterwork.foundation.notices.rules import NOW, Fact
from betterwork.foundation.notices.services import notice_give
from betterwork.modules.alerts.models import Concern, ConcernStep, NamedPerson
from betterwork.modules.alerts.queries import told_of
from betterwork.modules.alerts.rules import ASKED, CONFIRMED, REFUSED, REOPENED

RAISED, ASKS, STANDS, NAMED = "alerts.raised", "alerts.closing-asked", "alerts.stands-otherwise", "alerts.named"
OVERDUE = "alerts.overdue"


def notice_kinds_register() -> None:
    """Say how these notices are called; at start."""
    for name, title, words in (
        (RAISED, _("A concern was raised"), _("A concern was raised. Sign in to read it.")),
        (ASKS, _("Closing a concern waits for a second person"), _("Closing a concern waits for you or another.")),
        (OVERDUE, _("A concern is overdue"), _("A concern is overdue. Sign in and look at its clock.")),
        (STANDS, _("A concern stands otherwise"), _("A concern that you know of was closed, reopened or goes on.")),
    ):
        notice_kind_add(name, title=title, words=words, urgency=NOW, must=True)
    notice_kind_add(
        NAMED,
        title=_("You are named for concerns"),
        words=_("You are named for concerns of %(country)s: say that you know."),
        urgency=NOW,
    )


def raised_tell(concern: Concern, persons: Iterable[str], at: datetime) -> None:
    """Tell those who answer it, in the transaction in which it is raised."""
    _tell(persons, RAISED, concern, at, key=f"raised {concern.id}")


def overdue_tell(concern: Concern, which: str, at: datetime) -> int:
    """Tell those who answer it now that one of its times is over, each once; return how many were."""
    persons = told_of(concern.country, at, raised_by=concern.raised_by, set_aside=concern.set_aside_person)
    return _tell(persons, OVERDUE, concern, at, key=f"{concern.id} {which} {concern.clock_from.isoformat()}")


def step_tell(concern: Concern, step: ConcernStep, at: datetime) -> None:
    """Tell whom a step concerns: for closing those who may be the second person, after it her who raised it, too."""
    answering = told_of(concern.country, at, raised_by=concern.raised_by, set_aside=concern.set_aside_person)
    if step.kind == ASKED:
        _tell({*answering} - {step.done_by}, ASKS, concern, at, key=step.id)
    elif step.kind in {CONFIRMED, REFUSED, REOPENED}:
        persons = {*answering} if step.kind == REFUSED else {*answering, concern.raised_by}
        _tell(persons - {step.done_by}, STANDS, concern, at, key=step.id)


def named_tell(naming: NamedPerson, at: datetime) -> None:
    """Tell somebody that she is named."""
    if naming.person == naming.entered_by:
        return
    facts: dict[str, Fact] = {"country": {"scope": scope_country(naming.country)}}
    notice_give(persons=[naming.person], kind=NAMED, facts=facts, url=reverse("alerts:named"), at=at, key=naming.id)


def _tell(persons: Iterable[str], kind: str, concern: Concern, at: datetime, *, key: str) -> int:
    url = reverse("alerts:concern", kwargs={"concern": concern.id})
    return len(notice_give(persons=persons, kind=kind, facts={}, url=url, at=at, key=key))
