"""Pages of evidence for the programme's staff: all countries side by side, and each country's tabs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.core.evidence.tables import Table
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.jobs.declaring import task_called
from betterwork.foundation.jobs.services import job_enqueue
from betterwork.modules.countries.queries import country_title
from betterwork.modules.evidence.figures.reading import GLANCE, is_old, part_of, periods_of
from betterwork.modules.evidence.figures.rules_now import minimum_now
from betterwork.modules.evidence.models import Figures
from betterwork.modules.evidence.policy import EVIDENCE_BUILD, FIGURES_READ
from betterwork.modules.evidence.web import book as pages
from betterwork.modules.evidence.web import files, shown
from betterwork.modules.evidence.web.book import HEADLINE, IMPROVEMENT, RATES, TRENDS, YEARS, Book

FIGURES_JOB = "betterwork.modules.evidence.jobs.figures_job"
URLS = {RATES: "country", TRENDS: "trend", IMPROVEMENT: "improvement", YEARS: "years", HEADLINE: "headline"}


@dataclass(frozen=True, slots=True)
class CountryLine:
    """A country beside the others: how many factories, and the mean rate of each cluster's points."""

    name: str
    url: str
    factories: str
    until: str
    cells: list[shown.Cell]


def country_name(code: str) -> str:
    """How a country is called; its code where it has no programme."""
    try:
        return country_title(code)
    except KeyError:
        return code


@page(FIGURES_READ, audience=PROGRAMME)
def countries(request: HttpRequest) -> HttpResponseBase:
    """All countries that one works for, side by side."""
    actor = actor_of_request(request)
    rows = list(FIGURES_READ.visible_to(actor).filter(snapshot="").order_by("country"))
    tables = {one.country: (one, part_of(one, GLANCE)) for one in rows}
    clusters = sorted({row["cluster"] for _one, part in tables.values() if part for row in _clusters(part)})
    lines, missing = [], []
    for code, (figures, part) in tables.items():
        if part is None:
            missing.append(country_name(code))
            continue
        by_cluster = {row["cluster"]: row for row in _clusters(part)}
        cells = [
            shown.Cell(shown.share(row["mean_point_rate"]), shown.number(row["assessments"]))
            if (row := by_cluster.get(cluster))
            else shown.Cell("–")
            for cluster in clusters
        ]
        url = reverse("evidence:country", kwargs={"figures": figures.key})
        counts = part.counts
        lines.append(
            CountryLine(country_name(code), url, shown.number(counts["assessments"]), counts.get("last", "")[:7], cells)
        )
    lines.sort(key=lambda one: one.name)
    chosen = request.GET.get("of", "")
    chosen = chosen if chosen in clusters else (clusters[0] if clusters else "")
    values = {
        "lines": lines,
        "clusters": clusters,
        "chosen": chosen,
        "bars": _country_bars(tables, chosen),
        "missing": missing,
        "may_build": EVIDENCE_BUILD.may(actor),
        **_state(actor, rows[0] if rows else None),
    }
    return page_render(request, "evidence/countries.html", values)


def _clusters(part: Any) -> list[dict[str, Any]]:
    table: Table | None = part.table("rates-cluster")
    return table.records() if table else []


def _country_bars(tables: dict[str, Any], cluster: str) -> list[shown.Bar]:
    bars = []
    for code, (figures, part) in tables.items():
        for row in _clusters(part) if part else ():
            if row["cluster"] == cluster:
                count = shown.number(row["assessments"])
                url = reverse("evidence:country", kwargs={"figures": figures.key})
                mean = row["mean_point_rate"]
                bars.append(shown.Bar(country_name(code), 100 * mean, shown.share(mean), f"n = {count}", url=url))
    return sorted(bars, key=lambda one: -one.now)


def book_of(figures: Figures) -> Book:
    """A country's figures for its staff."""
    trend = part_of(figures, "trend")
    return Book(
        country=figures.country,
        name=country_name(figures.country),
        part=partial(part_of, figures),
        url=lambda tab: reverse(f"evidence:{URLS[tab]}", kwargs={"figures": figures.key}),
        tabs=(RATES, TRENDS, IMPROVEMENT, YEARS, HEADLINE),
        periods=tuple(periods_of(figures)),
        panels=tuple(one[0] for one in trend.content.get("panels", ())) if trend else (),
        few=minimum_now(figures.country),
    )


def _tab(request: HttpRequest, figures: Figures, tab: str) -> HttpResponseBase:
    made = pages.page_of(request, book_of(figures), tab)
    if isinstance(made, HttpResponseBase):
        return made
    actor = actor_of_request(request)
    crumbs = [{"title": _("Evidence"), "url": reverse("evidence:countries")}]
    crumbs.append({"title": country_name(figures.country), "url": reverse("evidence:country", args=[figures.key])})
    values = {
        "page": made,
        "breadcrumb": crumbs,
        "ask_url": reverse("evidence:ask", kwargs={"figures": figures.key}),
        "few": minimum_now(figures.country),
        **_state(actor, figures),
    }
    return page_render(request, "evidence/tab.html", values)


def _state(actor: Actor, figures: Figures | None) -> dict[str, Any]:
    """Whether the figures are older than the assessments, and who may do something about it."""
    old = figures is not None and is_old(figures)
    return {
        "old": old,
        "documents": figures.documents if figures else 0,
        "latest": shown.day(figures.taken_at[:10]) if figures else "",
        "may_build": EVIDENCE_BUILD.may(actor),
    }


@page(FIGURES_READ, audience=PROGRAMME, thing=("figures", "key"))
def country(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """Rates by cluster, by opening one by point, by opening one by question."""
    return _tab(request, figures, RATES)


@page(FIGURES_READ, audience=PROGRAMME, thing=("figures", "key"))
def trend(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """Rates over calendar years, or over the cycles of the same factories."""
    return _tab(request, figures, TRENDS)


@page(FIGURES_READ, audience=PROGRAMME, thing=("figures", "key"))
def improvement(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """Before, now and improvement between each factory's last two assessments."""
    return _tab(request, figures, IMPROVEMENT)


@page(FIGURES_READ, audience=PROGRAMME, thing=("figures", "key"))
def years(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """Rates by whole years in the programme."""
    return _tab(request, figures, YEARS)


@page(FIGURES_READ, audience=PROGRAMME, thing=("figures", "key"))
def headline(request: HttpRequest, figures: Figures) -> HttpResponseBase:
    """The headline facts of the programme's paper, computed for this country."""
    part = part_of(figures, GLANCE)
    table = part.table("headline") if part else None
    form = request.GET.get("format", "")
    if table and form == "csv":
        return files.csv_answer(table, f"{figures.country}-headline".lower())
    if table and form == "xlsx":
        return files.xlsx_answer(table, f"{figures.country}-headline".lower())
    made = book_of(figures)
    values = {
        "page": pages.Page(made.name, "", pages.tabs_of(made, HEADLINE), []),
        "facts": [_fact(row) for row in table.records()] if table else [],
        "snapshot": pages.snapshot_words(table) if table else "",
        "notes": pages.counted_words(RATES) if table else (),
        **_state(actor_of_request(request), figures),
    }
    return page_render(request, "evidence/headline.html", values)


def _fact(row: dict[str, Any]) -> dict[str, Any]:
    holds = row["holds"]
    kind, word = {True: ("ok", _("Holds")), False: ("nc", _("Does not hold"))}.get(holds, ("none", _("Cannot be said")))
    return {
        "name": row["fact"],
        "value": shown.share(row["value"]),
        "n": shown.number(row["n"]),
        "base": shown.number(row["base"]),
        "kind": kind,
        "word": word,
        "definition": row["definition"],
    }


@page(EVIDENCE_BUILD, audience=PROGRAMME, methods=("POST",))
def refresh(request: HttpRequest) -> HttpResponseBase:
    """Ask for store and figures to be brought up to date; a job does it, and shows how far it is."""
    # Called by its path: what computes must not be imported where pages are made.
    task, actor = task_called(FIGURES_JOB), actor_of_request(request).id
    made = job_enqueue(task=task, actor=actor, key="evidence figures", at=timezone.now())
    messages.success(request, _("The evidence is being brought up to date. This page shows how far it is."))
    return redirect("jobs:job", job=made.pk)
