"""A person's own account."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.audiences.names import OWN_PERSON
from betterwork.foundation.contributions.registry import KEEPINGS, panels_of
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.foundation.doors.policy import SIGNED_IN
from betterwork.foundation.languages.cookie import language_remembered
from betterwork.foundation.languages.known import language_of
from betterwork.foundation.ledger.policy import TRAIL_MINE
from betterwork.foundation.people.erasing import person_export
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.presentations import FOR_HERSELF
from betterwork.foundation.people.queries import export_text, history_of, second_steps
from betterwork.foundation.people.services import person_name_set
from betterwork.foundation.people.web.forms import AccountForm


@page(SIGNED_IN, audience=OWN_PERSON, methods=("GET", "POST"))
def me(request: HttpRequest) -> HttpResponse:
    """Name and language, second step, where she is signed in, what happened to her account."""
    actor, person, at = actor_of_request(request), _she(request), timezone.now()
    data = request.POST if request.method == "POST" else None
    form = AccountForm(data, initial={"name": person.name, "language": language_of(person.language).code})
    if data is not None and form.is_valid():
        try:
            person_name_set(actor=actor.id, person=person, at=at, **form.cleaned_data)
        except BetterWorkError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Saved."))
            return language_remembered(redirect("people:me"), str(form.cleaned_data["language"]))
    values = {
        "person": FOR_HERSELF.row(person),
        "form": form,
        "steps": second_steps(actor.id),
        "needs_second_step": actor.needs_second_factor,
        "history": history_of(actor.id, among=TRAIL_MINE.visible_to(actor), reader=actor.id, most=20),
        "panels": panels_of("own person", actor, person, at),
    }
    return page_render(request, "people/me.html", values)


@page(SIGNED_IN, audience=OWN_PERSON)
def me_kept(request: HttpRequest) -> HttpResponse:
    """What every room keeps of her, why, and how long."""
    kept = [{"what": one.what, "why": one.why, "how_long": one.how_long} for _room, one in sorted(KEEPINGS.items())]
    return page_render(request, "people/kept.html", {"kept": kept})


@page(SIGNED_IN, audience=OWN_PERSON, methods=("POST",))
def me_export(request: HttpRequest) -> HttpResponse:
    """All of it as a file."""
    person, at = _she(request), timezone.now()
    found: dict[str, Any] = person_export(actor=person.public_id, person=person, at=at)
    answer = HttpResponse(export_text(found), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="what-is-kept-about-me.json"'
    return answer


def _she(request: HttpRequest) -> Person:
    return Person.objects.get(public_id=actor_of_request(request).id)
