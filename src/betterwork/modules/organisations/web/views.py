"""Pages of organisations: the list, one of them, and one's own."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import BUYER, COMMITTEE, OWN_PERSON, PROGRAMME
from betterwork.foundation.console.listing import Choice, Column, Listing
from betterwork.foundation.contributions.registry import panels_of, person_names
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.policy import ThingPolicy
from betterwork.foundation.ledger.words import actor_words
from betterwork.modules.countries.queries import CountryOptions
from betterwork.modules.organisations.models import KIND_WORDS, LEVEL_WORDS, Membership, Organisation, OrganisationName
from betterwork.modules.organisations.policy import (
    ORGANISATIONS_ADD,
    ORGANISATIONS_CHANGE,
    ORGANISATIONS_OF_BUYERS,
    ORGANISATIONS_OF_DONORS,
    ORGANISATIONS_OF_REPRESENTATIVES,
    ORGANISATIONS_READ,
)
from betterwork.modules.organisations.presentations import (
    MEMBERSHIP_FOR_STAFF,
    NAME_FOR_STAFF,
    ORGANISATION_FOR_STAFF,
    OWN_FOR,
    OWN_NAME_FOR,
)
from betterwork.modules.organisations.queries import found_by

_COUNTRIES: Any = CountryOptions()  # gone through for each page, so that a country added meanwhile is there
MOST = 200
"""Most members of a group that its page lists; the list of all can be narrowed."""


def _by(field: str) -> Any:
    return lambda rows, value: rows.filter(**{field: value})


def _by_state(rows: QuerySet[Organisation], state: str) -> QuerySet[Organisation]:
    over = Q(last__lt=timezone.localdate())
    return rows.filter(over) if state == "over" else rows.exclude(over)


ORGANISATIONS = Listing(
    ORGANISATION_FOR_STAFF,
    (
        Column("name", _("Organisation"), sort=("name",)),
        Column("kind_word", _("Kind"), sort=("kind",)),
        Column("place", _("Where"), sort=("country",)),
        Column("last", _("Last day"), sort=("last",)),
    ),
    order=("name", "key"),
    search=found_by,
    choices=(
        Choice("kind", _("Kind"), KIND_WORDS, _by("kind")),
        Choice("level", _("Level"), LEVEL_WORDS, _by("level")),
        Choice("country", _("Country"), _COUNTRIES, _by("country")),
        Choice("state", _("State"), (("current", _("Exists")), ("over", _("Exists no more"))), _by_state),
    ),
)


@page(ORGANISATIONS_READ, audience=PROGRAMME)
def organisations(request: HttpRequest) -> HttpResponseBase:
    """All organisations with which the programme works."""
    actor = actor_of_request(request)
    rows = ORGANISATIONS_READ.visible_to(actor)
    if request.GET.get("format") == "csv":
        return ORGANISATIONS.export(request, rows, "organisations")
    values = {"listing": ORGANISATIONS.shown(request, rows), "may_add": ORGANISATIONS_ADD.may(actor)}
    return page_render(request, "organisations/organisations.html", values)


@page(ORGANISATIONS_READ, audience=PROGRAMME, thing=("organisation", "key"))
def organisation(request: HttpRequest, organisation: Organisation) -> HttpResponse:
    """One organisation: what it is, its names over time, in which it lies, what lies in it."""
    actor, at = actor_of_request(request), timezone.now()
    names = NAME_FOR_STAFF.rows(
        OrganisationName.objects.filter(organisation=organisation).order_by("-first", "-entered_at", "-id")
    )
    lies_in, holds = _memberships(organisation)
    persons = {one.entered_by for one in (*names, *lies_in)} | {one.ended_by for one in lies_in}
    called = person_names(persons | {organisation.entered_by})
    today = timezone.localdate(at)
    values = {
        "organisation": ORGANISATION_FOR_STAFF.row(organisation),
        "over": organisation.last is not None and organisation.last < today,
        "names": [{"name": one, "who": actor_words(one.entered_by, called)} for one in _in_order(names)],
        "lies_in": [
            {
                "row": one,
                "who": actor_words(one.entered_by, called),
                "ended_by": actor_words(one.ended_by, called) if one.ended_by else "",
                "now": (one.first is None or one.first <= today) and (one.last is None or one.last >= today),
            }
            for one in lies_in
        ],
        "holds": holds[:MOST],
        "more": len(holds) > MOST,
        "entered_by": actor_words(organisation.entered_by, called),
        "may_change": ORGANISATIONS_CHANGE.may(actor, organisation),
        "panels": panels_of("organisation", actor, organisation, at),
    }
    return page_render(request, "organisations/organisation.html", values)


def _memberships(organisation: Organisation) -> tuple[list[Any], list[Any]]:
    """In which it lies, and what lies in it today or will."""
    rows = Membership.objects.select_related("member", "group")
    lies_in = rows.filter(member=organisation).order_by("-first", "-entered_at")
    holds = rows.filter(group=organisation).filter(Q(last__isnull=True) | Q(last__gte=timezone.localdate()))
    holding = holds.order_by("member__name", "id")[: MOST + 1]
    return MEMBERSHIP_FOR_STAFF.rows(lies_in), MEMBERSHIP_FOR_STAFF.rows(holding)


def _in_order(names: list[Any]) -> list[Any]:
    """The newest name first, the one known for longest last, on every database."""
    return sorted(names, key=lambda one: (one.first is not None, one.first or 0), reverse=True)


@page(ORGANISATIONS_OF_REPRESENTATIVES, audience=COMMITTEE)
def own_committee(request: HttpRequest) -> HttpResponse:
    """The organisations for which somebody speaks in a committee."""
    return _own(request, ORGANISATIONS_OF_REPRESENTATIVES, COMMITTEE)


@page(ORGANISATIONS_OF_BUYERS, audience=BUYER)
def own_buyer(request: HttpRequest) -> HttpResponse:
    """The buyer for which somebody acts."""
    return _own(request, ORGANISATIONS_OF_BUYERS, BUYER)


@page(ORGANISATIONS_OF_DONORS, audience=OWN_PERSON)
def own_donor(request: HttpRequest) -> HttpResponse:
    """The donor for which somebody reads."""
    return _own(request, ORGANISATIONS_OF_DONORS, OWN_PERSON)


def _own(request: HttpRequest, policy: ThingPolicy, audience: str) -> HttpResponse:
    rows = list(policy.visible_to(actor_of_request(request)).order_by("name", "key")[:MOST])
    names = OrganisationName.objects.filter(organisation__in=rows, corrected_at__isnull=True).order_by("entered_at")
    by_key: dict[str, list[Any]] = {}
    shown = OWN_NAME_FOR.get(audience)
    if shown is not None:  # donors read how it is called now
        for one in names:
            by_key.setdefault(one.organisation_id, []).append(shown.row(one))
    found = [{"row": OWN_FOR[audience].row(one), "names": _in_order(by_key.get(one.key, []))} for one in rows]
    return page_render(request, "organisations/own.html", {"organisations": found})
