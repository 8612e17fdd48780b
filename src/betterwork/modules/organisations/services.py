"""Writing organisations: entering, renaming, changing, closing, and which lies in which."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.errors import WrongUse
from betterwork.foundation.events.services import NewEvent, event_publish, events_publish
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.countries.queries import country_of_code
from betterwork.modules.countries.services import book_forget
from betterwork.modules.organisations.events import CHANGED, OrganisationChanged
from betterwork.modules.organisations.importing import Judged, organisations_judged
from betterwork.modules.organisations.models import Membership, Organisation, OrganisationName, new_id
from betterwork.modules.organisations.queries import memberships_all, names_of, same_named
from betterwork.modules.organisations.rules import (
    Lies,
    key_refusal,
    lies_refusal,
    name_cleaned,
    name_on,
    name_refusal,
    place_refusal,
)

LONGEST_SOURCE = 1000
IMPORTED = "organisations.imported"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _state(one: Organisation) -> dict[str, Any]:
    return {
        "name": one.name,
        "kind": one.kind,
        "level": one.level,
        "country": one.country,
        "mail": one.mail,
        "last": _iso(one.last),
    }


def _subject(one: Organisation) -> str:
    return f"organisation {one.key}"


def _name_state(one: OrganisationName) -> dict[str, Any]:
    return {"name": one.name, "first": _iso(one.first)}


def _membership_state(one: Membership) -> dict[str, Any]:
    return {
        "member": one.member_id,
        "group": one.group_id,
        "first": _iso(one.first),
        "last": _iso(one.last),
        "source": personal(one.entered_by, one.source) if one.source else "",
    }


def _refuse(why_not: str) -> None:
    if why_not:
        raise WrongUse(why_not)


def _place_check(kind: str, level: str, country: str) -> None:
    _refuse(place_refusal(kind, level, country))
    if country:
        try:
            country_of_code(country)
        except KeyError as error:
            raise WrongUse(_("There is no programme of %(country)s.") % {"country": country}) from error


def _same_refuse(kind: str, country: str, name: str, *, but: str = "") -> None:
    same = same_named(kind, country, name).exclude(pk=but).first()
    if same is not None:
        words = _("There is one of this kind and country that is or was called so: %(name)s.")
        raise WrongUse(words % {"name": same.name})


def _touched(one: Organisation, at: datetime) -> None:
    """Whoever looked before sees that something changed; higher rooms are told."""
    one.changed_at = at
    book_forget()
    event_publish(name=CHANGED, content=OrganisationChanged(one.key), at=at)


def _locked(organisation: Organisation, seen: datetime | None = None) -> Organisation:
    found = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if seen is not None and seen != found.changed_at:
        raise WrongUse(_("Somebody changed this organisation meanwhile: look at it, then decide again."))
    return found


@audited("organisation.added", subject=_subject, state=_state)
def organisation_add(
    *,
    actor: str,
    kind: str,
    level: str,
    name: str,
    at: datetime,
    country: str = "",
    mail: str = "",
    first: date | None = None,
    key: str = "",
) -> Organisation:
    """Enter an organisation, called so from ``first`` on (None: for as long as is known).

    ``key`` is what it will be known by for good, made up where none is given. Raises :class:`WrongUse` for a kind,
    level and country that do not go together, a name that does not do, one of this kind and country that is or was
    called so, and a key that is taken.
    """
    _place_check(kind, level, country)
    _refuse(name_refusal(name, first, at.date()))
    _same_refuse(kind, country, name)
    if key:
        _refuse(key_refusal(key))
        if Organisation.objects.filter(key=key).exists():
            raise WrongUse(_("The key %(key)s is taken.") % {"key": key})
    made = Organisation(
        key=key or new_id(),
        name=name_cleaned(name),
        kind=kind,
        level=level,
        country=country,
        mail=mail.strip(),
        entered_by=actor,
        entered_at=at,
        changed_at=at,
    )
    made.save(force_insert=True)
    OrganisationName.objects.create(organisation=made, name=made.name, first=first, entered_by=actor, entered_at=at)
    _touched(made, at)
    return made


@audited("organisation.changed", subject=_subject, state=_state, of="organisation")
def organisation_change(
    *,
    actor: str,
    organisation: Organisation,
    kind: str,
    level: str,
    country: str,
    mail: str,
    at: datetime,
    last: date | None = None,
    seen: datetime | None = None,
) -> Organisation:
    """Change what an organisation is; ``last`` is the last day on which there was it, None while there is.

    ``seen`` is the ``changed_at`` that the writer saw. Raises :class:`WrongUse` where it changed since, where kind,
    level and country do not go together, and where another of that kind and country has the name.
    """
    found = _locked(organisation, seen)
    _place_check(kind, level, country)
    _same_refuse(kind, country, found.name, but=found.key)
    found.kind, found.level, found.country = kind, level, country
    found.mail, found.last = mail.strip(), last
    _touched(found, at)
    found.save()
    return found


@audited("organisation.renamed", subject=lambda one: f"organisation {one.organisation_id}", state=_name_state)
def organisation_rename(
    *, actor: str, organisation: Organisation, name: str, at: datetime, first: date | None = None
) -> OrganisationName:
    """Enter how an organisation is called from a day on; a name from the same day is corrected, and stays to be seen.

    Raises :class:`WrongUse` for a day ahead, a name that does not do, one that it has from that day on already, and one
    of the same kind and country that is or was called so.
    """
    found = _locked(organisation)
    _refuse(name_refusal(name, first, at.date()))
    cleaned = name_cleaned(name)
    _same_refuse(found.kind, found.country, cleaned, but=found.key)
    standing = OrganisationName.objects.filter(organisation=found, first=first, corrected_at__isnull=True)
    if standing.filter(name=cleaned).exists():
        raise WrongUse(_("It is called so from that day on already."))
    standing.update(corrected_at=at)
    made = OrganisationName.objects.create(
        organisation=found, name=cleaned, first=first, entered_by=actor, entered_at=at
    )
    found.name = name_on(names_of(found.key), at.date())
    _touched(found, at)
    found.save(update_fields=["name", "changed_at"])
    return made


@transaction.atomic
def organisations_import(
    *, actor: str, text: str, at: datetime, within: Collection[str] | None = None, dry_run: bool = False
) -> Judged:
    """Enter the organisations of a CSV file (see ``importing.COLUMNS``); return what became of each row.

    A refused row is refused alone, with its reason. ``within`` are the countries for which the actor may enter (None:
    any, and the world). With ``dry_run`` nothing is written. One entry of the ledger for all of it. Raises
    :class:`WrongUse` for a file that is none or is too long.
    """
    judged = organisations_judged(text, today=at.date(), within=within)
    fresh = [one for one in judged.rows if one.taken]
    if dry_run or not fresh:
        return judged
    rows = [
        Organisation(
            key=one.key,
            name=one.name,
            kind=one.kind,
            level=one.level,
            country=one.country,
            mail=one.mail,
            entered_by=actor,
            entered_at=at,
            changed_at=at,
        )
        for one in fresh
    ]
    Organisation.objects.bulk_create(rows, batch_size=500)
    OrganisationName.objects.bulk_create(
        (OrganisationName(organisation=one, name=one.name, entered_by=actor, entered_at=at) for one in rows),
        batch_size=500,
    )
    Membership.objects.bulk_create(
        Membership(member_id=one.key, group_id=one.group, entered_by=actor, entered_at=at) for one in fresh if one.group
    )
    content = {"added": len(rows), "digest": digest(canonical_bytes([_state(one) | {"key": one.key} for one in rows]))}
    entry_append(kind=AUDIT, action=IMPORTED, actor=actor, subject=f"organisations {len(rows)}", content=content, at=at)
    book_forget()
    events_publish(new=[NewEvent(CHANGED, OrganisationChanged(one.key), at) for one in rows])
    return judged


@audited("organisation.joined", subject=lambda one: f"organisation {one.member_id}", state=_membership_state)
def membership_enter(
    *,
    actor: str,
    member: Organisation,
    group: Organisation,
    at: datetime,
    first: date | None = None,
    last: date | None = None,
    source: str = "",
) -> Membership:
    """Enter that an organisation lies in another on these days (None: for as long as is known; from then on).

    Raises :class:`WrongUse` where it does already on one of them, or would lie in itself through others.
    """
    # One after the other, whichever organisations it is about: two halves of a circle must see each other.
    Organisation.objects.select_for_update().order_by("pk").first()
    _refuse(lies_refusal(memberships_all(), Lies(member.key, group.key, first, last)))
    if len(source.strip()) > LONGEST_SOURCE:
        raise WrongUse(_("The source has at most %(most)s characters.") % {"most": LONGEST_SOURCE})
    made = Membership.objects.create(
        member=member,
        group=group,
        first=first,
        last=last,
        source=source.strip(),
        entered_by=actor,
        entered_at=at,
    )
    _touched(member, at)
    Organisation.objects.filter(pk=member.pk).update(changed_at=at)
    return made


@audited(
    "organisation.left", subject=lambda one: f"organisation {one.member_id}", state=_membership_state, of="membership"
)
def membership_end(*, actor: str, membership: Membership, last: date, at: datetime) -> Membership:
    """Enter the last day on which an organisation lies in another.

    Raises :class:`WrongUse` for a day before the first, and where it has ended already.
    """
    found = Membership.objects.select_for_update().get(pk=membership.pk)
    if found.last is not None:
        raise WrongUse(_("It has ended already."))
    if found.first is not None and last < found.first:
        raise WrongUse(_("It ends before it begins: mend one of the two days."))
    found.last, found.ended_by, found.ended_at = last, actor, at
    found.save(update_fields=["last", "ended_by", "ended_at"])
    member = found.member
    _touched(member, at)
    Organisation.objects.filter(pk=member.pk).update(changed_at=at)
    return found
