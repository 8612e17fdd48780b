"""The two persons whom a factory names: written, taken back, erased. The ledger hides them under keys of their own."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.services import person_forget
from betterwork.foundation.people.models import Person
from betterwork.modules.registry.models import Contact, Factory
from betterwork.modules.registry.writing import factory_locked, text_checked, told

FIELDS = ("name", "job_title", "phone", "email")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


@transaction.atomic
def contact_set(
    *,
    actor: str,
    factory: Factory,
    place: int,
    name: str,
    job_title: str = "",
    phone: str = "",
    email: str = "",
    at: datetime,
) -> Contact:
    """Write who is the first (1) or second (2) contact of a factory; whoever was is erased.

    Raises WrongUse without a name, without a way to reach her, and for an address that is none.
    """
    found = factory_locked(factory)
    if place not in (1, 2):
        raise WrongUse(_("A factory names two contacts: 1 and 2."))
    name = text_checked(name, 200, what=_("Name"))
    job_title = text_checked(job_title, 200, what=_("Job title"))
    phone, email = text_checked(phone, 60, what=_("Telephone")), text_checked(email, 254, what=_("E-mail")).lower()
    if not name or not (phone or email):
        raise WrongUse(_("A contact has a name, and a telephone or an e-mail address."))
    if email and not _EMAIL.fullmatch(email):
        raise WrongUse(_("This is no e-mail address: %(text)s") % {"text": email})
    said = {"name": name, "job_title": job_title, "phone": phone, "email": email}
    before = contacts_standing(found).filter(place=place).first()
    if before is not None:
        if {one: getattr(before, one) for one in FIELDS} == said:
            raise WrongUse(_("That is how it stands already: nothing to change."))
        _blank(before, actor, at)
    account = Person.objects.filter(email=email, state=Person.ACTIVE).first() if email else None
    row = Contact.objects.create(
        factory=found,
        place=place,
        person=account.public_id if account else "",
        written_by=actor,
        written_at=at,
        **said,
    )
    content = {"row": row.pk, "place": place, "contact": personal(row.key, said)}
    told(actor=actor, factory=found, what="contact", action="factory.contact.set", content=content, at=at)
    return row


@transaction.atomic
def contact_erase(*, actor: str, contact: Contact, at: datetime) -> Contact:
    """Take a contact away for good: her data leave the register, and what the ledger says of her is unreadable.

    Cannot be undone. Repeatable: an erased one stays erased.
    """
    stored = Contact.objects.select_for_update().select_related("factory").get(pk=contact.pk)
    _blank(stored, actor, at)
    content = {"row": stored.pk, "place": stored.place}
    told(actor=actor, factory=stored.factory, what="contact", action="factory.contact.erased", content=content, at=at)
    return stored


def _blank(contact: Contact, actor: str, at: datetime) -> None:
    contact.name = contact.job_title = contact.phone = contact.email = contact.person = ""
    if contact.withdrawn_at is None:
        contact.withdrawn_by, contact.withdrawn_at = actor, at
    contact.save()
    person_forget(person_id=contact.key, actor=actor, at=at)


def contacts_standing(factory: Factory) -> Any:
    """The contacts that a factory names now."""
    return Contact.objects.filter(factory=factory, withdrawn_at__isnull=True).order_by("place")


def contacts_of_person(person_id: str) -> Any:
    """The contacts that are this person: by her account, or by its address."""
    from django.db.models import Q

    person = Person.objects.filter(public_id=person_id).first()
    found = Q(person=person_id)
    if person is not None and person.email:
        found |= Q(email=person.email)
    return Contact.objects.filter(found).select_related("factory").order_by("pk")


def contacts_export(person_id: str) -> list[dict[str, str]]:
    """What the register keeps of a person, for herself."""
    return [
        {"factory": one.factory.name, "since": one.written_at.isoformat(), **{key: getattr(one, key) for key in FIELDS}}
        for one in contacts_of_person(person_id)
    ]


def contacts_person_erase(person_id: str, at: datetime) -> None:
    """Erase a person where factories name her. Repeatable. In the caller's transaction."""
    for one in contacts_of_person(person_id):
        contact_erase(actor="platform", contact=one, at=at)
