"""Entering, ending and withdrawing what is known of staff."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.people.models import Person
from betterwork.modules.staff.models import StaffFact
from betterwork.modules.staff.rules import Said, Span, end_refusal, fact_refusal


def _subject(fact: StaffFact) -> str:
    return f"staff-fact {fact.id}"


def _state(fact: StaffFact) -> dict[str, Any]:
    """What an entry keeps of a fact. All of it speaks of her: it stands under her key."""
    told = "|".join((fact.about, fact.level, str(fact.starts), str(fact.ends or ""), fact.note, fact.withdrawn_why))
    withdrawn = bool(fact.withdrawn_at)
    return {"person": fact.person, "kind": fact.kind, "withdrawn": withdrawn, "what": personal(fact.person, told)}


@audited("staff.fact.entered", subject=_subject, state=_state)
def fact_enter(
    *,
    actor: str,
    person: str,
    kind: str,
    starts: date,
    at: datetime,
    about: str = "",
    level: str = "",
    ends: date | None = None,
    note: str = "",
) -> StaffFact:
    """Enter a competence, language, leave or conflict of interest of a person (her opaque id).

    Raises :class:`WrongUse` with the reason; see ``rules.fact_refusal``.
    """
    if not Person.objects.select_for_update().filter(public_id=person, state=Person.ACTIVE).exists():
        raise WrongUse("this person has no account now")
    said = Said(person, kind, about, level, starts, ends, note.strip())
    standing = StaffFact.objects.filter(person=person, kind=kind, withdrawn_at__isnull=True)
    others = [Span(*one) for one in standing.values_list("about", "starts", "ends")]
    if why := fact_refusal(said, actor=actor, others=others):
        raise WrongUse(str(why))
    return StaffFact.objects.create(
        person=person,
        kind=kind,
        about=about,
        level=level,
        starts=starts,
        ends=ends,
        note=said.note,
        entered_by=actor,
        entered_at=at,
    )


@audited("staff.fact.ended", subject=_subject, state=_state, of="fact")
def fact_end(*, actor: str, fact: StaffFact, last_day: date, at: datetime) -> StaffFact:
    """Let a fact hold until a day, both ends inside. Raises :class:`WrongUse` where it may not be ended so."""
    _endable(actor, fact)
    if last_day < fact.starts:
        raise WrongUse("the last day lies before the first: withdraw the entry where it was a mistake")
    if fact.ends is not None and last_day > fact.ends:
        raise WrongUse("it ends earlier already: enter what holds afterwards as an entry of its own")
    fact.ends = last_day
    fact.save(update_fields=["ends"])
    return fact


@audited("staff.fact.withdrawn", subject=_subject, state=_state, of="fact")
def fact_withdraw(*, actor: str, fact: StaffFact, reason: str, at: datetime) -> StaffFact:
    """Take a mistaken fact back; it stays to be seen with the reason. Raises :class:`WrongUse`."""
    _endable(actor, fact)
    if not reason.strip():
        raise WrongUse("say why it was a mistake")
    fact.withdrawn_by, fact.withdrawn_at, fact.withdrawn_why = actor, at, reason.strip()
    fact.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_why"])
    return fact


def _endable(actor: str, fact: StaffFact) -> None:
    fact.refresh_from_db()
    if fact.withdrawn_at is not None:
        raise WrongUse("it was withdrawn already")
    if why := end_refusal(fact.kind, actor=actor, person=fact.person):
        raise WrongUse(str(why))
