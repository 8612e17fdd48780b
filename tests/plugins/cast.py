"""The fixed cast of the tests: one person for each role, and strangers. SIMULATED: nobody here exists."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from django.test import Client

    from betterwork.foundation.doors.actor import Actor
    from betterwork.foundation.people.models import Person

BEGAN = datetime(2020, 1, 1, tzinfo=UTC)
PASSWORD = "a long pass phrase for tests"
CAST: dict[str, tuple[str, str]] = {
    # word → (role, scope)
    "global": ("global-staff", "world"),
    "second": ("global-staff", "world"),
    "analyst": ("analyst", "world"),
    "manager": ("country-manager", "country:VN"),
    "leader": ("team-leader", "country:VN"),
    "advisor": ("advisor", "country:VN"),
    "partner": ("advisor", "country:VN"),
    "abroad": ("advisor", "country:JO"),
    "government": ("government-representative", "country:VN"),
    "employers": ("employers-representative", "country:VN"),
    "workers": ("workers-representative", "country:VN"),
    "factory": ("factory-manager", "factory:VN/1"),
    "committee": ("committee-member", "factory:VN/1"),
    "buyer": ("buyer", "organisation:buyer-1"),
    "inspector": ("inspector", "country:VN"),
    "researcher": ("researcher", "world"),
    "custodian": ("survey-custodian", "world"),
    "donor": ("donor", "organisation:donor-1"),
    "auditor": ("auditor", "world"),
    "nobody": ("", ""),
}
"""``nobody`` is signed in and holds no role. A stranger is a client that never signed in."""


class Cast:
    """The persons, by their word: ``cast.person("advisor")``, ``cast.client("buyer")``, ``cast.actor("auditor")``."""

    def __init__(self) -> None:
        self._persons: dict[str, Person] = {}

    def person(self, word: str) -> Person:
        """A person of the cast, made with her role, a second factor and no usable password when first asked for."""
        if word not in self._persons:
            self._persons[word] = _person(word)
        return self._persons[word]

    def actor(self, word: str, at: datetime | None = None) -> Actor:
        """Who she is for every policy, now or at a moment; ``stranger`` is nobody the platform knows."""
        from django.utils import timezone

        from betterwork.foundation.access.queries import actor_of
        from betterwork.foundation.doors.actor import STRANGER

        return STRANGER if word == "stranger" else actor_of(self.person(word), at or timezone.now())

    def client(self, word: str) -> Client:
        """A browser in which she is signed in; ``stranger`` for one in which nobody is."""
        from django.test import Client

        client = Client(headers={"host": "localhost"})
        if word != "stranger":
            client.force_login(self.person(word), backend="allauth.account.auth_backends.AuthenticationBackend")
        return client

    def everybody(self) -> list[str]:
        """Every word, and ``stranger``."""
        return ["stranger", *CAST]


def _person(word: str) -> Person:
    from allauth.account.models import EmailAddress
    from allauth.mfa.models import Authenticator

    from betterwork.foundation.access.models import Grant
    from betterwork.foundation.people.models import Person

    role, scope = CAST[word]
    person = Person.objects.create_user(
        f"{word}@cast.example",
        name=f"{word.capitalize()} of the cast",
        public_id=f"p-{word}",
        state=Person.ACTIVE,
        invited_at=BEGAN,
        joined_at=BEGAN,
    )
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    Authenticator.objects.create(user=person, type=Authenticator.Type.TOTP, data={"secret": "", "made": "by tests"})
    if role:
        Grant.objects.create(
            person=person.public_id,
            role=role,
            scope=scope,
            starts=BEGAN,
            given_by="operator",
            given_at=BEGAN,
            confirmed_by="operator",
            confirmed_at=BEGAN,
        )
    return person


@pytest.fixture
def cast(db: None) -> Cast:
    """The cast of this test. Persons are made when first asked for, so a test pays for those it names."""
    return Cast()


MakeClient = Callable[[str], "Client"]
