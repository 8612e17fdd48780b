"""Pages of the register: the list, one factory for the staff and for itself, registering a factory."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.db.models import Q, QuerySet
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
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.countries.queries import CountryOptions, countries_known, country_title
from betterwork.modules.registry.changing import STEPS, steps_standing
from betterwork.modules.registry.contacting import contacts_standing
from betterwork.modules.registry.history import history_of
from betterwork.modules.registry.models import Enrolment, Factory, Merge, OutsideId, Workforce
from betterwork.modules.registry.organisations_of import organisation_title
from betterwork.modules.registry.policy import (
    FACTORIES_KEEP,
    FACTORIES_OWN,
    FACTORIES_READ,
    FACTORIES_REGISTER,
    FACTORIES_UPDATE,
    countries_kept,
)
from betterwork.modules.registry.presentations import (
    CONTACT,
    ENROLMENT,
    FACTORY_FOR_ITSELF,
    FACTORY_IN_LIST,
    MERGE,
    OUTSIDE_ID,
    STATES,
    STEP_FOR_ITSELF,
    STEP_FOR_STAFF,
    WORKFORCE,
)
from betterwork.modules.registry.queries import (
    address_line,
    factories_kept,
    factories_within,
    with_figures,
)
from betterwork.modules.registry.rules import held_on
from betterwork.modules.registry.services import Answers, Headcount, factory_register
from betterwork.modules.registry.web.changing import CONFIDENTIAL
from betterwork.modules.registry.web.forms import SOURCE_WORDS, RegisterForm


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
        Choice("country", gettext_lazy("Country"), CountryOptions(), _by_country),  # type: ignore[arg-type]
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


@page(FACTORIES_READ, audience=PROGRAMME, thing=("factory", "pk"))
def factory(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """One factory: what it is, what happened to it, what can be written down, what other rooms know of it."""
    actor, at = actor_of_request(request), timezone.now()
    shown = with_figures(Factory.objects.filter(pk=factory.pk), timezone.localdate()).get()
    merges = [MERGE.row(one) for one in _merges(factory)]
    into = next((one for one in merges if one.gone__id == factory.pk and one.undone_at is None), None)
    keeps = FACTORIES_KEEP.may(actor, factory)
    values = {
        "factory": FACTORY_IN_LIST.row(shown),
        **_facts(factory, PROGRAMME),
        "history": history_of(factory, PROGRAMME),
        "into": into,
        "inside": [one for one in merges if one.kept__id == factory.pk and one.undone_at is None],
        "may_keep": keeps and into is None,
        "may_unmerge": keeps,
        "may_update": into is None and FACTORIES_UPDATE.may(actor, factory),
        "panels": panels_of("factory", actor, factory, at),
    }
    return page_render(request, "registry/factory.html", values)


@page(FACTORIES_OWN, audience=FACTORY, thing=("factory", "pk"))
def factory_own(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """The same for its managers."""
    panels = panels_of("own factory", actor_of_request(request), factory, timezone.now())
    values = {
        "factory": FACTORY_FOR_ITSELF.row(factory),
        **_facts(factory, FACTORY),
        "history": history_of(factory, FACTORY),
        "panels": panels,
    }
    return page_render(request, "registry/factory_own.html", values)


def _merges(factory: Factory) -> QuerySet[Merge]:
    return Merge.objects.filter(Q(kept=factory) | Q(gone=factory)).select_related("kept", "gone").order_by("merged_at")


def _facts(factory: Factory, audience: str) -> dict[str, Any]:
    """What holds of a factory today, as rows for one audience, with headcounts and cycles of the records merged in."""
    today = timezone.localdate()
    shown = STEP_FOR_STAFF if audience == PROGRAMME else STEP_FOR_ITSELF
    held = {word: held_on(steps_standing(factory, word), today) for word in STEPS}
    rows = {word: shown[word].row(one) for word, one in held.items() if one is not None}
    inside = factories_within(factory) if audience == PROGRAMME else [factory.pk]
    standing = {"factory__in": inside, "withdrawn_at__isnull": True}
    counts = [WORKFORCE[audience].row(one) for one in Workforce.objects.filter(**standing).order_by("-on")[:60]]
    cycles = Enrolment.objects.filter(**standing).order_by("-starts")[:30]
    return {
        "facts": rows,
        "site_line": address_line(rows["site"]) if "site" in rows else "",
        "office_line": address_line(rows["office"]) if "office" in rows else "",
        "owner": _called(rows.get("ownership"), "legal_name"),
        "group": _called(rows.get("group"), "name"),
        "buyers": [_buyer(one, today) for one in (rows["registration"].buyers if "registration" in rows else [])],
        "counts": counts,
        "source_words": SOURCE_WORDS,
        "bars": _bars(counts),
        "cycles": ENROLMENT[audience].rows(cycles),
        "contacts": CONTACT[audience].rows(contacts_standing(factory)),
        "numbers": OUTSIDE_ID[audience].rows(
            OutsideId.objects.filter(factory=factory, withdrawn_at__isnull=True).order_by("system", "number")
        ),
    }


def _called(row: Any, name: str) -> str:
    if row is None:
        return ""
    return (organisation_title(row.organisation) if row.organisation else getattr(row, name)) or row.organisation


def _buyer(one: dict[str, Any], today: date) -> dict[str, Any]:
    name = one.get("name") or organisation_title(one.get("organisation", "")) or one.get("organisation", "")
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
