"""Saying who is named for the concerns of a country, and ending it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.people.models import Person
from betterwork.modules.alerts.models import NamedPerson
from betterwork.modules.alerts.queries import candidates
from betterwork.modules.alerts.telling import named_tell
from betterwork.modules.countries.queries import countries_known


def _subject(naming: NamedPerson) -> str:
    return f"concern-naming {naming.id}"


def _state(naming: NamedPerson) -> dict[str, Any]:
    return {
        "country": naming.country,
        "person": naming.person,
        "first": naming.first.isoformat(),
        "last": naming.last.isoformat() if naming.last else "",
        "confirmed": naming.confirmed_at is not None,
        "ended": naming.ended_at is not None,
    }


@audited("alerts.named.entered", subject=_subject, state=_state)
def named_enter(
    *, actor: str, country: str, person: str, first: date, at: datetime, last: date | None = None
) -> NamedPerson:
    """Name somebody for the concerns of a country, from a day on. She is told, and hears of concerns from that day.

    Raises :class:`WrongUse` for who does not work there, and for days on which she is named already.
    """
    if country not in {one.code for one in countries_known()}:
        raise WrongUse(_("There is no country programme called %(country)s.") % {"country": country})
    Person.objects.select_for_update().filter(public_id=person).first()
    if person not in candidates(country, at):
        raise WrongUse(_("Only who works in this country or for the whole programme can be named."))
    if last is not None and last < first:
        raise WrongUse(_("The last day lies before the first."))
    others = NamedPerson.objects.filter(country=country, person=person, ended_at__isnull=True)
    if any((last is None or one.first <= last) and (one.last is None or first <= one.last) for one in others):
        raise WrongUse(_("She is named already on some of these days."))
    naming = NamedPerson.objects.create(
        country=country,
        person=person,
        first=first,
        last=last,
        entered_by=actor,
        entered_at=at,
        confirmed_at=at if actor == person else None,
    )
    named_tell(naming, at)
    return naming


@audited("alerts.named.confirmed", subject=_subject, state=_state, of="naming")
def named_confirm(*, actor: str, naming: NamedPerson, at: datetime) -> NamedPerson:
    """Say that one knows that one is named. Done again, it changes nothing. Raises :class:`WrongUse`."""
    naming = NamedPerson.objects.select_for_update().get(pk=naming.pk)
    if naming.person != actor:
        raise WrongUse(_("Only she who is named says that she knows."))
    naming.confirmed_at = naming.confirmed_at or at
    naming.save(update_fields=["confirmed_at"])
    return naming


@audited("alerts.named.ended", subject=_subject, state=_state, of="naming")
def named_end(*, actor: str, naming: NamedPerson, at: datetime, last_day: date | None = None) -> NamedPerson:
    """End a naming with a day that is still whole, or without one at this moment. Raises :class:`WrongUse`."""
    naming = NamedPerson.objects.select_for_update().get(pk=naming.pk)
    if naming.ended_at is not None or (naming.last is not None and naming.last < at.date()):
        raise WrongUse(_("It has ended already."))
    if last_day is None:
        naming.ended_at, naming.ended_by = at, actor
    elif last_day < max(naming.first, at.date()):
        raise WrongUse(_("This day is over, or lies before the first: leave the day empty to end it now."))
    else:
        naming.last, naming.ended_by = last_day, actor
    naming.save()
    return naming
