"""Writing persons: inviting, joining, leaving. Erasing stands in ``erasing``, requests in ``registering``."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.foundation.people import hooks, rules
from betterwork.foundation.people.describing import (
    email_checked,
    language_checked,
    name_checked,
    person_state,
    person_subject,
)
from betterwork.foundation.people.mailing import invitation_send
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.sessions import sessions_delete


@audited("person.invited", subject=person_subject, state=person_state)
def person_invite(
    *,
    actor: str,
    email: str,
    at: datetime,
    name: str = "",
    language: str = "",
    then: Iterable[Callable[[Person], None]] = (),
) -> Person:
    """Make a person who can do nothing until she follows the link in the mail, which goes out after the commit.

    ``then`` runs in the same transaction (a role proposed with the invitation). Raises WrongUse for an address that
    is none or that somebody has, a name that is none, a language not known. Raises MailNotSent after the commit.
    """
    address = email_checked(email)
    found = Person.objects.filter(email=address).first()
    if found is not None:
        raise WrongUse(_why_not_invited(found.state))
    person = Person(
        email=address,
        name=name_checked(name) if name.strip() else "",
        language=language_checked(language),
        state=Person.INVITED,
        invited_by=actor,
        invited_at=at,
    )
    person.set_unusable_password()
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError as error:
        raise WrongUse(_why_not_invited(Person.INVITED)) from error
    EmailAddress.objects.create(user=person, email=address, primary=True, verified=False)
    for one in then:
        one(person)
    transaction.on_commit(lambda: invitation_send(person=person, at=at))
    return person


@audited("person.invitation-sent-again", subject=person_subject, state=person_state, of="person")
def person_invitation_resend(*, actor: str, person: Person, at: datetime) -> Person:
    """Send a new link; the older ones stop working. Raises WrongUse for one who is not waiting, and MailNotSent."""
    found = _locked(person)
    if not rules.may_join(found.state):
        raise WrongUse(_("only who was invited and has not joined can be sent the invitation again"))
    return _invited_anew(found, found.invited_by, at)


@audited("person.joined", subject=person_subject, state=person_state, of="person")
def person_join(*, actor: str, person: Person, password: str, name: str, language: str = "", at: datetime) -> Person:
    """Let an invited person in: her password, name and language; her address is hers, since the link came there.

    Raises WrongUse for one who is not waiting, a password that the rules refuse, a name that is none.
    """
    found = _locked(person)
    if not rules.may_join(found.state):
        raise WrongUse(_("this invitation was used already"))
    found.name, found.language = name_checked(name), language_checked(language) or found.language
    _password_checked(password, found)
    found.set_password(password)
    found.state, found.is_active, found.joined_at = Person.ACTIVE, True, at
    found.save()
    EmailAddress.objects.update_or_create(user=found, email=found.email, defaults={"verified": True, "primary": True})
    return found


@audited("person.left", subject=person_subject, state=person_state, of="person")
def person_leave(*, actor: str, person: Person, at: datetime) -> Person:
    """End everything a person can do, in this one transaction: sessions, second factors, links in mails, roles.

    Roles and what else higher rooms gave her end through ``hooks.LEAVING``. Raises WrongUse for one who left before.
    """
    found = _locked(person)
    if not rules.may_leave(found.state):
        raise WrongUse(_("she has left already"))
    found.state, found.is_active, found.left_at = Person.LEFT, False, at
    found.set_unusable_password()  # links to set a new password and every session are bound to it
    found.save()
    access_remove(person=found)
    for hook in hooks.LEAVING:
        hook(found.public_id, actor, at)
    return found


@audited("person.returned", subject=person_subject, state=person_state, of="person")
def person_return(*, actor: str, person: Person, at: datetime) -> Person:
    """Invite one who left once more: the same person, with no role and a new link. Raises WrongUse, MailNotSent."""
    found = _locked(person)
    if not rules.may_return(found.state):
        raise WrongUse(_("only who has left can be invited back"))
    found.state, found.left_at, found.joined_at = Person.INVITED, None, None
    return _invited_anew(found, actor, at)


@audited("person.described", subject=person_subject, state=person_state, of="person")
def person_name_set(*, actor: str, person: Person, name: str, language: str = "", at: datetime) -> Person:
    """Set how a person is called and, if given, the language of her pages and mails. Raises WrongUse."""
    found = _locked(person)
    if found.state == Person.ERASED:
        raise WrongUse(_("nobody is there any more: she was erased"))
    found.name, found.language = name_checked(name), language_checked(language) or found.language
    found.save(update_fields=["name", "language"])
    return found


@audited("person.sessions-ended", subject=person_subject, state=person_state, of="person")
def sessions_end(*, actor: str, person: Person, at: datetime, keep: str = "") -> Person:
    """Sign a person out everywhere, but for the session whose key is ``keep``."""
    sessions_delete(person, keep=keep)
    return person


@audited("person.password-set", subject=person_subject, state=person_state, of="person")
def person_password_set(*, actor: str, person: Person, password: str, at: datetime) -> Person:
    """Store a new password of somebody who may sign in: changed by her, or set after a reset.

    Raises WrongUse for one who may not, and for a password that the rules refuse.
    """
    found = _locked(person)
    if not found.is_active:
        raise WrongUse(_("there is no account to set a password for"))
    _password_checked(password, found)
    found.set_password(password)
    found.save(update_fields=["password"])
    return found


@transaction.atomic
def person_noted(*, action: str, person: Person, at: datetime, content: dict[str, Any] | None = None) -> None:
    """Write into the ledger what allauth did for a person herself: a sign-in, a second factor, another address."""
    entry_append(
        kind=AUDIT,
        action=action,
        actor=person.public_id,
        subject=person_subject(person),
        content=content or {},
        at=at,
    )


@transaction.atomic
def list_exported(*, actor: str, at: datetime, narrowed: bool) -> None:
    """Write into the ledger that somebody took a file of persons away."""
    content = {"narrowed": narrowed}
    entry_append(kind=AUDIT, action="people.exported", actor=actor, subject="list people", content=content, at=at)


def person_language_set(*, person_id: str, language: str) -> None:
    """Keep the language a person chose in her account. Not audited: it changes nothing for anybody else."""
    Person.objects.filter(public_id=person_id).exclude(state=Person.ERASED).update(language=language)


@transaction.atomic
def sessions_expire(*, at: datetime) -> int:
    """Delete sessions that are over, and what was noted of them: network and browser. Returns how many were over."""
    over = Session.objects.filter(expire_date__lt=at).delete()[0]
    UserSession.objects.exclude(session_key__in=Session.objects.values("session_key")).delete()
    return over


def access_remove(*, person: Person) -> None:
    """Take away every way in: sessions, second factors, and that her address is known to be hers."""
    sessions_delete(person)
    Authenticator.objects.filter(user=person).delete()
    EmailConfirmation.objects.filter(email_address__user=person).delete()
    EmailAddress.objects.filter(user=person).update(verified=False)


def _invited_anew(person: Person, invited_by: str, at: datetime) -> Person:
    person.invited_by, person.invited_at = invited_by, at
    person.set_unusable_password()  # another one each time: the older links were bound to the one before
    person.save()
    transaction.on_commit(lambda: invitation_send(person=person, at=at))
    return person


def _locked(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)


def _password_checked(password: str, person: Person) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise WrongUse(" ".join(error.messages)) from error


def _why_not_invited(state: str) -> str:
    return {
        Person.INVITED: _("somebody with this address is invited already: send her the invitation again"),
        Person.LEFT: _("somebody with this address was here and left: invite her back from her page"),
    }.get(state, _("somebody with this address has an account already"))
