"""Bringing a report before the committee, giving it to others, and reading what was given."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME, PUBLIC
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.reports.giving import STAFF, TO_COMMITTEE, TO_DONORS, report_bring, report_release
from betterwork.modules.reports.models import Report, ReportFile
from betterwork.modules.reports.policy import FILES_RECEIVED, REPORTS_RECEIVED, REPORTS_RELEASE
from betterwork.modules.reports.presentations import FILE_FOR_RECIPIENTS, REPORT_FOR_RECIPIENTS, REPORT_FOR_STAFF
from betterwork.modules.reports.web.views import answer


class ReleaseForm(forms.Form):
    """To whom a report is given."""

    to = forms.ChoiceField(
        label=_("To whom?"),
        widget=forms.RadioSelect,
        choices=[
            (STAFF, _("The programme’s staff of the country")),
            (TO_COMMITTEE, _("The national committee, once it has endorsed the report")),
            (TO_DONORS, _("Donors, once it is endorsed")),
        ],
    )


@page(REPORTS_RELEASE, audience=PROGRAMME, thing=("report", "pk"), methods=("GET", "POST"))
def release(request: HttpRequest, report: Report) -> HttpResponseBase:
    """Give a report to somebody."""
    form = ReleaseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actor, to = actor_of_request(request).id, form.cleaned_data["to"]
        try:
            made = report_release(actor=actor, report=report, to=to, at=timezone.now())
        except BetterWorkError as error:
            form.add_error("to", str(error))
        else:
            messages.success(request, _("Released. Whoever it was given to finds it under “Given to you”."))
            return redirect("releases:given_one", release=made.pk)
    values = {**_named(report, _("Release")), "form": form}
    return page_render(request, "reports/release.html", values, status=422 if form.errors else 200)


@page(REPORTS_RELEASE, audience=PROGRAMME, thing=("report", "pk"), methods=("GET", "POST"))
def bring(request: HttpRequest, report: Report) -> HttpResponseBase:
    """Ask the committee to endorse a report."""
    problem = ""
    if request.method == "POST":
        try:
            report_bring(actor=actor_of_request(request).id, report=report, at=timezone.now())
        except BetterWorkError as error:
            problem = str(error)
        else:
            messages.success(request, _("The committee was asked to endorse it, and may read it."))
            return redirect("reports:report", report=report.pk)
    values = {**_named(report, _("Endorsement")), "problem": problem}
    return page_render(request, "reports/bring.html", values, status=422 if problem else 200)


@page(REPORTS_RECEIVED, audience=PUBLIC, thing=("report", "pk"))
def received(request: HttpRequest, report: Report) -> HttpResponseBase:
    """A report that was given to whoever asks."""
    row = REPORT_FOR_RECIPIENTS.row(report)
    values = {
        "report": row,
        "files": FILE_FOR_RECIPIENTS.rows(report.files.order_by("key")),
        "breadcrumb": [{"title": _("Given to you"), "url": reverse("releases:received")}, {"title": row.country_name}],
    }
    return page_render(request, "reports/received.html", values)


@page(FILES_RECEIVED, audience=PUBLIC, thing=("reportfile", "pk"))
def file_received(request: HttpRequest, reportfile: ReportFile) -> HttpResponseBase:
    """A file of it."""
    return answer(reportfile)


def _named(report: Report, title: Any) -> dict[str, Any]:
    row = REPORT_FOR_STAFF.row(report)
    return {
        "report": row,
        "breadcrumb": [
            {"title": _("Reports"), "url": reverse("reports:reports")},
            {"title": row.country_name, "url": reverse("reports:report", kwargs={"report": report.pk})},
            {"title": title},
        ],
    }
