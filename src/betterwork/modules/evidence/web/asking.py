"""Any other window or cycle: asked for on a page, computed by a job, shown with its progress and then its tables."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.jobs.presentations import JOB_FOR_STAFF
from betterwork.foundation.jobs.queries import job_found
from betterwork.modules.evidence.figures.asking import window_ask
from betterwork.modules.evidence.figures.reading import part_asked
from betterwork.modules.evidence.figures.rules_now import minimum_now
from betterwork.modules.evidence.models import Asked, Figures
from betterwork.modules.evidence.policy import ASKED_READ, FIGURES_READ
from betterwork.modules.evidence.presentations import ASKED_FOR_STAFF
from betterwork.modules.evidence.web import book as pages
from betterwork.modules.evidence.web.book import IMPROVEMENT, RATES, YEARS, Book
from betterwork.modules.evidence.web.views import country_name

TABS = (RATES, IMPROVEMENT, YEARS)


class AskForm(forms.Form):
    """A window of days, both inside, or a cycle, or both."""

    starts = forms.DateField(
        label=_("First day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The period includes this day."),
    )
    ends = forms.DateField(
        label=_("Last day"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("The period includes this day."),
    )
    cycle = forms.IntegerField(
        label=_("Cycle"),
        required=False,
        min_value=1,
        max_value=1000,
        help_text=_("Only assessments of this cycle of each factory."),
    )


@page(FIGURES_READ, audience=PROGRAMME, thing=("figures", "key"), methods=("GET", "POST"))
def ask(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """Ask for a window."""
    form = AskForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        actor = actor_of_request(request).id
        try:
            made = window_ask(actor=actor, country=figures.country, at=timezone.now(), **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            return redirect("evidence:asked", asked=made.pk)
    name = country_name(figures.country)
    values = {
        "form": form,
        "name": name,
        "back": reverse("evidence:country", kwargs={"figures": figures.key}),
        "breadcrumb": [
            {"title": _("Evidence"), "url": reverse("evidence:countries")},
            {"title": name, "url": reverse("evidence:country", kwargs={"figures": figures.key})},
            {"title": _("Another period"), "url": ""},
        ],
    }
    return page_render(request, "evidence/ask.html", values, status=422 if form.errors else 200)


@page(ASKED_READ, audience=PROGRAMME, thing=("asked", "pk"))
def asked(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    """How far it is; once it is done, its tables."""
    part = part_asked(asked)
    if part is None:
        return page_render(request, "evidence/asked.html", _waiting(asked))
    url = reverse("evidence:asked", kwargs={"asked": asked.pk})
    chosen = request.GET.get("tab", "")
    tab = chosen if chosen in TABS else RATES
    book = Book(
        country=asked.country,
        name=country_name(asked.country),
        part=lambda name: part,
        url=lambda one: f"{url}?tab={one}",
        tabs=TABS,
        few=minimum_now(asked.country),
        fixed="asked",
    )
    made = pages.page_of(request, book, tab)
    if isinstance(made, HttpResponseBase):
        return made
    values = {
        "page": made,
        "window": ASKED_FOR_STAFF.row(asked),
        "breadcrumb": _way(asked),
        "few": minimum_now(asked.country),
        "tab": tab,
    }
    return page_render(request, "evidence/tab.html", values)


@page(ASKED_READ, audience=PROGRAMME, thing=("asked", "pk"))
def asked_now(request: HttpRequest, asked: Asked) -> HttpResponseBase:
    """The part of that page that changes while the job runs."""
    return page_render(request, "evidence/asked_now.html", _waiting(asked))


def _waiting(asked: Asked) -> dict[str, Any]:
    try:
        job = JOB_FOR_STAFF.row(job_found(str(asked.job))) if asked.job else None
    except WrongUse:  # pruned long ago, or made up
        job = None
    return {
        "window": ASKED_FOR_STAFF.row(asked),
        "name": country_name(asked.country),
        "job": job,
        "done": part_asked(asked) is not None,
        "breadcrumb": _way(asked),
    }


def _way(asked: Asked) -> list[dict[str, Any]]:
    return [
        {"title": _("Evidence"), "url": reverse("evidence:countries")},
        {"title": country_name(asked.country), "url": reverse("evidence:country", kwargs={"figures": asked.country})},
        {"title": _("Another period"), "url": ""},
    ]
