"""Writing headcounts, cycles and the totals of the sector."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.countries.queries import country_of_code
from betterwork.modules.registry.models import Enrolment, Factory, OutsideId, SectorTotal, Workforce
from betterwork.modules.registry.rules import cycle_problem, day_problem, headcount_problem
from betterwork.modules.registry.writing import (
    factory_locked,
    plain,
    reason_wanted,
    refuse,
    text_checked,
    told,
)

SOURCES = ("registration", "factory", "visit", "import")
LONGEST_AHEAD = timedelta(days=366)


@transaction.atomic
def workforce_set(
    *,
    actor: str,
    factory: Factory,
    on: date,
    women: int,
    men: int,
    not_said: int = 0,
    by_contract: Mapping[str, Sequence[int]] | None = None,
    source: str = "visit",
    at: datetime,
) -> Workforce:
    """Write the headcount of a day; one of the same day is taken back for it.

    Raises WrongUse for numbers that cannot be right or do not add up, for a day to come, and for nothing new.
    """
    found = factory_locked(factory)
    parts = {kind: list(counts) for kind, counts in (by_contract or {}).items() if any(counts)}
    refuse(day_problem(on, at.date()) or headcount_problem(women, men, not_said, parts))
    if source not in SOURCES:
        raise WrongUse(_("Choose one of: %(words)s.") % {"words": ", ".join(SOURCES)})
    standing = Workforce.objects.filter(factory=found, on=on, withdrawn_at__isnull=True).first()
    if standing is not None:
        if (standing.women, standing.men, standing.not_said, standing.by_contract) == (women, men, not_said, parts):
            raise WrongUse(_("That is how it stands already on this day: nothing to change."))
        standing.withdrawn_by, standing.withdrawn_at = actor, at
        standing.save(update_fields=["withdrawn_by", "withdrawn_at"])
    row = Workforce.objects.create(
        factory=found,
        on=on,
        women=women,
        men=men,
        not_said=not_said,
        workers=women + men + not_said,
        by_contract=parts,
        source=source,
        written_by=actor,
        written_at=at,
    )
    content = {"row": row.pk, "on": on, "women": women, "men": men, "not_said": not_said, "by_contract": parts}
    told(actor=actor, factory=found, what="workforce", action="factory.workforce.set", content=content, at=at)
    return row


@transaction.atomic
def workforce_withdraw(*, actor: str, workforce: Workforce, reason: str, at: datetime) -> Workforce:
    """Take a headcount back, because it was wrong. Raises WrongUse for one taken back already."""
    found = factory_locked(workforce.factory)
    stored: Workforce = _standing(Workforce, workforce)
    stored.withdrawn_by, stored.withdrawn_at = actor, at
    stored.save(update_fields=["withdrawn_by", "withdrawn_at"])
    told(
        actor=actor,
        factory=found,
        what="workforce",
        action="factory.workforce.withdrawn",
        content={"row": stored.pk, "on": stored.on},
        reason=reason_wanted(reason),
        at=at,
    )
    return stored


@transaction.atomic
def factory_enrol(*, actor: str, factory: Factory, starts: date, cycle: int | None = None, at: datetime) -> Enrolment:
    """Begin the next cycle of a factory on a day; a cycle that still runs ends on the day before.

    ``cycle`` is the number where it is not the next one: a factory that took part before the register knew it. Raises
    WrongUse for a number or day that does not follow the last cycle, and for a day more than a year ahead.
    """
    found = factory_locked(factory)
    if starts > at.date() + LONGEST_AHEAD:
        raise WrongUse(_("A cycle can be written down a year ahead at most."))
    last = _cycles(found).first()
    number = cycle if cycle is not None else (last.cycle + 1 if last else 1)
    before = (last.cycle, last.starts, last.ends) if last else None
    refuse(cycle_problem(cycle=number, starts=starts, before=before))
    if last is not None and last.ends is None:
        last.ends, last.ended_by, last.ended_at = starts - timedelta(days=1), actor, at
        last.end_reason = NEXT_CYCLE
        last.save(update_fields=["ends", "ended_by", "ended_at", "end_reason"])
    row = Enrolment.objects.create(factory=found, cycle=number, starts=starts, written_by=actor, written_at=at)
    content = {"row": row.pk, "cycle": number, "starts": starts}
    told(actor=actor, factory=found, what="enrolment", action="factory.enrolment.begun", content=content, at=at)
    return row


NEXT_CYCLE = "next cycle"
"""What stands as the reason where a cycle ended because the next began; pages put it into words."""


@transaction.atomic
def enrolment_end(*, actor: str, enrolment: Enrolment, ends: date, reason: str, at: datetime) -> Enrolment:
    """Let a factory's cycle end on a day, so that it takes part no longer than that.

    Raises WrongUse for one that ended already, for a day before its beginning, and without a reason.
    """
    found = factory_locked(enrolment.factory)
    stored: Enrolment = _standing(Enrolment, enrolment)
    if stored.ends is not None:
        raise WrongUse(_("This cycle has an end already."))
    if ends < stored.starts:
        raise WrongUse(_("It cannot end before it begins."))
    if ends > at.date() + LONGEST_AHEAD:
        raise WrongUse(_("An end can be written down a year ahead at most."))
    reason = reason_wanted(reason)
    stored.ends, stored.end_reason, stored.ended_by, stored.ended_at = ends, reason, actor, at
    stored.save(update_fields=["ends", "end_reason", "ended_by", "ended_at"])
    content = {"row": stored.pk, "cycle": stored.cycle, "ends": ends}
    told(
        actor=actor,
        factory=found,
        what="enrolment",
        action="factory.enrolment.ended",
        content=content,
        reason=reason,
        at=at,
    )
    return stored


@transaction.atomic
def enrolment_withdraw(*, actor: str, enrolment: Enrolment, reason: str, at: datetime) -> Enrolment:
    """Take the last cycle back; the one before it runs on where it had ended for this one.

    Raises WrongUse for one that is not the last, or was taken back already.
    """
    found = factory_locked(enrolment.factory)
    stored: Enrolment = _standing(Enrolment, enrolment)
    last, before = [*_cycles(found)[:2], None, None][:2]
    if last is None or last.pk != stored.pk:
        raise WrongUse(_("Only the last cycle can be taken back."))
    reason = reason_wanted(reason)
    stored.withdrawn_by, stored.withdrawn_at = actor, at
    stored.save(update_fields=["withdrawn_by", "withdrawn_at"])
    if before is not None and before.end_reason == NEXT_CYCLE:
        before.ends, before.end_reason, before.ended_by, before.ended_at = None, "", "", None
        before.save(update_fields=["ends", "end_reason", "ended_by", "ended_at"])
    told(
        actor=actor,
        factory=found,
        what="enrolment",
        action="factory.enrolment.withdrawn",
        content={"row": stored.pk, "cycle": stored.cycle},
        reason=reason,
        at=at,
    )
    return stored


@transaction.atomic
def outside_id_add(*, actor: str, factory: Factory, system: str, number: str, at: datetime) -> OutsideId:
    """Write down by which number another system knows a factory. Raises WrongUse where another factory has it."""
    found = factory_locked(factory)
    system, number = text_checked(system, 40).lower(), text_checked(number, 100)
    if not system or not number:
        raise WrongUse(_("Say which system, and its number."))
    taken = OutsideId.objects.filter(system=system, number=number, withdrawn_at__isnull=True).first()
    if taken is not None:
        mine = taken.factory_id == found.pk
        raise WrongUse(_("It has this number already.") if mine else _("Another factory has this number there."))
    row = OutsideId.objects.create(factory=found, system=system, number=number, written_by=actor, written_at=at)
    content = {"row": row.pk, "system": system, "number": number}
    told(actor=actor, factory=found, what="outside-id", action="factory.outside-id.added", content=content, at=at)
    return row


@transaction.atomic
def outside_id_withdraw(*, actor: str, outside_id: OutsideId, reason: str, at: datetime) -> OutsideId:
    """Take a number of another system back. Raises WrongUse for one taken back already."""
    found = factory_locked(outside_id.factory)
    stored: OutsideId = _standing(OutsideId, outside_id)
    stored.withdrawn_by, stored.withdrawn_at = actor, at
    stored.save(update_fields=["withdrawn_by", "withdrawn_at"])
    content = {"row": stored.pk, "system": stored.system, "number": stored.number}
    reason = reason_wanted(reason)
    action = "factory.outside-id.withdrawn"
    told(actor=actor, factory=found, what="outside-id", action=action, content=content, reason=reason, at=at)
    return stored


def _total_state(total: SectorTotal) -> dict[str, Any]:
    said = {name: getattr(total, name) for name in ("country", "on", "factories", "workers", "source")}
    return {**plain(said), "withdrawn": total.withdrawn_at is not None}


def _total_subject(total: SectorTotal) -> str:
    return f"sector-total {total.pk}"


@audited("sector.total.set", subject=_total_subject, state=_total_state)
def sector_total_set(
    *, actor: str, country: str, on: date, factories: int | None, workers: int | None, source: str, at: datetime
) -> SectorTotal:
    """Write how large the whole sector of a country is from a day on; one of the same day is taken back for it.

    Raises WrongUse without a number or without a source, for a country that has no programme, and for a day to come.
    """
    try:
        country_of_code(country)
    except KeyError as error:
        raise WrongUse(_("No country programme has the code %(code)s.") % {"code": country}) from error
    refuse(day_problem(on, at.date()))
    source = text_checked(source, 500)
    if not source:
        raise WrongUse(_("Say where this total is written."))
    if not factories and not workers:
        raise WrongUse(_("Give the factories of the sector, its workers, or both."))
    if (factories or 0) < 0 or (workers or 0) < 0:
        raise WrongUse(_("A total is not below nothing."))
    standing = SectorTotal.objects.filter(country=country, on=on, withdrawn_at__isnull=True)
    standing.select_for_update().update(withdrawn_by=actor, withdrawn_at=at)
    return SectorTotal.objects.create(
        country=country,
        on=on,
        factories=factories or None,
        workers=workers or None,
        source=source,
        written_by=actor,
        written_at=at,
    )


@audited("sector.total.withdrawn", subject=_total_subject, state=_total_state, of="total")
def sector_total_withdraw(*, actor: str, total: SectorTotal, at: datetime) -> SectorTotal:
    """Take a total of the sector back. Raises WrongUse for one taken back already."""
    stored = SectorTotal.objects.select_for_update().get(pk=total.pk)
    if stored.withdrawn_at is not None:
        raise WrongUse(_("This was taken back already."))
    stored.withdrawn_by, stored.withdrawn_at = actor, at
    stored.save(update_fields=["withdrawn_by", "withdrawn_at"])
    return stored


def _cycles(factory: Factory) -> Any:
    return Enrolment.objects.filter(factory=factory, withdrawn_at__isnull=True).order_by("-cycle")


def _standing(model: Any, row: Any) -> Any:
    stored = model.objects.select_for_update().get(pk=row.pk)
    if stored.withdrawn_at is not None:
        raise WrongUse(_("This was taken back already."))
    return stored
