"""Writes into the ledger what allauth does for a person herself. Connected when the platform starts."""

from __future__ import annotations

from typing import Any

from allauth.account import signals as account
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.queries import second_steps
from betterwork.foundation.people.services import person_noted, sessions_end
from betterwork.foundation.people.sessions import sessions_of

_KINDS = {"totp": "app", "webauthn": "passkey", "recovery_codes": "recovery codes"}


@receiver(account.user_logged_in, dispatch_uid="people.signed-in")
def signed_in(request: HttpRequest, user: Person, **_: Any) -> None:
    """She signed in, and by what: no address of a network, no name of a browser."""
    records = get_authentication_records(request, user)
    means = [_KINDS.get(str(one.get("type")), str(one.get("method"))) for one in records]
    person_noted(action="person.signed-in", person=user, at=timezone.now(), content={"by": means})


@receiver(account.email_changed, dispatch_uid="people.address")
def address_changed(
    user: Person, from_email_address: EmailAddress | None, to_email_address: EmailAddress, **_: Any
) -> None:
    """Her mail goes elsewhere from now on."""
    before = from_email_address.email if from_email_address else ""
    content = {"before": personal(user.public_id, before), "after": personal(user.public_id, to_email_address.email)}
    person_noted(action="person.address-changed", person=user, at=timezone.now(), content=content)


@receiver(mfa.authenticator_added, dispatch_uid="people.factor-added")
def factor_added(request: HttpRequest, user: Person, authenticator: Authenticator, **_: Any) -> None:
    """She set up a second step. Recovery codes that come with it are no step of their own."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    _factor("person.second-step-added", user, authenticator)
    if sum(second_steps(user.public_id)[kind] for kind in ("app", "passkeys")) == 1:
        _signed_in_before_end(request, Person.objects.get(pk=user.pk))  # what allauth gives may be a stand-in


def _signed_in_before_end(request: HttpRequest, person: Person) -> None:
    """End what was signed in elsewhere by the password alone: with the first second step her roles count there too."""
    here = request.session.session_key or ""
    if any(key != here for key in sessions_of(person)):
        sessions_end(actor=person.public_id, person=person, at=timezone.now(), keep=here)


@receiver(mfa.authenticator_removed, dispatch_uid="people.factor-removed")
def factor_removed(user: Person, authenticator: Authenticator, **_: Any) -> None:
    """She took one away. Recovery codes that go with the last one are no step of their own."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        return
    _factor("person.second-step-removed", user, authenticator)


@receiver(mfa.authenticator_reset, dispatch_uid="people.factor-reset")
def factor_reset(user: Person, authenticator: Authenticator, **_: Any) -> None:
    """She made new recovery codes."""
    _factor("person.second-step-made-anew", user, authenticator)


def _factor(action: str, user: Person, authenticator: Authenticator) -> None:
    content = {"kind": _KINDS.get(authenticator.type, authenticator.type)}
    person_noted(action=action, person=user, at=timezone.now(), content=content)
