"""Who may make a report, who reads it, who gives it to others."""

from __future__ import annotations

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.doors import roles
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.policy import rule, rule_over
from betterwork.foundation.doors.roles import ANALYST, GLOBAL_STAFF, ROLES
from betterwork.foundation.releases.queries import documents_for
from betterwork.modules.reports.models import Report, ReportFile

_ASKING = (ANALYST, roles.COUNTRY_MANAGER)
_READING = (ANALYST, roles.COUNTRY_MANAGER, roles.TEAM_LEADER, roles.ADVISOR)


@rule("report.make", _("Global staff and analysts of the whole world."))
def REPORT_MAKE(actor: Actor) -> bool:
    """A report can be asked for of any country."""
    return actor.in_world(GLOBAL_STAFF, ANALYST)


def countries_asked_by(actor: Actor) -> frozenset[str] | None:
    """The countries of which an actor may ask for a report; None for all."""
    return None if actor.in_world(GLOBAL_STAFF, ANALYST) else actor.keys("country", *_ASKING)


@rule("report.ask", _("Global staff, analysts, and managers of a country: of their own countries."))
def REPORT_ASK(actor: Actor) -> bool:
    """Who asks for reports at all; of which countries is decided with each."""
    asked = countries_asked_by(actor)
    return asked is None or bool(asked)


def _countries(actor: Actor) -> set[str] | None:
    """The countries whose reports an actor of the staff reads; None for all."""
    return None if actor.in_world(GLOBAL_STAFF, ANALYST) else set(actor.keys("country", *_READING))


@rule_over(Report, "report.read", _("Staff of the country, global staff and analysts."))
def REPORTS_READ(actor: Actor) -> Q | None:
    """Every report of the countries one works for."""
    countries = _countries(actor)
    return Q() if countries is None else Q(country__in=sorted(countries)) if countries else None


@rule_over(ReportFile, "report.files", _("Staff of the country, global staff and analysts."))
def FILES_READ(actor: Actor) -> Q | None:
    """The files of these."""
    countries = _countries(actor)
    return Q() if countries is None else Q(report__country__in=sorted(countries)) if countries else None


@rule_over(Report, "report.release", _("The manager of the country, and global staff."))
def REPORTS_RELEASE(actor: Actor) -> Q | None:
    """What one may bring before the committee and give to others: what is made."""
    made = Q(document__isnull=False)
    if actor.in_world(GLOBAL_STAFF):
        return made
    countries = actor.keys("country", roles.COUNTRY_MANAGER)
    return made & Q(country__in=sorted(countries)) if countries else None


@rule_over(Report, "report.received", _("Whom the report was released to, while that is in force."), operator=False)
def REPORTS_RECEIVED(actor: Actor) -> Q | None:
    """What was given to one, today."""
    if not actor.holds(*ROLES):
        return None
    return Q(document__in=documents_for(actor, timezone.now()))


@rule_over(ReportFile, "report.files-received", _("Whom the report was released to, in force."), operator=False)
def FILES_RECEIVED(actor: Actor) -> Q | None:
    """The files of these."""
    if not actor.holds(*ROLES):
        return None
    return Q(report__document__in=documents_for(actor, timezone.now()))
