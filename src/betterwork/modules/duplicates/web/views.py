"""Pages of duplicates: pairs that wait, one pair side by side, what was decided."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.countries.queries import CountryOptions
from betterwork.modules.duplicates.jobs import search_ask
from betterwork.modules.duplicates.models import Pair
from betterwork.modules.duplicates.policy import PAIRS_DECIDE, PAIRS_FIND
from betterwork.modules.duplicates.presentations import PAIR_FOR_STAFF
from betterwork.modules.duplicates.queries import pairs_waiting, side_by_side
from betterwork.modules.duplicates.services import pair_merge, pair_put_off, pair_refuse, pair_unmerge
from betterwork.modules.duplicates.web.forms import LaterForm, MergeForm, ReasonForm
from betterwork.modules.duplicates.words import STATES
from betterwork.modules.registry.policy import countries_kept

BOTH = ("GET", "POST")


def _by_country(rows: QuerySet[Pair], code: str) -> QuerySet[Pair]:
    return rows.filter(country=code)


def _by_state(rows: QuerySet[Pair], state: str) -> QuerySet[Pair]:
    return rows.filter(state=state)


def _by_score(rows: QuerySet[Pair], how: str) -> QuerySet[Pair]:
    return rows.filter(sure=how == "sure")


def _search(text: str) -> Q:
    names = Q(left__name__icontains=text) | Q(right__name__icontains=text)
    return names | Q(left__outside_id__istartswith=text) | Q(right__outside_id__istartswith=text)


_OF_COUNTRY = Choice(
    "country",
    gettext_lazy("Country"),
    CountryOptions(),  # type: ignore[arg-type]
    _by_country,
    countries_kept,
)
WAITING = Listing(
    PAIR_FOR_STAFF,
    (
        Column("left__name", gettext_lazy("Record"), sort=("left__name",)),
        Column("right__name", gettext_lazy("Other record"), sort=("right__name",)),
        Column("country_name", gettext_lazy("Country"), sort=("country",)),
        Column("score_word", gettext_lazy("How sure"), sort=("score",)),
        Column("why", gettext_lazy("Why")),
    ),
    order=("-score", "id"),
    search=_search,
    choices=(
        _OF_COUNTRY,
        Choice(
            "sure",
            gettext_lazy("How sure"),
            (("sure", gettext_lazy("Almost certain")), ("likely", gettext_lazy("Likely"))),
            _by_score,
        ),
    ),
    related=("left", "right"),
)
DECIDED = Listing(
    PAIR_FOR_STAFF,
    (
        Column("left__name", gettext_lazy("Record"), sort=("left__name",)),
        Column("right__name", gettext_lazy("Other record"), sort=("right__name",)),
        Column("country_name", gettext_lazy("Country"), sort=("country",)),
        Column("state_word", gettext_lazy("State"), sort=("state",)),
        Column("decided_at", gettext_lazy("When"), sort=("decided_at",)),
        Column("reason", gettext_lazy("Why")),
    ),
    order=("-decided_at", "id"),
    search=_search,
    choices=(
        _OF_COUNTRY,
        Choice(
            "state", gettext_lazy("State"), tuple((key, STATES[key][0]) for key in STATES if key != "open"), _by_state
        ),
    ),
    related=("left", "right"),
)


@page(PAIRS_DECIDE, audience=PROGRAMME)
def pairs(request: HttpRequest) -> HttpResponseBase:
    """The pairs that wait, the surest first."""
    rows = pairs_waiting(PAIRS_DECIDE.visible_to(actor_of_request(request)), timezone.now().date())
    if request.GET.get("format") == "csv":
        return WAITING.export(request, rows, "duplicates")
    return page_render(
        request, "duplicates/pairs.html", {"listing": WAITING.shown(request, rows), "tabs": _tabs("pairs")}
    )


@page(PAIRS_DECIDE, audience=PROGRAMME)
def decided(request: HttpRequest) -> HttpResponseBase:
    """What was merged, refused, taken apart again, and what no longer looks alike."""
    rows = PAIRS_DECIDE.visible_to(actor_of_request(request)).exclude(state=Pair.OPEN)
    if request.GET.get("format") == "csv":
        return DECIDED.export(request, rows, "duplicates-decided")
    values = {"listing": DECIDED.shown(request, rows), "tabs": _tabs("decided")}
    return page_render(request, "duplicates/decided.html", values)


def _tabs(active: str) -> list[dict[str, Any]]:
    items = (("pairs", _("To decide")), ("decided", _("Decided")))
    return [{"title": title, "url": reverse(f"duplicates:{name}"), "active": name == active} for name, title in items]


@page(PAIRS_FIND, audience=PROGRAMME, methods=BOTH)
def look(request: HttpRequest) -> HttpResponse:
    """Have duplicates looked for now, after saying what will happen."""
    actor = actor_of_request(request)
    if request.method == "GET":
        return page_render(request, "duplicates/look.html")
    kept = countries_kept(actor)
    for country in [""] if kept is None else sorted(kept):
        search_ask(actor=actor.id, country=country, at=timezone.now())
    messages.success(request, _("Asked for. Pairs stand here in a minute or two; look again then."))
    return redirect("duplicates:pairs")


@page(PAIRS_DECIDE, audience=PROGRAMME, thing=("pair", "id"))
def pair(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Two records side by side, what agrees and differs, and what to do."""
    lines = [
        {
            "title": one.title,
            "left": one.left,
            "right": one.right,
            "reason": one.reason,
            "says": one.says,
            "kind": one.kind,
        }
        for one in side_by_side(pair)
    ]
    decider = person_names([pair.decided_by]).get(pair.decided_by, "") if pair.decided_by else ""
    values = {"pair": PAIR_FOR_STAFF.row(pair), "lines": lines, "decider": decider}
    return page_render(request, "duplicates/pair.html", values)


@page(PAIRS_DECIDE, audience=PROGRAMME, thing=("pair", "id"), methods=BOTH)
def merge(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Say which record stays and why, then merge."""
    choices = [(str(one.pk), f"{one.name} ({one.outside_id})") for one in (pair.left, pair.right)]
    form = MergeForm(request.POST if request.method == "POST" else None, choices=choices)
    actor = actor_of_request(request).id

    def done() -> None:
        given = form.cleaned_data
        pair_merge(actor=actor, pair=pair, kept=int(given["kept"]), reason=given["reason"], at=timezone.now())

    said = _("Merged. Both records are kept whole; you can take them apart again from this page.")
    return _asked(request, pair, form, "duplicates/merge.html", done, said)


@page(PAIRS_DECIDE, audience=PROGRAMME, thing=("pair", "id"), methods=BOTH)
def refuse(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Say that these are two factories, and why."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    actor = actor_of_request(request).id

    def done() -> None:
        pair_refuse(actor=actor, pair=pair, reason=form.cleaned_data["reason"], at=timezone.now())

    said = _("Kept as two factories. The pair comes back only if what is known of them changes.")
    return _asked(request, pair, form, "duplicates/refuse.html", done, said)


@page(PAIRS_DECIDE, audience=PROGRAMME, thing=("pair", "id"), methods=BOTH)
def later(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Put it off until a day."""
    now = timezone.now()
    form = LaterForm(request.POST if request.method == "POST" else None, initial=LaterForm.proposed(now.date()))
    actor = actor_of_request(request).id

    def done() -> None:
        pair_put_off(actor=actor, pair=pair, until=form.cleaned_data["until"], at=now)

    return _asked(request, pair, form, "duplicates/later.html", done, _("Put off."))


@page(PAIRS_DECIDE, audience=PROGRAMME, thing=("pair", "id"), methods=BOTH)
def unmerge(request: HttpRequest, pair: Pair) -> HttpResponse:
    """Take merged records apart again, and say why."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    actor = actor_of_request(request).id

    def done() -> None:
        pair_unmerge(actor=actor, pair=pair, reason=form.cleaned_data["reason"], at=timezone.now())

    said = _("Taken apart. Both records stand as they were before the merge.")
    return _asked(request, pair, form, "duplicates/unmerge.html", done, said)


def _asked(
    request: HttpRequest, pair: Pair, form: forms.Form, template: str, done: Callable[[], None], said: str
) -> HttpResponse:
    """The form until it is right; then what it asks for, and back to the pair. A refusal is told in words."""
    if request.method == "POST" and form.is_valid():
        try:
            done()
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("duplicates:pair", pair=pair.pk)
    return page_render(request, template, {"pair": PAIR_FOR_STAFF.row(pair), "form": form})
