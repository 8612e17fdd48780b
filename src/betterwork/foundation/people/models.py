"""A person who can sign in. Her roles are kept by ``access``, her second factors and sessions by allauth."""

from __future__ import annotations

from typing import Any

import uuid_utils
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from betterwork.foundation.audiences.fields import seen_by
from betterwork.foundation.audiences.names import (
    ASSESSING_TEAM,
    NOBODY,
    OWN_PERSON,
    PROGRAMME,
    SURVEY_CUSTODIAN,
    audiences,
)

STAFF_AND_SHE = audiences(PROGRAMME, OWN_PERSON)


def new_public_id() -> str:
    """An opaque id that grows with time."""
    return f"p-{uuid_utils.uuid7().hex}"


def new_registration_id() -> str:
    """The same for a request."""
    return f"r-{uuid_utils.uuid7().hex}"


class PersonManager(BaseUserManager["Person"]):
    """Finds persons; allauth and Django ask for this interface."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Person:
        """Make a person with a hashed password, or with none that could be used."""
        more.setdefault("is_active", more.get("state") == self.model.ACTIVE)
        person: Person = self.model(email=email.strip().lower(), **more)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def get_by_natural_key(self, username: str | None) -> Person:
        """Find by address, however it is typed."""
        return self.get(email__iexact=(username or "").strip())


@seen_by(
    id=NOBODY,
    public_id=STAFF_AND_SHE,
    email=STAFF_AND_SHE,
    # Who owns what lies in the vault sees who opened it: the assessing team and the survey's custodian.
    name=STAFF_AND_SHE | {ASSESSING_TEAM, SURVEY_CUSTODIAN},
    language=STAFF_AND_SHE,
    state=STAFF_AND_SHE,
    is_active=NOBODY,
    password=NOBODY,
    last_login=STAFF_AND_SHE,
    invited_by=audiences(PROGRAMME),
    invited_at=STAFF_AND_SHE,
    joined_at=STAFF_AND_SHE,
    left_at=STAFF_AND_SHE,
)
class Person(AbstractBaseUser):
    """Somebody with an account. Other rooms name her by ``public_id``."""

    INVITED, ACTIVE, LEFT, ERASED = "invited", "active", "left", "erased"

    public_id = models.CharField(max_length=64, unique=True, default=new_public_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, default=INVITED)
    is_active = models.BooleanField(default=False)
    """Whether allauth lets her sign in: from the moment she joins to the moment she leaves."""
    invited_by = models.CharField(max_length=64, blank=True)
    """Who invited her, by an opaque id: whoever did can find her before she holds a role."""
    invited_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True, blank=True)
    left_at = models.DateTimeField(null=True, blank=True)

    objects = PersonManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        indexes = [models.Index(name="people_by_name", fields=["name", "id"])]
        constraints = [
            models.CheckConstraint(
                name="who_may_sign_in_is_active",
                condition=models.Q(state="active", is_active=True)
                | (~models.Q(state="active") & models.Q(is_active=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.public_id


@seen_by(
    id=audiences(PROGRAMME),
    country=audiences(PROGRAMME),
    factory=audiences(PROGRAMME),
    name=audiences(PROGRAMME),
    email=audiences(PROGRAMME),
    language=audiences(PROGRAMME),
    asked_at=audiences(PROGRAMME),
)
class Registration(models.Model):
    """A factory asks for an account, where its country lets factories ask. It is gone once it was answered."""

    id = models.CharField(primary_key=True, max_length=64, default=new_registration_id, editable=False)
    country = models.CharField(max_length=2)
    factory = models.CharField(max_length=200)
    name = models.CharField(max_length=150)
    email = models.EmailField(max_length=254, unique=True)
    language = models.CharField(max_length=10, blank=True)
    asked_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.id
