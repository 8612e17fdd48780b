"""Requests of factories for an account, where their country lets them ask."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.foundation.people import hooks, rules
from betterwork.foundation.people.describing import email_checked, language_checked, name_checked
from betterwork.foundation.people.models import Person, Registration
from betterwork.foundation.people.services import person_invite

STRANGER_ID = "stranger"
"""The ledger's word for somebody the platform does not know."""


def registration_ask(
    *, country: str, factory: str, name: str, email: str, language: str = "", at: datetime
) -> Registration | None:
    """Keep a request until somebody of the country answers it.

    Returns None, and says nothing else, where somebody has the address or asked before: whoever asks must not learn
    of it. Raises WrongUse for a country that lets nobody ask, an address or name that is none.
    """
    if country not in dict(hooks.countries_open(at)):
        raise WrongUse(_("this country gives accounts itself: ask its programme"))
    address, person, place = email_checked(email), name_checked(name), name_checked(factory)
    wanted = language_checked(language)
    with transaction.atomic():
        if Person.objects.filter(email=address).exists():
            return None
        if Registration.objects.count() >= rules.MOST_REGISTRATIONS:
            return None
        asked, new = Registration.objects.get_or_create(
            email=address,
            defaults={"country": country, "factory": place, "name": person, "language": wanted, "asked_at": at},
        )
        if not new:
            return None
        _noted("registration.asked", STRANGER_ID, asked, at)
        return asked


@transaction.atomic
def registration_accept(*, actor: str, registration: Registration, at: datetime) -> Person:
    """Invite who asked; the request is gone, the roles are given on her page. Raises as ``person_invite`` does."""
    found = _still_there(registration)
    _noted("registration.accepted", actor, found, at)
    found.delete()
    return person_invite(actor=actor, email=found.email, name=found.name, language=found.language, at=at)


@transaction.atomic
def registration_refuse(*, actor: str, registration: Registration, at: datetime) -> None:
    """Forget a request without answering it. Raises WrongUse when it was answered before."""
    found = _still_there(registration)
    _noted("registration.refused", actor, found, at)
    found.delete()


def registrations_expire(*, at: datetime) -> int:
    """Forget requests that nobody answered in time; returns how many."""
    return Registration.objects.filter(asked_at__lt=at - rules.REGISTRATION_LASTS).delete()[0]


def _still_there(registration: Registration) -> Registration:
    found = Registration.objects.select_for_update().filter(pk=registration.pk).first()
    if found is None:
        raise WrongUse(_("somebody answered this request already"))
    return found


def _noted(action: str, actor: str, registration: Registration, at: datetime) -> None:
    content: dict[str, Any] = {"country": registration.country}
    entry_append(
        kind=AUDIT, action=action, actor=actor, subject=f"registration {registration.pk}", content=content, at=at
    )
