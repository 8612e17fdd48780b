"""Pages of the register: the list, one factory for the staff and for itself, registering a factory."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.audiences.names import FACTORY, PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import panels_of
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.countries.queries import CountryOptions, countries_known, country_title
from betterwork.modules.registry.contacting import contacts_standing
from betterwork.modules.registry.history import Told, history_of, told_of
from betterwork.modules.registry.models import Exporting, Factory, Merge, OutsideId, Workforce
from betterwork.modules.registry.policy import (
    FACTORIES_KEEP,
    FACTORIES_OWN,
    FACTORIES_READ,
    FACTORIES_REGISTER,
    FACTORIES_UPDATE,
    countries_kept,
    countries_seen,
)
from betterwork.modules.registry.presentations import (
    CLOSED,
    CONTACT,
    DUTIES,
    ENROLLED,
    ENROLMENT,
    FACTORY_FOR_ITSELF,
    FACTORY_IN_LIST,
    MERGE,
    OUTSIDE_ID,
    RETIRED,
    STATES,
    STEP_FOR_ITSELF,
    STEP_FOR_STAFF,
    WORKFORCE,
)
from betterwork.modules.registry.queries import (
    address_line,
    factories_kept,
    with_figures,
)
from betterwork.modules.registry.rules import held_on
from betterwork.modules.registry.services import Answers, Headcount, factory_register
from betterwork.modules.registry.settings_of import condition_of_export
from betterwork.modules.registry.web.changing import CONFIDENTIAL
from betterwork.modules.registry.web.forms import EXPORTING_WORDS, SOURCE_WORDS, RegisterForm


def _by_country(rows: QuerySet[Factory], code: str) -> QuerySet[Factory]:
    return rows.filter(country=code)


def _by_state(rows: QuerySet[Any], state: str) -> QuerySet[Any]:
    return rows.filter(state_now=state)


def _by_size(rows: QuerySet[Any], size: str) -> QuerySet[Any]:
    low, _dash, high = size.partition("-")
    rows = rows.filter(workers_now__gte=int(low))
    return rows.filter(workers_now__lte=int(high)) if high else rows


SIZES = (
    ("0-499", gettext_lazy("Below 500 workers")),
    ("500-1999", gettext_lazy("500 to 1,999 workers")),
    ("2000-", gettext_lazy("2,000 workers and more")),
)
FACTORIES = Listing(
    FACTORY_IN_LIST,
    (
        Column("name", gettext_lazy("Factory"), sort=("name",)),
        Column("country_name", gettext_lazy("Country"), sort=("country",)),
        Column("outside_id", gettext_lazy("Number in its country"), sort=("outside_id",)),
        Column("workers", gettext_lazy("Workers"), sort=("workers_now",), number=True),
        Column("cycle", gettext_lazy("Cycle"), sort=("cycle_now",), number=True),
        Column("state_word", gettext_lazy("State"), sort=("state_now",)),
    ),
    order=("country", "name", "id"),
    search=lambda text: Q(name__icontains=text) | Q(outside_id__istartswith=text),
    choices=(
        Choice("country", gettext_lazy("Country"), CountryOptions(), _by_country, countries_seen),  # type: ignore[arg-type]
        Choice(
            "state", gettext_lazy("State"), tuple((key, words) for key, (words, _kind) in STATES.items()), _by_state
        ),
        Choice("size", gettext_lazy("Size"), SIZES, _by_size),
    ),
)


@page(FACTORIES_READ, audience=PROGRAMME)
def factories(request: HttpRequest) -> HttpResponseBase:
    """The factories of the countries one works for."""
    actor = actor_of_request(request)
    rows = with_figures(factories_kept(FACTORIES_READ.visible_to(actor)), timezone.localdate())
    if request.GET.get("format") == "csv":
        return FACTORIES.export(request, rows, "factories")
    values = {"listing": FACTORIES.shown(request, rows), "may_register": FACTORIES_REGISTER.may(actor)}
    return page_render(request, "registry/factories.html", values)


@page(FACTORIES_OWN, audience=FACTORY)
def factories_own(request: HttpRequest) -> HttpResponseBase:
    """The factories for which one answers."""
    rows = FACTORIES_OWN.visible_to(actor_of_request(request)).order_by("name", "id")
    values = {
        "factories": FACTORY_FOR_ITSELF.rows(rows[:200]),
        "columns": [{"title": _("Factory")}, {"title": _("Country")}],
    }
    return page_render(request, "registry/factories_own.html", values)


def _with_what_may_be_done(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """A factory with its figures of today and what one may do with it, by the same question."""
    may = {
        name: Exists(policy.visible_to(actor).filter(pk=OuterRef("pk")))
        for name, policy in (("may_keep", FACTORIES_KEEP), ("may_update", FACTORIES_UPDATE))
    }
    found: QuerySet[Any] = with_figures(rows, timezone.localdate()).annotate(**may)
    return found


@page(FACTORIES_READ, audience=PROGRAMME, thing=("factory", "pk"), reading=_with_what_may_be_done)
def factory(request: HttpRequest, factory: Any) -> HttpResponseBase:
    """One factory: what it is, what happened to it, what can be written down, what other rooms know of it."""
    actor, at = actor_of_request(request), timezone.now()
    read = told_of(factory, PROGRAMME)
    merges = [MERGE.row(one) for one in _merges(factory)]
    into = next((one for one in merges if one.gone__id == factory.pk and one.undone_at is None), None)
    values = {
        "factory": FACTORY_IN_LIST.row(factory),
        **_facts(factory, PROGRAMME, read),
        "history": history_of(factory, PROGRAMME, read),
        "into": into,
        "inside": [one for one in merges if one.kept__id == factory.pk and one.undone_at is None],
        "may_keep": factory.may_keep and into is None,
        "may_unmerge": factory.may_keep,
        "may_update": factory.may_update and into is None,
        "duty": _duty(factory, read),
        "panels": panels_of("factory", actor, factory, at),
    }
    return page_render(request, "registry/factory.html", values)


@page(FACTORIES_OWN, audience=FACTORY, thing=("factory", "pk"))
def factory_own(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """The same for its managers."""
    panels = panels_of("own factory", actor_of_request(request), factory, timezone.now())
    read = told_of(factory, FACTORY)
    values = {
        "factory": FACTORY_FOR_ITSELF.row(factory),
        **_facts(factory, FACTORY, read),
        "history": history_of(factory, FACTORY, read),
        "panels": panels,
    }
    return page_render(request, "registry/factory_own.html", values)


def _merges(factory: Factory) -> QuerySet[Merge]:
    return Merge.objects.filter(Q(kept=factory) | Q(gone=factory)).select_related("kept", "gone").order_by("merged_at")


def _duty(factory: Any, read: Told) -> tuple[Any, str] | None:
    """Of a factory that exports: whether it must take part and does, in words and the kind of the tag; else None."""
    today = timezone.localdate()
    held = held_on([one for one in read.steps["exporting"] if one.factory_id == factory.pk], today)
    if held is None or held.state != Exporting.EXPORTS or factory.state_now in (CLOSED, RETIRED):
        return None
    if condition_of_export(factory.country, today).value != "yes":
        return None
    return DUTIES["kept" if factory.state_now == ENROLLED else "missing"]


def _facts(factory: Factory, audience: str, read: Told) -> dict[str, Any]:
    """What holds of a factory today, as rows for one audience, with headcounts and cycles of the records merged in."""
    today = timezone.localdate()
    shown = STEP_FOR_STAFF if audience == PROGRAMME else STEP_FOR_ITSELF
    own = {word: [one for one in steps if one.factory_id == factory.pk] for word, steps in read.steps.items()}
    held = {word: held_on(steps, today) for word, steps in own.items()}
    rows = {word: shown[word].row(one) for word, one in held.items() if one is not None}
    standing = {"factory__in": read.inside, "withdrawn_at__isnull": True}
    counted = list(Workforce.objects.filter(**standing).order_by("-on")[:60])
    counts = [WORKFORCE[audience].row(one) for one in counted]
    cycles = sorted(read.cycles, key=lambda one: one.starts, reverse=True)[:30]
    return {
        "facts": rows,
        "exporting": EXPORTING_WORDS[rows["exporting"].state] if "exporting" in rows else "",
        "site_line": address_line(rows["site"]) if "site" in rows else "",
        "office_line": address_line(rows["office"]) if "office" in rows else "",
        "owner": _called(rows.get("ownership"), "legal_name", read.titles),
        "group": _called(rows.get("group"), "name", read.titles),
        "buyers": [_buyer(one, today, read.titles) for one in _buyers(rows)],
        "counts": counts,
        "correctable": {one.pk for one in counted if one.factory_id == factory.pk},
        "source_words": SOURCE_WORDS,
        "bars": _bars(counts),
        "cycles": ENROLMENT[audience].rows(cycles),
        "contacts": CONTACT[audience].rows(contacts_standing(factory)),
        "numbers": OUTSIDE_ID[audience].rows(
            OutsideId.objects.filter(factory=factory, withdrawn_at__isnull=True).order_by("system", "number")
        ),
    }


def _called(row: Any, name: str, titles: Mapping[str, str]) -> str:
    if row is None:
        return ""
    return (titles.get(row.organisation) if row.organisation else getattr(row, name)) or row.organisation


def _buyers(rows: Mapping[str, Any]) -> list[dict[str, Any]]:
    return rows["registration"].buyers if "registration" in rows else []


def _buyer(one: dict[str, Any], today: date, titles: Mapping[str, str]) -> dict[str, Any]:
    key = one.get("organisation", "")
    name = one.get("name") or titles.get(key) or key
    year = one.get("since_year")
    return {"name": name, "since": year, "years": today.year - year if year else None}


def _bars(counts: list[Any]) -> list[dict[str, Any]]:
    """The last headcount of each of the last eight years, oldest first, with the share of women."""
    by_year: dict[int, Any] = {}
    for one in reversed(counts):
        by_year[one.on.year] = one
    years = sorted(by_year)[-8:]
    most = max((by_year[year].workers for year in years), default=0)
    return [
        {
            "label": str(year),
            "workers": by_year[year].workers,
            "most": most,
            "women": by_year[year].women / by_year[year].workers if by_year[year].workers else None,
        }
        for year in years
    ]


@page(FACTORIES_REGISTER, audience=PROGRAMME, methods=("GET", "POST"))
def register(request: HttpRequest) -> HttpResponseBase:
    """The registration form of a new factory."""
    actor, at = actor_of_request(request), timezone.now()
    kept = countries_kept(actor)
    choices = [(one.code, country_title(one.code)) for one in countries_known() if kept is None or one.code in kept]
    form = RegisterForm(
        request.POST if request.method == "POST" else None,
        countries=choices,
        initial={"since": timezone.localdate()},
    )
    if request.method == "POST" and form.whole_is_valid():
        given = form.cleaned_data
        try:
            made = factory_register(
                actor=actor.id,
                country=given["country"],
                outside_id=given["outside_id"],
                name=given["name"],
                since=given["since"],
                answers=_answers(form),
                at=at,
            )
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Registered. Begin its first cycle when it takes part."))
            return redirect("registry:factory", factory=made.pk)
    values = {
        "form": form,
        "site": form.parts["site"],
        "office": form.parts["office"],
        "ownership": form.parts["ownership"],
        "answers": form.parts["registration"],
        "first": form.contacts.boxes(1),
        "second": form.contacts.boxes(2),
        "count": [form.count[name] for name in ("on", "women", "men", "not_said")],
        "faulty": [one for one in (*form.parts.values(), form.contacts, form.count) if form.is_bound and one.errors],
        "who": CONFIDENTIAL,
        "back": reverse("registry:factories"),
    }
    return page_render(request, "registry/register.html", values)


def _answers(form: RegisterForm) -> Answers:
    count = form.count.cleaned_data
    headcount = None
    if any(count.get(name) for name in ("women", "men", "not_said")):
        if not count.get("on"):
            raise WrongUse(_("Say on which day the workers were counted."))
        numbers = form.count.values()
        headcount = Headcount(count["on"], numbers["women"] or 0, numbers["men"] or 0, numbers["not_said"])
    values = {word: part.values() for word, part in form.parts.items()}  # type: ignore[union-attr]
    return Answers(contacts=[form.contacts.of(1), form.contacts.of(2)], headcount=headcount, **values)
