"""What django-allauth asks this platform. A door: it reads the clock and calls services."""

from __future__ import annotations

import time
from collections.abc import Iterable
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from betterwork.foundation.languages.cookie import language_remembered
from betterwork.foundation.languages.known import language_of
from betterwork.foundation.ledger.instance_key import instance_key, unwrap, wrap
from betterwork.foundation.people.mailing import html_of
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.services import person_password_set, sessions_end

BOUND_TO = "betterwork second factor"


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts are given, not taken."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("This address and this password do not belong together. Look at both once more."),
        "too_many_login_attempts": _("Too many tries that failed. Wait five minutes, then try again."),
        "incorrect_code": _("This code is not right, or it is too old. Use the newest one."),
        "incorrect_password": _("This is not your password."),
        "enter_current_password": _("This is not the password you have now."),
        "email_taken": _("This address cannot be used here."),
        "rate_limited": _("Too many tries. Wait a few minutes, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody registers herself. Where a country lets factories ask, they ask on a page of this room."""
        return False

    def post_login(self, request: HttpRequest, user: Person, **more: Any) -> HttpResponseBase:
        """She is signed in: this device shows pages in the language of her account, whoever sat here before."""
        answer: HttpResponseBase = super().post_login(request, user, **more)
        return language_remembered(answer, language_of(user.language).code)

    def set_password(self, user: Person, password: str) -> None:
        """Store a password that she chose: by changing it, or after a reset."""
        found = Person.objects.get(pk=user.pk)  # what allauth gives may be a stand-in for the person
        stored = person_password_set(actor=found.public_id, person=found, password=password, at=timezone.now())
        user.password = stored.password  # the session she sits in is bound to it

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """Make an address hers, wholly or not at all."""
        with transaction.atomic():
            return bool(super().confirm_email(request, email_address))

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whether to ask once more who she is: not of one who has just signed in, and so just proved it."""
        request = allauth_context.request
        records = get_authentication_records(request, request.user)
        if records and time.time() - records[-1]["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT:
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail; always to the platform's own address, whatever the request says it is."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.BETTERWORK_URL}{path.replace('UID-KEY', key)}"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to her account."""
        return reverse("people:me")

    def render_mail(
        self,
        template_prefix: str,
        email: str | list[str],
        context: dict[str, Any],
        headers: dict[str, str] | None = None,
    ) -> EmailMessage:
        """A mail in the language of whoever has the address; of the page, where nobody has."""
        address = email if isinstance(email, str) else email[0]
        found = Person.objects.filter(email=address.lower()).values_list("language", flat=True).first()
        language = language_of(found or translation.get_language())
        given = {**context, "language": language, "platform": str(settings.BETTERWORK_URL)}
        with translation.override(language.code):
            mail: EmailMessage = super().render_mail(template_prefix, email, given, headers)
        if isinstance(mail, EmailMultiAlternatives) and not mail.alternatives:
            mail.attach_alternative(html_of(str(mail.body), language), "text/html")
        return mail


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of second factors are encrypted at rest."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or it is too old. Use the newest one your app shows."),
        "unverified_email": _("Confirm your address first: then set up your second step."),
    }

    def encrypt(self, text: str) -> str:
        """Under the instance's key."""
        key = instance_key(make=True)
        assert key is not None
        return wrap(key, text.encode(), bound_to=BOUND_TO).hex()

    def decrypt(self, encrypted_text: str) -> str:
        """What :meth:`encrypt` hid. Raises WrongKey."""
        key = instance_key(make=True)
        assert key is not None
        return unwrap(key, bytes.fromhex(encrypted_text), bound_to=BOUND_TO).decode()

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The name a device shows for a passkey."""
        entity: dict[str, Any] = super().get_public_key_credential_rp_entity()
        return {**entity, "name": "Better Work"}

    def generate_authenticator_name(self, user: Person, type: Authenticator.Type) -> str:
        """The name of a new passkey until she gives it another."""
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey {number}").format(number=count + 1) if count else gettext("My passkey")


class SessionsAdapter(DefaultUserSessionsAdapter):  # type: ignore[misc]
    """She signs herself out elsewhere: every session of hers, listed or not, and the ledger says so."""

    def end_sessions(self, sessions: Iterable[UserSession]) -> None:
        """End them. The session she sits in stays, unless it is among them."""
        given = list(sessions)
        if not given:
            return
        here = allauth_context.request.session.session_key or ""
        keep = "" if any(one.session_key == here for one in given) else here
        person = given[0].user
        sessions_end(actor=person.public_id, person=person, at=timezone.now(), keep=keep)
