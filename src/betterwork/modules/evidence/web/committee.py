"""Pages of aggregates for the constituents of a country: small groups withheld, no factory named."""

from __future__ import annotations

from functools import partial

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import COMMITTEE
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.evidence.figures.reading import SAFE, is_old, part_of
from betterwork.modules.evidence.figures.rules_now import minimum_now
from betterwork.modules.evidence.models import Figures
from betterwork.modules.evidence.policy import AGGREGATES_READ
from betterwork.modules.evidence.web import book as pages
from betterwork.modules.evidence.web import shown
from betterwork.modules.evidence.web.book import IMPROVEMENT, RATES, TRENDS, YEARS, Book
from betterwork.modules.evidence.web.views import country_name

URLS = {
    RATES: "aggregates",
    TRENDS: "aggregates_trend",
    IMPROVEMENT: "aggregates_improvement",
    YEARS: "aggregates_years",
}


@page(AGGREGATES_READ, audience=COMMITTEE)
def own(request: HttpRequest) -> HttpResponseBase:
    """The countries whose aggregates one may read; whoever reads those of one country is there at once."""
    rows = list(AGGREGATES_READ.visible_to(actor_of_request(request)).order_by("country"))
    if len(rows) == 1:
        return redirect("evidence:aggregates", figures=rows[0].key)
    found = [
        {"name": country_name(one.country), "url": reverse("evidence:aggregates", kwargs={"figures": one.key})}
        for one in rows
    ]
    return page_render(request, "evidence/aggregates.html", {"countries": found})


def book_of(figures: Figures) -> Book:
    """A country's aggregates. Where the country asks for larger groups by now, there is nothing until they are made."""
    held = part_of(figures, SAFE)
    stale = figures.minimum_group < minimum_now(figures.country)
    panels = tuple(held.content.get("panels", ())) if held and not stale else ()
    return Book(
        country=figures.country,
        name=country_name(figures.country),
        part=(lambda name: None) if stale else partial(part_of, figures),
        url=lambda tab: reverse(f"evidence:{URLS[tab]}", kwargs={"figures": figures.key}),
        tabs=(RATES, *((TRENDS,) if panels else ()), IMPROVEMENT, YEARS),
        panels=panels,
        by_year=False,
        staff=False,
        fixed=SAFE,
    )


def _tab(request: HttpRequest, figures: Figures, tab: str) -> HttpResponseBase:
    made = pages.page_of(request, book_of(figures), tab)
    if isinstance(made, HttpResponseBase):
        return made
    values = {
        "page": made,
        "breadcrumb": [
            {"title": _("Evidence of your country"), "url": reverse("evidence:own")},
            {"title": country_name(figures.country), "url": ""},
        ],
        "minimum": figures.minimum_group,
        "old": is_old(figures),
        "documents": figures.documents,
        "latest": shown.day(figures.taken_at[:10]),
        "may_build": False,
    }
    return page_render(request, "evidence/tab.html", values)


@page(AGGREGATES_READ, audience=COMMITTEE, thing=("figures", "key"))
def rates(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """Rates by cluster, point and question."""
    return _tab(request, figures, RATES)


@page(AGGREGATES_READ, audience=COMMITTEE, thing=("figures", "key"))
def trend(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """Rates over the cycles of the same factories."""
    return _tab(request, figures, TRENDS)


@page(AGGREGATES_READ, audience=COMMITTEE, thing=("figures", "key"))
def improvement(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """Improvement between each factory's last two assessments."""
    return _tab(request, figures, IMPROVEMENT)


@page(AGGREGATES_READ, audience=COMMITTEE, thing=("figures", "key"))
def years(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """Rates by whole years in the programme."""
    return _tab(request, figures, YEARS)
