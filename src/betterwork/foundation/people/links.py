"""The one-time link in an invitation: signed, with its own end, and bound to what it changes."""

from __future__ import annotations

from datetime import UTC, datetime

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.rules import invitation_ends, may_join

_SALT = "betterwork.people.invitation"


class LinkRefused(BetterWorkError):
    """A link of an invitation does not work (any more). The message says what to do."""


def invitation_token(person: Person, at: datetime) -> str:
    """The word in the link: whose it is, until when, and a digest of what using it changes.

    Joining, leaving or another invitation change her state or her password, so that it works once.
    """
    until = int(invitation_ends(at).timestamp())
    return signing.dumps([person.public_id, until, _bound(person, until)], salt=_SALT)


def invitation_url(person: Person, at: datetime) -> str:
    """The link as it stands in the mail; always to the platform's own address."""
    return f"{settings.BETTERWORK_URL}{reverse('people:join', args=[invitation_token(person, at)])}"


def invitation_person(token: str, at: datetime) -> Person:
    """Whose invitation this is. Raises :class:`LinkRefused` for one that was used, replaced, is too old or not ours."""
    try:
        public_id, until, bound = signing.loads(token, salt=_SALT)
    except (signing.BadSignature, ValueError, TypeError) as error:
        raise LinkRefused(
            _("This link is not complete. Copy the whole line from the mail, or open it from there.")
        ) from error
    person = Person.objects.filter(public_id=public_id).first()
    if person is None or not may_join(person.state) or not constant_time_compare(bound, _bound(person, until)):
        raise LinkRefused(
            _(
                "This link was used already, or a newer one was sent. If you have set your password, sign in. "
                "Otherwise use the link in the newest mail, or ask whoever invited you to send another."
            )
        )
    if at >= datetime.fromtimestamp(until, UTC):
        raise LinkRefused(_("This link is too old. Ask whoever invited you to send the invitation again."))
    return person


def _bound(person: Person, until: int) -> str:
    parts = [person.public_id, person.state, person.password, person.email, str(until)]
    return salted_hmac(_SALT, "\n".join(parts), algorithm="sha256").hexdigest()[:32]
