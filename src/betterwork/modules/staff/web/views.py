"""Pages of staff: who there is, what is known of one, entering and ending it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import OWN_PERSON, PROGRAMME
from betterwork.foundation.audiences.presentations import Presentation, Row
from betterwork.foundation.console.listing import Column, Listing
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.presentations import FOR_PROGRAMME
from betterwork.foundation.people.queries import search_filter
from betterwork.modules.staff.models import StaffFact
from betterwork.modules.staff.policy import STAFF_FACTS, STAFF_OWN, STAFF_PEOPLE
from betterwork.modules.staff.presentations import FACT_FOR_HERSELF, FACT_FOR_STAFF
from betterwork.modules.staff.queries import facts_from, facts_on
from betterwork.modules.staff.rules import COMPETENCE, CONFLICT, KINDS, LANGUAGE, LEAVE, end_refusal
from betterwork.modules.staff.services import fact_end, fact_enter, fact_withdraw
from betterwork.modules.staff.web.forms import EndForm, FactForm

BOTH = ("GET", "POST")
LIST = Listing(
    FOR_PROGRAMME,
    (
        Column("called", gettext_lazy("Name"), sort=("name", "email")),
        Column("email", gettext_lazy("E-mail address"), sort=("email",)),
    ),
    order=("name", "email", "id"),
    search=search_filter,
)


@page(STAFF_PEOPLE, audience=PROGRAMME)
def staff(request: HttpRequest) -> HttpResponseBase:
    """Who works here, with languages and competence, and who is away today."""
    actor, today = actor_of_request(request), timezone.localdate()
    listing = LIST.shown(request, STAFF_PEOPLE.visible_to(actor))
    persons = [row.public_id for row in listing.rows]
    held = facts_on(today, persons=persons, kinds=(COMPETENCE, LANGUAGE, LEAVE)).order_by("about")
    facts = FACT_FOR_STAFF.rows(STAFF_FACTS.visible_to(actor).filter(pk__in=held.values("pk")).order_by("about"))
    rows = [{"person": row, **_by_kind(facts, row.public_id)} for row in listing.rows]
    return page_render(request, "staff/staff.html", {"listing": listing, "rows": rows})


def _by_kind(facts: list[Row], person: str) -> dict[str, Any]:
    hers = [one for one in facts if one.person == person]
    return {kind: [one for one in hers if one.kind == kind] for kind in (COMPETENCE, LANGUAGE, LEAVE)}


@page(STAFF_PEOPLE, audience=PROGRAMME, thing=("person", "public_id"))
def person(request: HttpRequest, person: Person) -> HttpResponse:
    """What is known of one person: now and to come, and what was."""
    actor = actor_of_request(request)
    rows = STAFF_FACTS.visible_to(actor).filter(person=person.public_id)
    values = {"person": FOR_PROGRAMME.row(person), "add": _addable(actor.id, person.public_id)}
    return page_render(request, "staff/person.html", values | _parts(rows, FACT_FOR_STAFF, actor.id))


@page(STAFF_OWN, audience=OWN_PERSON)
def mine(request: HttpRequest) -> HttpResponse:
    """What is known of oneself."""
    actor = actor_of_request(request)
    values = _parts(STAFF_OWN.visible_to(actor), FACT_FOR_HERSELF, actor.id) | {"add": _addable(actor.id, actor.id)}
    return page_render(request, "staff/mine.html", values)


def _parts(rows: Any, shown: Presentation, actor: str) -> dict[str, Any]:
    today: date = timezone.localdate()
    standing = shown.rows(facts_from(today, rows))
    over = shown.rows(rows.exclude(pk__in=[one.id for one in standing]).order_by("-starts", "-id")[:50])
    endable = [one.id for one in standing if not end_refusal(one.kind, actor=actor, person=one.person)]
    return {"standing": standing, "over": over, "endable": endable}


def _addable(actor: str, person: str) -> list[dict[str, Any]]:
    return [{"kind": kind, "title": title} for kind, title in KINDS.items() if kind != COMPETENCE or actor != person]


@page(STAFF_PEOPLE, audience=PROGRAMME, thing=("person", "public_id"), methods=BOTH)
def enter(request: HttpRequest, person: Person, kind: str) -> HttpResponse:
    """Enter something of a person whom one oversees."""
    return _entered(request, person.public_id, kind, FOR_PROGRAMME.row(person))


@page(STAFF_OWN, audience=OWN_PERSON, methods=BOTH)
def enter_mine(request: HttpRequest, kind: str) -> HttpResponse:
    """Enter something of oneself."""
    return _entered(request, actor_of_request(request).id, kind, None)


def _entered(request: HttpRequest, person: str, kind: str, of: Row | None) -> HttpResponse:
    actor = actor_of_request(request)
    if kind not in {one["kind"] for one in _addable(actor.id, person)}:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = FactForm(data, actor=actor, kind=kind, initial={"starts": timezone.localdate()})
    if data is not None and form.is_valid():
        try:
            fact_enter(actor=actor.id, person=person, kind=kind, at=timezone.now(), **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Entered."))
            return redirect("staff:person", person=person) if of else redirect("staff:mine")
    values = {"form": form, "kind": kind, "kind_title": KINDS[kind], "person": of, "is_conflict": kind == CONFLICT}
    return page_render(request, "staff/enter.html", values)


@page(STAFF_FACTS, audience=PROGRAMME, thing=("fact", "id"), methods=BOTH)
def end(request: HttpRequest, fact: StaffFact) -> HttpResponse:
    """End or withdraw a fact of somebody whom one oversees."""
    return _ended(request, fact, FACT_FOR_STAFF.row(fact), "staff:person", {"person": fact.person})


@page(STAFF_OWN, audience=OWN_PERSON, thing=("fact", "id"), methods=BOTH)
def end_mine(request: HttpRequest, fact: StaffFact) -> HttpResponse:
    """End or withdraw a fact of oneself."""
    return _ended(request, fact, FACT_FOR_HERSELF.row(fact), "staff:mine", {})


def _ended(request: HttpRequest, fact: StaffFact, shown: Row, back: str, of: dict[str, str]) -> HttpResponse:
    actor, data = actor_of_request(request), request.POST if request.method == "POST" else None
    form = EndForm(data)
    if data is not None and form.is_valid():
        day, reason = form.cleaned_data["last_day"], form.cleaned_data["reason"]
        try:
            if day:
                fact_end(actor=actor.id, fact=fact, last_day=day, at=timezone.now())
            else:
                fact_withdraw(actor=actor.id, fact=fact, reason=reason, at=timezone.now())
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Done."))
            return redirect(reverse(back, kwargs=of))
    return page_render(request, "staff/end.html", {"form": form, "fact": shown, "mine": not of})
