"""Who sits in a committee and who chairs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.doors.pages import actor_of_request, page
from betterwork.foundation.people.policy import PEOPLE_READ
from betterwork.modules.bodies.models import Body, Member
from betterwork.modules.bodies.policy import BODIES_KEEP, MEMBERS_KEEP
from betterwork.modules.bodies.presentations import MEMBER, members_shown
from betterwork.modules.bodies.services import chair_name, member_end, member_seat
from betterwork.modules.bodies.web.bodies import rules_now
from betterwork.modules.bodies.web.forms import ChairForm, EndForm, SeatForm
from betterwork.modules.bodies.web.parts import BOTH, FormPage, data_of, form_page
from betterwork.modules.organisations.queries import organisation_choices


def members_to_choose(body: Body, *, alternates: bool = False) -> list[tuple[str, str]]:
    """Who sits today or later, as a form offers them: (term, name with side)."""
    on = timezone.localdate()
    rows = Member.objects.filter(body=body).exclude(end__lt=on)
    rows = rows if alternates else rows.filter(alternate_for__isnull=True)
    found = MEMBER[PROGRAMME].rows(members_shown(rows).order_by("side", "start", "id"))
    return [(one.id, f"{one.called} ({one.side_title})") for one in found]


@page(BODIES_KEEP, audience=PROGRAMME, thing=("body", "pk"), methods=BOTH)
def seat(request: HttpRequest, body: Body) -> HttpResponse:
    """Seat a member or an alternate."""
    actor, at = actor_of_request(request), timezone.now()
    form = SeatForm(
        data_of(request),
        rules=rules_now(body, timezone.localdate(at)),
        members=members_to_choose(body),
        organisations=organisation_choices(country=body.country),
    )

    def do(given: dict[str, Any]) -> None:
        # Only among those she sees: a seat must be no way to learn who has an account.
        person = PEOPLE_READ.visible_to(actor).filter(email=given["email"].strip().lower()).first()
        if person is None:
            raise WrongUse(_("Nobody you see has this address. Invite the person, or ask global staff to seat her."))
        stands_for = given.get("alternate_for") or ""
        names = ("side", "start", "end", "organisation", "nominator", "chosen", "sex")
        member_seat(
            actor=actor.id,
            body=body,
            person=person.public_id,
            alternate_for=Member.objects.get(pk=stands_for, body=body) if stands_for else None,
            at=at,
            **{name: given[name] for name in names},
        )

    words = FormPage(
        _("Seat a member: %(name)s") % {"name": body.name},
        _("For one side, from a day until a day. To see the pages of the committee she needs a role too."),
        _("Seat her"),
        reverse("bodies:body", kwargs={"body": body.id}),
        _("The members of the committee read who sits for whom. Her sex is seen by staff only."),
    )
    return form_page(request, words, form, do, _("Seated."))


@page(MEMBERS_KEEP, audience=PROGRAMME, thing=("member", "pk"), methods=BOTH)
def end(request: HttpRequest, member: Member) -> HttpResponse:
    """End a term."""
    actor = actor_of_request(request)

    def do(given: dict[str, Any]) -> None:
        member_end(actor=actor.id, member=member, end=given["end"], reason=given["reason"], at=timezone.now())

    row = MEMBER[PROGRAMME].row(members_shown(Member.objects.filter(pk=member.pk)).get())
    words = FormPage(
        _("End the term of %(name)s") % {"name": row.called},
        _("Her chair and her alternates end with it. What was decided with her voice stays."),
        _("End this term"),
        reverse("bodies:body", kwargs={"body": member.body_id}),
        _("Staff read why."),
    )
    return form_page(request, words, EndForm(data_of(request)), do, _("The term ends after that day."))


@page(BODIES_KEEP, audience=PROGRAMME, thing=("body", "pk"), methods=BOTH)
def chair(request: HttpRequest, body: Body) -> HttpResponse:
    """Name the chair from a day on."""
    actor, at = actor_of_request(request), timezone.now()
    form = ChairForm(data_of(request), members=members_to_choose(body))

    def do(given: dict[str, Any]) -> None:
        member = Member.objects.get(pk=given["member"], body=body)
        chair_name(actor=actor.id, body=body, member=member, start=given["start"], at=at)

    words = FormPage(
        _("Name the chair: %(name)s") % {"name": body.name},
        _("Until her term ends. Who chaired before chairs until the day before."),
        _("Name her"),
        reverse("bodies:body", kwargs={"body": body.id}),
    )
    return form_page(request, words, form, do, _("Named."))
