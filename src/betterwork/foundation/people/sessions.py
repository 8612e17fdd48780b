"""Which sessions are a person's. A session is hers from the password on, before her second step too."""

from __future__ import annotations

import json
from collections.abc import Iterator

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from betterwork.foundation.people.models import Person

_AT_ONCE = 500


def sessions_of(person: Person) -> Iterator[str]:
    """The keys of every session that is hers, or that holds her address because she began to sign in.

    Reads all sessions there are: for the few moments when somebody leaves or is signed out.
    """
    listed = set(UserSession.objects.filter(user=person).values_list("session_key", flat=True))
    own, address = str(person.pk), json.dumps(person.email)
    for session in Session.objects.iterator(chunk_size=_AT_ONCE):
        held = session.get_decoded()
        begun = held.get("account_login")
        pending = str(begun.get("user_pk")) if isinstance(begun, dict) else ""
        hers = own in {str(held.get(SESSION_KEY)), str(held.get("account_authentication_methods_user")), pending}
        if hers or session.session_key in listed or address in json.dumps(held, default=str):
            yield session.session_key


def sessions_delete(person: Person, *, keep: str = "") -> None:
    """End them, but for one. Called by services, inside their transaction."""
    gone = [key for key in sessions_of(person) if key != keep]
    for begin in range(0, len(gone), _AT_ONCE):
        Session.objects.filter(session_key__in=gone[begin : begin + _AT_ONCE]).delete()
    UserSession.objects.filter(user=person).exclude(session_key=keep).delete()
