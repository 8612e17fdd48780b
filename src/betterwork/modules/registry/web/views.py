"""Pages of the register: factories, for the staff and for the factory itself."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import FACTORY, PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import panels_of
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.countries.queries import countries, country_title
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.policy import FACTORIES_OWN, FACTORIES_READ
from betterwork.modules.registry.presentations import FACTORY_FOR_ITSELF, FACTORY_FOR_STAFF


def _by_country(rows: QuerySet[Factory], code: str) -> QuerySet[Factory]:
    return rows.filter(country=code)


def _by_state(rows: QuerySet[Factory], state: str) -> QuerySet[Factory]:
    return rows.filter(obsolete=state == "obsolete")


COUNTRY = lazy(country_title, str)

FACTORIES = Listing(
    FACTORY_FOR_STAFF,
    (
        Column("name", _("Factory"), sort=("name",)),
        Column("country_name", _("Country"), sort=("country",)),
        Column("outside_id", _("Number in its country"), sort=("outside_id",)),
        Column("obsolete", _("State"), sort=("obsolete",)),
    ),
    order=("country", "name", "id"),
    search=lambda text: Q(name__icontains=text) | Q(outside_id__istartswith=text),
    choices=(
        Choice("country", _("Country"), tuple((one.code, COUNTRY(one.code)) for one in countries()), _by_country),
        Choice("state", _("State"), (("current", _("Takes part")), ("obsolete", _("No longer takes part"))), _by_state),
    ),
)


@page(FACTORIES_READ, audience=PROGRAMME)
def factories(request: HttpRequest) -> HttpResponseBase:
    """The factories of the countries one works for."""
    rows = FACTORIES_READ.visible_to(actor_of_request(request))
    if request.GET.get("format") == "csv":
        return FACTORIES.export(request, rows, "factories")
    return page_render(request, "registry/factories.html", {"listing": FACTORIES.shown(request, rows)})


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
    """One factory, with what the rooms know of it."""
    panels = panels_of("factory", actor_of_request(request), factory, timezone.now())
    values = {"factory": FACTORY_FOR_STAFF.row(factory), "panels": panels}
    return page_render(request, "registry/factory.html", values)


@page(FACTORIES_OWN, audience=FACTORY, thing=("factory", "pk"))
def factory_own(request: HttpRequest, factory: Factory) -> HttpResponseBase:
    """The same for its managers."""
    panels = panels_of("own factory", actor_of_request(request), factory, timezone.now())
    values = {"factory": FACTORY_FOR_ITSELF.row(factory), "panels": panels}
    return page_render(request, "registry/factory.html", values)
