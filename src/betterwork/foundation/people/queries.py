"""Reading persons: how they are called, what is kept of them, what happened to them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.apps import apps
from django.db import models
from django.db.models import Q, QuerySet

from betterwork.core.errors import WrongUse
from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.ledger.personal import subject_of
from betterwork.foundation.ledger.trail import Told, trail_page
from betterwork.foundation.people.models import Person
from betterwork.foundation.people.rules import display_name

MOST_HISTORY = 100
PERSON_WORDS = frozenset({"person", "actor", "author", "owner", "reader", "recipient", "to"})
"""Fields of text with such a name, or one that ends in ``_by`` or ``_person``, hold the opaque id of a person."""
NO_PERSON: dict[str, str] = {}
"""``label.field`` of a field that is named so and holds no person, with the reason. Rooms add theirs."""


def person_of(email_or_id: str) -> Person:
    """The person with this address or opaque id. Raises WrongUse when there is none."""
    word = email_or_id.strip()
    found = Person.objects.filter(Q(public_id=word) | Q(email=word.lower())).first()
    if found is None:
        raise WrongUse("there is nobody with this address or id; betterwork person list shows who is there")
    return found


def names_of(ids: Iterable[str]) -> dict[str, str]:
    """How persons are called; who was erased is left out."""
    rows = Person.objects.filter(public_id__in=list(ids)).exclude(state=Person.ERASED)
    return {one.public_id: display_name(one) for one in rows.only("public_id", "name", "email")}


def people_found(rows: QuerySet[Person], text: str, most: int) -> list[Person]:
    """Persons among ``rows`` whose name or address holds the words, by name."""
    return list(rows.filter(search_filter(text)).order_by("name", "email", "id")[:most])


def search_filter(text: str) -> Q:
    """The filter for words typed into a search."""
    return Q(name__icontains=text) | Q(email__icontains=text)


def has_second_step(person_id: str) -> bool:
    """Whether she has an app or a passkey."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return bool(Authenticator.objects.filter(user__public_id=person_id, type__in=kinds).exists())


def second_steps(person_id: str) -> dict[str, int]:
    """How many second steps of each kind she has: app, passkeys, recovery codes not used yet."""
    found = list(Authenticator.objects.filter(user__public_id=person_id))
    codes = [one for one in found if one.type == Authenticator.Type.RECOVERY_CODES]
    return {
        "app": sum(one.type == Authenticator.Type.TOTP for one in found),
        "passkeys": sum(one.type == Authenticator.Type.WEBAUTHN for one in found),
        "codes": sum(len(one.wrap().get_unused_codes()) for one in codes),
    }


def history_of(person_id: str, *, among: QuerySet[Entry], reader: str = "", most: int = MOST_HISTORY) -> list[Told]:
    """What happened to a person's account, newest first, without the entries' content.

    ``among``: the entries that whoever asks may see. With a ``reader``, for her own eyes, nobody else is named.
    """
    return trail_page(among.filter(subject=subject_of(person_id)), limit=most, reader=reader)[0]


def account_export(person_id: str) -> dict[str, Any]:
    """What this room keeps of a person. Secrets and passwords are not among it: nobody can read them."""
    person = Person.objects.get(public_id=person_id)
    steps = Authenticator.objects.filter(user=person).order_by("pk")
    sessions = UserSession.objects.filter(user=person).order_by("pk")
    return {
        "id": person.public_id,
        "name": person.name,
        "email": person.email,
        "addresses": list(EmailAddress.objects.filter(user=person).order_by("pk").values("email", "verified")),
        "language": person.language,
        "state": person.state,
        "invited_at": _iso(person.invited_at),
        "joined_at": _iso(person.joined_at),
        "left_at": _iso(person.left_at),
        "last_sign_in": _iso(person.last_login),
        "second_steps": [
            {"kind": one.type, "name": one.data.get("name", ""), "since": _iso(one.created_at)} for one in steps
        ],
        "sessions": [{"since": _iso(one.created_at), "address": one.ip, "browser": one.user_agent} for one in sessions],
    }


def export_text(found: dict[str, Any]) -> str:
    """An export as it is written into a file."""
    return json.dumps(found, ensure_ascii=False, indent=1, default=str) + "\n"


def kept_nowhere() -> Iterator[str]:
    """One line for each field of a model that holds a person, and that no room's keeping names."""
    kept = {label for keeping in KEEPINGS.values() for label in keeping.models}
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.get_fields():
            if not getattr(field, "concrete", False) or not holds_person(field):
                continue
            if model._meta.label not in kept and f"{model._meta.label}.{field.name}" not in NO_PERSON:
                yield f"{model._meta.label}.{field.name} holds a person, and no keeping names {model._meta.label}"


def holds_person(field: Any) -> bool:
    """Whether a field of a model points at a person: by a key, or as text that holds her opaque id."""
    if getattr(field, "related_model", None) is Person:
        return True
    named = field.name in PERSON_WORDS or field.name.endswith(("_by", "_person"))
    return named and isinstance(field, models.CharField | models.TextField)


def _iso(at: datetime | None) -> str:
    return at.isoformat() if at else ""
