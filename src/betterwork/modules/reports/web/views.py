"""Pages of reports for the staff: the list, asking for one, how far it is, its files."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.files.queries import file_bytes
from betterwork.foundation.jobs.presentations import JOB_FOR_STAFF
from betterwork.foundation.jobs.queries import job_found
from betterwork.foundation.releases.policy import RELEASES_GIVEN
from betterwork.foundation.releases.presentations import RELEASE_FOR_STAFF
from betterwork.foundation.releases.queries import releases_of, with_state
from betterwork.modules.countries.queries import countries_known, country_title
from betterwork.modules.evidence.snapshots import snapshots
from betterwork.modules.reports.asking import KIND, report_ask
from betterwork.modules.reports.models import Report, ReportFile
from betterwork.modules.reports.policy import (
    FILES_READ,
    REPORT_ASK,
    REPORTS_READ,
    REPORTS_RELEASE,
    countries_asked_by,
)
from betterwork.modules.reports.presentations import FILE_FOR_STAFF, REPORT_FOR_STAFF

SANDBOX = (
    "sandbox allow-downloads; default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "frame-ancestors 'none'"
)
"""A report is a page of its own, its styles inside: shown apart, without scripts, forms or anything from elsewhere.
Its links save the PDF and the workbook beside it, which a sandbox without ``allow-downloads`` would not let them."""
HTML = "text/html"
INSIDE = _("The period includes this day.")


def _by_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    return rows.filter(made_at__isnull=state != "made")


LIST = Listing(
    REPORT_FOR_STAFF,
    (
        Column("country_name", _("Country"), sort=("country",)),
        Column("starts", _("First day"), sort=("starts",)),
        Column("ends", _("Last day"), sort=("ends",)),
        Column("snapshot", _("Snapshot"), sort=("snapshot",)),
        Column("made_at", _("Made"), sort=("made_at",)),
    ),
    order=("-asked_at", "-id"),
    choices=(Choice("state", _("State"), (("made", _("Made")), ("waits", _("Not made yet"))), _by_state),),
    related=("document",),
)


@page(REPORTS_READ, audience=PROGRAMME)
def reports(request: HttpRequest) -> HttpResponseBase:
    """The reports of the countries one works for."""
    actor = actor_of_request(request)
    rows = REPORTS_READ.visible_to(actor)
    if request.GET.get("format") == "csv":
        return LIST.export(request, rows, "reports")
    values = {"listing": LIST.shown(request, rows), "may_ask": REPORT_ASK.may(actor)}
    return page_render(request, "reports/reports.html", values)


class AskForm(forms.Form):
    """A country, a period and the evidence it is made from."""

    country = forms.ChoiceField(label=_("Country"))
    starts = forms.DateField(label=_("First day"), widget=forms.DateInput(attrs={"type": "date"}), help_text=INSIDE)
    ends = forms.DateField(label=_("Last day"), widget=forms.DateInput(attrs={"type": "date"}), help_text=INSIDE)
    snapshot = forms.ChoiceField(
        label=_("Evidence"),
        required=False,
        help_text=_("The newest evidence is sealed under a name of its own, so that the report can be made again."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        mine = countries_asked_by(actor)
        self.fields["country"].choices = [  # type: ignore[attr-defined]
            (one.code, country_title(one.code)) for one in countries_known() if mine is None or one.code in mine
        ]
        names = [(name, name) for name in reversed(snapshots())]
        self.fields["snapshot"].choices = [("", _("The newest evidence")), *names]  # type: ignore[attr-defined]


@page(REPORT_ASK, audience=PROGRAMME, methods=("GET", "POST"))
def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask for a report."""
    actor = actor_of_request(request)
    form = AskForm(request.POST if request.method == "POST" else None, actor=actor)
    if request.method == "POST" and form.is_valid():
        try:
            made = report_ask(actor=actor.id, at=timezone.now(), **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            return redirect("reports:report", report=made.pk)
    breadcrumb = [{"title": _("Reports"), "url": reverse("reports:reports")}, {"title": _("Ask for a report")}]
    values = {"form": form, "breadcrumb": breadcrumb}
    return page_render(request, "reports/ask.html", values, status=422 if form.errors else 200)


@page(REPORTS_READ, audience=PROGRAMME, thing=("report", "pk"))
def report(request: HttpRequest, report: Report) -> HttpResponseBase:
    """One report: how far it is; once it is made, its files and to whom it was given."""
    return page_render(request, "reports/report.html", _values(request, report))


@page(REPORTS_READ, audience=PROGRAMME, thing=("report", "pk"))
def report_now(request: HttpRequest, report: Report) -> HttpResponseBase:
    """The part of that page that changes while the job runs."""
    return page_render(request, "reports/report_now.html", _values(request, report))


@page(FILES_READ, audience=PROGRAMME, thing=("reportfile", "pk"))
def file(request: HttpRequest, reportfile: ReportFile) -> HttpResponseBase:
    """A file of a report: the page is shown, everything else is saved."""
    return answer(reportfile)


def answer(kept: ReportFile) -> HttpResponseBase:
    """The bytes of a file, as they were sealed."""
    text = kept.media_type.startswith("text/")
    made = StreamingHttpResponse(
        file_bytes(kept.file), content_type=f"{kept.media_type}; charset=utf-8" if text else kept.media_type
    )
    shown = kept.media_type == HTML
    name = kept.path.rpartition("/")[2]
    made.headers["Content-Length"] = str(kept.size)
    made.headers["Content-Disposition"] = content_disposition_header(not shown, name) or "inline"
    return _apart(made)


def _apart(made: HttpResponseBase) -> HttpResponseBase:
    """What keeps a file of a report to itself."""
    made.headers["Content-Security-Policy"] = SANDBOX
    made.headers["X-Content-Type-Options"] = "nosniff"
    made.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return made


def _values(request: HttpRequest, report: Report) -> dict[str, Any]:
    actor = actor_of_request(request)
    row = REPORT_FOR_STAFF.row(report)
    given = RELEASES_GIVEN.visible_to(actor) & releases_of(KIND, report.pk)
    shown = with_state(given.select_related("document").order_by("-given_at", "-id"), timezone.now())
    return {
        "report": row,
        "job": None if row.made else _job(report),
        "files": FILE_FOR_STAFF.rows(report.files.order_by("key")),
        "releases": RELEASE_FOR_STAFF.rows(shown),
        "may_release": row.made and REPORTS_RELEASE.may(actor, report),
        "breadcrumb": [{"title": _("Reports"), "url": reverse("reports:reports")}, {"title": row.country_name}],
    }


def _job(report: Report) -> Any:
    try:
        return JOB_FOR_STAFF.row(job_found(str(report.job))) if report.job else None
    except WrongUse:  # pruned long ago
        return None
