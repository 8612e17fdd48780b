"""Sheets about roles on pages of other rooms: a person's page, one's own account, an invitation."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.forms import Form
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.access.policy import ELEVATIONS_READ, GRANTS_GIVE, GRANTS_OWN, GRANTS_READ
from betterwork.foundation.access.presentations import (
    COUNTS,
    ELEVATION_FOR_STAFF,
    GRANT_FOR_HERSELF,
    GRANT_FOR_STAFF,
    elevations_shown,
    grants_shown,
)
from betterwork.foundation.access.services import grant_give
from betterwork.foundation.contributions.registry import Panel
from betterwork.foundation.doors.actor import Actor
from betterwork.foundation.people.models import Person

MOST = 20


def roles_of_person(actor: Actor, person: Person, at: datetime) -> Iterator[Panel]:
    """On a person's page: her roles, those that the reader oversees, with the way to give another."""
    if not GRANTS_READ.may(actor):
        return
    rows = grants_shown(GRANTS_READ.visible_to(actor).filter(person=person.public_id), at)
    here = person.state in {Person.INVITED, Person.ACTIVE} and person.public_id != actor.id
    give = f"{reverse('access:give')}?{urlencode({'to': person.email})}" if here and GRANTS_GIVE.may(actor) else ""
    shown = GRANT_FOR_STAFF.rows(rows.order_by("-given_at", "-id")[:MOST])
    yield Panel(_("Roles"), "access/panels/roles.html", {"grants": shown, "give_url": give}, order=10)


def own_roles(actor: Actor, person: Person, at: datetime) -> Iterator[Panel]:
    """On one's own account: one's roles."""
    rows = grants_shown(GRANTS_OWN.visible_to(actor), at).order_by("-given_at", "-id")[:MOST]
    yield Panel(_("Your roles"), "access/panels/own_roles.html", {"grants": GRANT_FOR_HERSELF.rows(rows)}, order=10)


def taken_now(actor: Actor, thing: Any, at: datetime) -> Iterator[Panel]:
    """On the home of who owns or oversees it: what somebody else has open now."""
    if not ELEVATIONS_READ.may(actor):
        return
    rows = elevations_shown(ELEVATIONS_READ.visible_to(actor), at).filter(state=COUNTS).order_by("ends")[:MOST]
    shown = ELEVATION_FOR_STAFF.rows(rows)
    if shown:
        title = _("Access taken for a while")
        yield Panel(
            title, "access/panels/taken.html", {"taken": shown}, order=10, audience=ELEVATION_FOR_STAFF.audience
        )


def invited_as_form(actor: Actor, data: QueryDict | None) -> Form | None:
    """The part of an invitation that says what the person will be."""
    from betterwork.foundation.access.web.forms import InvitedAsForm

    return InvitedAsForm(data, actor=actor) if GRANTS_GIVE.may(actor) else None


def invited_as(person_id: str, actor_id: str, form: Form, at: datetime) -> None:
    """Give the role that the invitation names, in its transaction. Raises WrongUse."""
    given = form.cleaned_data
    if given.get("role"):
        role, scope, why = given["role"], given["scope"], given.get("why", "")
        grant_give(actor=actor_id, person=person_id, role=role, scope=scope, reason=why, at=at)
