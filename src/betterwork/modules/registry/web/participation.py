"""Pages of a country: who must take part and does not, what the programme reaches."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.countries.queries import countries_known, country_title
from betterwork.modules.registry.covering import coverage_over_time, sector_totals
from betterwork.modules.registry.policy import (
    COVERAGE_READ,
    FACTORIES_READ,
    FACTORIES_REGISTER,
    countries_kept,
    countries_seen,
)
from betterwork.modules.registry.presentations import DUTIES, FACTORY_TO_CALL, SECTOR_TOTAL
from betterwork.modules.registry.queries import factories_kept, with_duty, with_reach
from betterwork.modules.registry.services import sector_total_set
from betterwork.modules.registry.settings_of import EARNERS, HEADCOUNT_YEARS, HOUSEHOLD, condition_of_export, value_of
from betterwork.modules.registry.web.forms import SectorForm

PARTICIPATION = Listing(
    FACTORY_TO_CALL,
    (
        Column("name", gettext_lazy("Factory"), sort=("name",)),
        Column("outside_id", gettext_lazy("Number in its country"), sort=("outside_id",)),
        Column("duty_word", gettext_lazy("Taking part"), sort=("duty",)),
        Column("source", gettext_lazy("Source of “exports”")),
        Column("town", gettext_lazy("Town")),
        Column("contact", gettext_lazy("Contact")),
        Column("workers", gettext_lazy("Workers"), sort=("workers_now",), number=True),
        Column("state_word", gettext_lazy("State"), sort=("state_now",)),
    ),
    order=("name", "id"),
    search=lambda text: Q(name__icontains=text) | Q(outside_id__istartswith=text),
    choices=(
        Choice(
            "duty",
            gettext_lazy("Taking part"),
            tuple((key, words) for key, (words, _kind) in DUTIES.items()),
            lambda rows, duty: rows.filter(duty=duty),
        ),
    ),
)


def _country(request: HttpRequest, actor: Actor) -> tuple[str, list[dict[str, Any]]]:
    """The country asked for, and those one may ask for. Raises Http404 for any other."""
    seen = countries_seen(actor)
    mine = [one.code for one in countries_known() if seen is None or one.code in seen]
    asked = request.GET.get("country", "") or (mine[0] if mine else "")
    if asked not in mine:
        raise Http404
    tabs = [{"title": country_title(code), "url": f"?country={code}", "active": code == asked} for code in mine]
    return asked, tabs


@page(FACTORIES_READ, audience=PROGRAMME)
def participation(request: HttpRequest) -> HttpResponseBase:
    """Who must take part in a country, and who of them does not."""
    actor, today = actor_of_request(request), timezone.localdate()
    country, tabs = _country(request, actor)
    rule = condition_of_export(country, today)
    kept = factories_kept(FACTORIES_READ.visible_to(actor).filter(country=country))
    rows = with_duty(kept, today, condition=rule.value == "yes")
    if request.GET.get("format") == "csv":
        return PARTICIPATION.export(request, with_reach(rows, today), f"participation-{country}")
    counted = {one["duty"]: one["number"] for one in rows.order_by().values("duty").annotate(number=Count("pk"))}

    def known(chosen: Mapping[str, str]) -> int:
        return int(counted.get(chosen["duty"], 0) if "duty" in chosen else sum(counted.values()))

    if counted.get("missing") and not {"duty", "q"} & set(request.GET):
        asked = request.GET.copy()  # begins with those to call; "All" is a choice of the filter
        asked["duty"] = "missing"
        request.GET = asked  # type: ignore[assignment]
    listing = PARTICIPATION.shown(request, with_reach(rows, today), known)
    listing = replace(
        listing, along=(("country", country),), export_url=f"{listing.export_url}&{urlencode({'country': country})}"
    )
    values = {
        "country": country_title(country),
        "code": country,
        "tabs": tabs,
        "condition": rule.value == "yes",
        "source": rule.source,
        "since": rule.start,
        "figures": [(words, counted.get(key, 0), key) for key, (words, _kind) in DUTIES.items() if key != "free"],
        "listing": listing,
    }
    return page_render(request, "registry/participation.html", values)


@page(COVERAGE_READ, audience=PROGRAMME)
def coverage(request: HttpRequest) -> HttpResponseBase:
    """What the programme reaches in a country: factories, workers, share of the sector, family members, over time."""
    actor, today = actor_of_request(request), timezone.localdate()
    country, tabs = _country(request, actor)
    totals = sector_totals(country)
    rows = coverage_over_time(country, today, totals)
    if request.GET.get("format") == "csv":
        return _as_csv(country, rows)
    kept = countries_kept(actor)
    most = max((one.workers for one in rows), default=0)
    values = {
        "country": country_title(country),
        "code": country,
        "tabs": tabs,
        "rows": [_shown(one, most) for one in rows[::-1]],
        "bars": [_shown(one, most) for one in rows[-12:]],
        "now": _shown(rows[-1], most) if rows else None,
        "totals": SECTOR_TOTAL.rows(totals[::-1]),
        "method": [(name, one.value, one.source) for name, one in ((n, value_of(country, n, today)) for n in _METHOD)],
        "may_write": kept is None or country in kept,
        "csv": f"?country={country}&format=csv",
    }
    return page_render(request, "registry/coverage.html", values)


_METHOD = (HOUSEHOLD, EARNERS, HEADCOUNT_YEARS)


def _shown(one: Any, most: int) -> dict[str, Any]:
    return {
        "day": one.day,
        "label": str(one.day.year) if (one.day.month, one.day.day) == (12, 31) else _("Today"),
        "factories": one.factories,
        "workers": one.workers,
        "counted": one.counted,
        "most": most or 1,
        "share_of_factories": one.share_of_factories,
        "share_of_workers": one.share_of_workers,
        "sector_factories": one.sector.factories if one.sector else None,
        "sector_workers": one.sector.workers if one.sector else None,
        "sector_source": one.sector.source if one.sector else "",
        "family": one.family,
    }


def _as_csv(country: str, rows: list[Any]) -> HttpResponse:
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    names = (
        *("day", "factories", "counted", "workers", "sector_factories", "sector_workers"),
        *("share_of_factories", "share_of_workers", "family", "sector_source"),
    )
    writer.writerow(("country", *names))
    for one in rows:
        said = _shown(one, 1)
        cells = [said[name] if not isinstance(said[name], date) else said[name].isoformat() for name in names]
        writer.writerow([country, *(_safe(cell) for cell in cells)])
    response = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="coverage-{country}.csv"'
    return response


def _safe(cell: Any) -> Any:
    """A cell that no program takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


@page(FACTORIES_REGISTER, audience=PROGRAMME, methods=("GET", "POST"))
def sector(request: HttpRequest) -> HttpResponseBase:
    """How large the whole sector of a country is, from a day on, with its source."""
    actor, at = actor_of_request(request), timezone.now()
    country = request.GET.get("country", "")
    kept = countries_kept(actor)
    if country not in {one.code for one in countries_known()} or (kept is not None and country not in kept):
        raise Http404
    form = SectorForm(request.POST if request.method == "POST" else None)
    back = f"{reverse('registry:coverage')}?country={country}"
    if request.method == "POST" and form.is_valid():
        try:
            sector_total_set(actor=actor.id, country=country, at=at, **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Written down. Shares of the sector are reckoned with it from that day on."))
            return redirect(back)
    values = {
        "form": form,
        "title": _("Size of the sector"),
        "lead": _("How many factories and workers the whole sector of %(country)s has, from a day on.")
        % {"country": country_title(country)},
        "button": _("Write this total down"),
        "who": _("Seen by the programme's staff; it stands under the tables of coverage."),
        "back": back,
    }
    return page_render(request, "registry/form.html", values)
