"""The people of the demonstration, made by the services that anybody's pages use."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa import app_settings
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.db import transaction

from betterwork.core.errors import WrongUse
from betterwork.entry.demonstration.organisations import organisations_make
from betterwork.entry.demonstration.sign_ins import DOMAIN, FIRST, PASS_PHRASE, SECOND, SIGN_INS, SignIn
from betterwork.foundation.doors.roles import ROLES
from betterwork.foundation.ledger.rules import OPERATOR
from betterwork.foundation.people.models import Person
from betterwork.modules.registry.models import Factory
from betterwork.modules.registry.queries import simulated


class KnownToAll(PBKDF2PasswordHasher):
    """Hashes a pass phrase that is no secret, quickly; everybody's hasher knows it and makes it anew at sign-in."""

    iterations = 1000


@transaction.atomic
def people_make(at: datetime) -> list[SignIn]:
    """Invite everybody, let her join, set her second step up, give and confirm her role; all of them or none.

    Raises WrongUse in a home that is not a demonstration, and where somebody is there already.
    """
    if not simulated():
        raise WrongUse("these people are made in a demonstration only: betterwork demo makes one")
    if Person.objects.exists():
        raise WrongUse("there are people here already; betterwork demo starts afresh")
    organisations_make(at)  # some people speak for one
    persons = {one.word: _person_made(one, at) for one in SIGN_INS}
    for one in SIGN_INS:
        _role_given(one, persons, at)
    return list(SIGN_INS)


def code_at(email: str, at: datetime) -> str:
    """The code that her app would show at a moment. Raises WrongUse outside a demonstration and for one who has no app.

    No bypass: it is computed from the secret that was set up, and sign-in asks for it as from anybody.
    """
    if not simulated():
        raise WrongUse("codes are shown for people of a demonstration only: here they are in the person's own app")
    if not email.strip().lower().endswith(f"@{DOMAIN}"):
        raise WrongUse(f"codes are shown for the people of the demonstration (…@{DOMAIN}): others have their own app")
    row = Authenticator.objects.filter(user__email__iexact=email.strip(), type=Authenticator.Type.TOTP).first()
    if row is None:
        raise WrongUse(
            f"nobody here with the address {email} has an app for codes; betterwork person list shows who is"
        )
    secret = get_adapter().decrypt(row.data["secret"])
    return str(format_hotp_value(hotp_value(secret, int(at.timestamp()) // app_settings.TOTP_PERIOD)))


def _person_made(one: SignIn, at: datetime) -> Person:
    from betterwork.foundation.people.services import person_invite, person_join

    person = person_invite(actor=OPERATOR, email=one.email, name=one.name, language=one.language, at=at)
    person = person_join(
        actor=person.public_id, person=person, password=PASS_PHRASE, name=one.name, language=one.language, at=at
    )
    if ROLES[one.role].confidential:
        TOTP.activate(person, generate_totp_secret())
        RecoveryCodes.activate(person)
    return person


def _role_given(one: SignIn, persons: dict[str, Person], at: datetime) -> None:
    from betterwork.foundation.access.services import grant_confirm, grant_give

    leads = one.word in (FIRST, SECOND)
    grant = grant_give(
        actor=OPERATOR if leads else persons[FIRST].public_id,
        person=persons[one.word].public_id,
        role=one.role,
        scope=one.scope.format(factory=a_factory()) if "{" in one.scope else one.scope,
        starts=at,
        reason="Part of the demonstration",
        at=at,
    )
    if grant.confirmed_at is None:
        grant_confirm(actor=persons[SECOND].public_id, grant=grant, at=at)


def a_factory() -> str:
    """The key of the factory whose manager and committee member can sign in: the first of Viet Nam."""
    factory = Factory.objects.filter(country="VN", obsolete=False).order_by("pk").first()
    return f"VN/{factory.outside_id}" if factory else "VN/1"
