"""Bringing a report before the country's committee, and giving it to others."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from betterwork.core.errors import WrongUse
from betterwork.foundation.audiences.names import COMMITTEE, PROGRAMME, PUBLIC
from betterwork.foundation.doors.roles import DONOR, scope_country
from betterwork.foundation.releases.models import Release
from betterwork.foundation.releases.rules import Recipient, day_of
from betterwork.foundation.releases.services import release_make
from betterwork.modules.bodies.services import decision_require, matter_bring
from betterwork.modules.countries.queries import country_of_code
from betterwork.modules.reports.asking import KIND
from betterwork.modules.reports.models import Report
from betterwork.modules.reports.words import period

ENDORSE = "report.endorse"
DRAFT_DAYS = 90
"""For how long the committee may read a report that it was asked to endorse."""
STAFF, TO_COMMITTEE, TO_DONORS = "programme", "committee", "donors"
"""To whom a report is given; to all but the staff only once it is endorsed."""


def report_title(report: Report) -> str:
    """How a report is called in a release: in English, as the report itself is."""
    name = country_of_code(report.country).name
    with override("en"):
        return f"Synthesis report: {name}, {period(report.starts, report.ends)}"


def recipient_of(report: Report, to: str) -> tuple[Recipient, str]:
    """(the recipient, the section of the document that is made for it). Raises :class:`WrongUse` for no such one."""
    country = scope_country(report.country)
    known = {
        STAFF: (Recipient(PROGRAMME, country), PROGRAMME),
        TO_COMMITTEE: (Recipient(COMMITTEE, country), COMMITTEE),
        TO_DONORS: (Recipient(PUBLIC, role=DONOR), PUBLIC),
    }
    if to not in known:
        raise WrongUse(_("Choose to whom the report is given."))
    return known[to]


@transaction.atomic
def report_bring(*, actor: str, report: Report, at: datetime) -> Any:
    """Ask the committee that has the say to endorse a report, and let it read the report for that; return the matter.

    Raises :class:`WrongUse` where the report is not made yet, or there is no such committee.
    """
    digest = _made(report)
    matter = matter_bring(
        actor=actor,
        kind=ENDORSE,
        subject=digest,
        title=report_title(report),
        url=reverse("reports:received", kwargs={"report": report.pk}),
        country=report.country,
        at=at,
    )
    to, section = recipient_of(report, TO_COMMITTEE)
    drafts = Release.objects.filter(document=report.document, rule=_draft(), withdrawal__isnull=True)
    if not drafts.filter(ends__gte=day_of(at)).exists():
        release_make(
            actor=actor,
            kind=KIND,
            key=report.pk,
            title=f"{report_title(report)} (for endorsement)",
            country=report.country,
            document=report.document,
            section=section,
            to=to,
            authority=f"Brought before the committee as matter {matter.pk}",
            rule=_draft(),
            ends=day_of(at) + timedelta(days=DRAFT_DAYS),
            at=at,
        )
    return matter


@transaction.atomic
def report_release(*, actor: str, report: Report, to: str, at: datetime) -> Release:
    """Give a report to the staff of its country, to the national committee, or to donors.

    To others than staff it is given by the authority of the decision that endorsed it. Raises :class:`WrongUse` for a
    report that is not made, NotDecided (one too) with the reason where it is not endorsed, and where they have it.
    """
    digest = _made(report)
    recipient, section = recipient_of(report, to)
    if to == STAFF:
        authority = f"The programme of {country_of_code(report.country).name}"
    else:
        decision = decision_require(ENDORSE, digest, country=report.country, on=day_of(at))
        authority = f"Decision {decision.number} of {decision.body.name}, {decision.day.isoformat()}"
    return release_make(
        actor=actor,
        kind=KIND,
        key=report.pk,
        title=report_title(report),
        country=report.country,
        document=report.document,
        section=section,
        to=recipient,
        authority=authority,
        rule=ENDORSE if to != STAFF else "report.read",
        at=at,
    )


def _draft() -> str:
    return f"{ENDORSE} (draft)"


def _made(report: Report) -> str:
    if report.document is None:
        raise WrongUse(_("The report is not made yet."))
    return report.document.digest
