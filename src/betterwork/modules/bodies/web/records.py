"""The Agreement of Cooperation and memoranda; comments of the Governing Body and what followed."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page, page_render
from betterwork.modules.bodies.models import Agreement, FollowUp, Remark
from betterwork.modules.bodies.policy import (
    AGREEMENTS_END,
    AGREEMENTS_KEEP,
    AGREEMENTS_READ,
    FOLLOW_UPS_READ,
    REMARKS_KEEP,
    REMARKS_READ,
)
from betterwork.modules.bodies.presentations import AGREEMENT, FOLLOW_UP, REMARK, follow_ups_shown
from betterwork.modules.bodies.recording import agreement_end, agreement_note, follow_up_add, remark_note
from betterwork.modules.bodies.web.decisions import owners_to_choose
from betterwork.modules.bodies.web.forms import AgreementForm, EndForm, FollowUpForm, RemarkForm
from betterwork.modules.bodies.web.parts import BOTH, FormPage, data_of, form_page
from betterwork.modules.countries.queries import CountryOptions

MOST = 200
"""Most rows on a page: agreements and comments are few."""


@page(AGREEMENTS_READ, audience=PROGRAMME)
def agreements(request: HttpRequest) -> HttpResponse:
    """Agreements and memoranda, those in force first."""
    actor, on = actor_of_request(request), timezone.localdate()
    rows = AGREEMENT.rows(AGREEMENTS_READ.visible_to(actor).order_by("country", "-start", "id")[:MOST])
    values = {"agreements": rows, "today": on, "may_keep": AGREEMENTS_KEEP.may(actor)}
    return page_render(request, "bodies/agreements.html", values)


@page(AGREEMENTS_KEEP, audience=PROGRAMME, methods=BOTH)
def agreement_add(request: HttpRequest) -> HttpResponse:
    """Enter an agreement or a memorandum."""
    actor = actor_of_request(request)
    form = AgreementForm(data_of(request), countries=list(CountryOptions()))

    def do(given: dict[str, Any]) -> Agreement:
        return agreement_note(actor=actor.id, at=timezone.now(), **given)

    words = FormPage(
        _("Enter an agreement"),
        _("A dated record: between whom, from when to when, and where its text is."),
        _("Enter it"),
        reverse("bodies:agreements"),
        _("Staff of the country; of the whole programme, all staff."),
    )
    return form_page(request, words, form, do, _("Entered."), to=words.back)


@page(AGREEMENTS_END, audience=PROGRAMME, thing=("agreement", "pk"), methods=BOTH)
def agreement_over(request: HttpRequest, agreement: Agreement) -> HttpResponse:
    """Say that an agreement ends after a day."""
    actor = actor_of_request(request)

    def do(given: dict[str, Any]) -> Agreement:
        more = {"end": given["end"], "note": given["reason"], "at": timezone.now()}
        return agreement_end(actor=actor.id, agreement=agreement, **more)

    words = FormPage(
        agreement.title, _("It ends after a day; the record stays."), _("End it"), reverse("bodies:agreements")
    )
    return form_page(request, words, EndForm(data_of(request)), do, _("It ends after that day."), to=words.back)


@page(REMARKS_READ, audience=PROGRAMME)
def remarks(request: HttpRequest) -> HttpResponse:
    """What the Governing Body said, each with what followed."""
    actor = actor_of_request(request)
    found = list(REMARKS_READ.visible_to(actor).order_by("-day", "-id")[:MOST])
    reached = FOLLOW_UPS_READ.visible_to(actor).filter(remark__in=[one.pk for one in found])
    todo = follow_ups_shown(reached).order_by("due", "id")
    follows: dict[str, list[Any]] = {}
    for one in todo:
        follows.setdefault(one.remark_id, []).append(FOLLOW_UP[PROGRAMME].row(one))
    values = {
        "remarks": [(REMARK.row(one), follows.get(one.pk, [])) for one in found],
        "may_keep": REMARKS_KEEP.may(actor),
    }
    return page_render(request, "bodies/remarks.html", values)


@page(AGREEMENTS_KEEP, audience=PROGRAMME, methods=BOTH)
def remark_add(request: HttpRequest) -> HttpResponse:
    """Enter a comment of the Governing Body."""
    actor = actor_of_request(request)

    def do(given: dict[str, Any]) -> Remark:
        return remark_note(actor=actor.id, at=timezone.now(), **given)

    words = FormPage(
        _("Enter a comment of the Governing Body"),
        _("In its own words, so that it can be shown what was done about it."),
        _("Enter it"),
        reverse("bodies:remarks"),
        _("Global staff, analysts and auditors."),
    )
    return form_page(
        request, words, RemarkForm(data_of(request)), do, _("Entered. Now say what follows."), to=words.back
    )


@page(REMARKS_KEEP, audience=PROGRAMME, thing=("remark", "pk"), methods=BOTH)
def remark_follow(request: HttpRequest, remark: Remark) -> HttpResponse:
    """Say what is done about a comment, by whom, by when."""
    actor = actor_of_request(request)
    form = FollowUpForm(data_of(request), owners=owners_to_choose(None, actor.id))

    def do(given: dict[str, Any]) -> FollowUp:
        return follow_up_add(actor=actor.id, remark=remark, at=timezone.now(), **given)

    words = FormPage(
        _("What follows from the comment"), remark.text, _("Agree this"), reverse("bodies:remarks"), _("Global staff.")
    )
    return form_page(request, words, form, do, _("Agreed. It stands on the home of who does it."), to=words.back)
