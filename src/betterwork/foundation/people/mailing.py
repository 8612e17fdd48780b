"""Mails about an account: in the person's language, with nothing of the programme in them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import datetime
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.languages.known import Language, language_of
from betterwork.foundation.people.links import invitation_url
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.rules import INVITATION_LASTS

log = logging.getLogger("betterwork.people")


class MailNotSent(BetterWorkError):
    """What was done is done, and the mail about it could not be handed over."""


def mail_make(template: str, person: Person, values: Mapping[str, Any]) -> EmailMultiAlternatives:
    """A mail to a person from ``template`` (``_subject.txt``, ``_message.txt``), in her language, as text and HTML."""
    language = language_of(person.language)
    with translation.override(language.code):
        given = {**values, "language": language, "platform": str(settings.BETTERWORK_URL)}
        subject = " ".join(render_to_string(f"{template}_subject.txt", given).split())
        text = render_to_string(f"{template}_message.txt", given).strip() + "\n"
    mail = EmailMultiAlternatives(subject, text, None, [person.email])
    mail.attach_alternative(html_of(text, language), "text/html")
    return mail


def html_of(text: str, language: Language) -> str:
    """The same words as HTML: paragraphs, links that can be followed, the direction of the language."""
    return render_to_string("people/mail/from_text.html", {"text": text, "language": language})


def invitation_send(*, person: Person, at: datetime) -> None:
    """Hand over the mail with the link. Raises :class:`MailNotSent`; the invitation stands, and can be sent again."""
    values = {"url": invitation_url(person, at), "days": INVITATION_LASTS.days}
    mail = mail_make("people/mail/invitation", person, values)
    try:
        mail.send()
    except (SMTPException, OSError) as error:
        # The error may hold the address: only its kind is written down.
        log.error("an invitation could not be sent: %s", type(error).__name__)
        raise MailNotSent(
            _("The invitation stands, but no mail went out. Have the settings of mail checked, and send it again.")
        ) from None
