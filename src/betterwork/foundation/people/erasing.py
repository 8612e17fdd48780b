"""Erasing a person from every room, and giving her what all of them keep."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.db import connection, transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.contributions.registry import KEEPINGS
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append, person_forget
from betterwork.foundation.people import hooks, rules
from betterwork.foundation.people.describing import person_subject
from betterwork.foundation.people.models import Person, Registration
from betterwork.foundation.people.sessions import sessions_delete

ERASED = "person.erased"
_TABLES = (
    "people_person",
    "people_registration",
    "account_emailaddress",
    "mfa_authenticator",
    "usersessions_usersession",
    "django_session",
    "ledger_personkey",
)


class NotYet(BetterWorkError):
    """A person cannot be erased yet. The message says why and what to do first."""


@transaction.atomic
def person_export(*, actor: str, person: Person, at: datetime) -> dict[str, Any]:
    """Everything that every room keeps of a person, as plain values; that it was asked for is written down."""
    entry_append(kind=AUDIT, action="person.exported", actor=actor, subject=person_subject(person), content={}, at=at)
    rooms = {
        room: {
            "what": str(one.what),
            "why": str(one.why),
            "how_long": str(one.how_long),
            "kept": one.export(person.public_id),
        }
        for room, one in sorted(KEEPINGS.items())
    }
    return {"person": person.public_id, "at": at.isoformat(), "rooms": rooms}


@transaction.atomic
def person_erase(*, actor: str, person: Person, reason: str, at: datetime) -> Person:
    """Erase a person from every room, in one transaction; the row stays as an empty place.

    Every room's ``erase`` runs, then her key in the ledger is destroyed, so that what the chain holds of her can never
    be read again. Repeatable: after a backup brought her back it erases her anew. ``reason`` stays readable and names
    nobody. Raises NotYet while she has an account or something holds her (``hooks.HOLDS``), WrongUse without a reason.
    """
    if not reason.strip():
        raise WrongUse(_("say why: the reason stays in the ledger, so name nobody in it"))
    found = Person.objects.select_for_update().get(pk=person.pk)
    if not rules.may_be_erased(found.state):
        raise NotYet(_("she still has an account: let her leave first, then erase her"))
    holds = hooks.why_held(found.public_id, at)
    if holds:
        raise NotYet(_("she cannot be erased yet: {reasons}").format(reasons="; ".join(holds)))
    _overwrite_what_is_deleted()
    new = found.state != Person.ERASED
    for room in sorted(KEEPINGS, key=lambda one: (one == "people", one)):  # last: others may look her up here
        KEEPINGS[room].erase(found.public_id, at)
    person_forget(person_id=found.public_id, actor=actor, at=at)
    if new:
        entry_append(
            kind=AUDIT,
            action=ERASED,
            actor=actor,
            subject=person_subject(found),
            content={"reason": reason.strip(), "rooms": sorted(KEEPINGS)},
            at=at,
        )
    transaction.on_commit(leftovers_wipe, robust=True)
    found.refresh_from_db()
    return found


def account_erase(person_id: str, at: datetime) -> None:
    """What this room does when a person is erased: her row becomes an empty place, all else of hers goes."""
    found = Person.objects.filter(public_id=person_id).first()
    if found is None:
        return
    sessions_delete(found)
    Authenticator.objects.filter(user=found).delete()
    addresses = {found.email, *EmailAddress.objects.filter(user=found).values_list("email", flat=True)}
    EmailAddress.objects.filter(user=found).delete()
    Registration.objects.filter(email__in=addresses).delete()
    found.email, found.name, found.language = rules.erased_email(found.public_id), "", ""
    found.state, found.is_active, found.last_login = Person.ERASED, False, None
    found.set_unusable_password()
    found.save()


def leftovers_wipe() -> bool:
    """Take what was erased out of what the database keeps besides its rows. Returns whether it could.

    SQLite: the log is written into the file and cut off; it must wait while somebody reads. PostgreSQL: dead rows are
    cleared away. Neither reaches a backup made before, or a log kept elsewhere.
    """
    if connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return not cursor.fetchone()[0]
        cursor.execute(f"VACUUM {', '.join(_TABLES)}")
    return True


def _overwrite_what_is_deleted() -> None:
    """Let SQLite write zeros over what is deleted; without it the bytes stay in the file."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")
