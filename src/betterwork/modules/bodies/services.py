"""Founding and closing committees, their rules, who sits in them and who chairs.

Meetings stand in ``meeting``, matters and decisions in ``deciding``, agreements and comments in ``recording``.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.scopes import scope_check
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.people.models import Person
from betterwork.modules.bodies.deciding import NotDecided as NotDecided
from betterwork.modules.bodies.deciding import decision_require as decision_require
from betterwork.modules.bodies.deciding import decision_take as decision_take
from betterwork.modules.bodies.deciding import matter_bring as matter_bring
from betterwork.modules.bodies.deciding import matter_withdraw as matter_withdraw
from betterwork.modules.bodies.kinds import COUNTRY_LEVEL, FACTORY_LEVEL, kind_called
from betterwork.modules.bodies.models import (
    ELECTED,
    NAMED,
    NAMED_BY_UNION,
    WAITS,
    Attendance,
    Body,
    BodyRule,
    Chair,
    Decision,
    Member,
    new_id,
)
from betterwork.modules.bodies.queries import rules_on, seat_of, seats_of
from betterwork.modules.bodies.rules import Composition, Seat, composition_content, composition_refusal
from betterwork.modules.bodies.terms import chair_refusal, seat_refusal, term_end
from betterwork.modules.countries.queries import country_of_code

DAY = timedelta(days=1)


def _day(value: date | None) -> str | None:
    return value.isoformat() if value else None


def _body_state(body: Body) -> dict[str, Any]:
    kept = {name: getattr(body, name) for name in ("kind", "country", "factory", "name", "workers_chosen")}
    return {**kept, "start": _day(body.start), "end": _day(body.end)}


@audited("body.founded", subject=lambda one: f"committee {one.id}", state=_body_state)
def body_found(
    *,
    actor: str,
    kind: str,
    name: str,
    start: date,
    at: datetime,
    country: str = "",
    factory: str = "",
    workers_chosen: str = "",
) -> Body:
    """Set up a committee from a day on. ``factory`` is the scope of the factory that a factory committee belongs to.

    Raises :class:`WrongUse` for a country or factory that is none, a missing name, and a second committee where the
    kind allows one only.
    """
    known = kind_called(kind)
    if known.level == FACTORY_LEVEL:
        if not factory.startswith("factory:"):
            raise WrongUse(_("A factory committee belongs to a factory: say which."))
        scope_check(factory)
        country = factory.removeprefix("factory:").partition("/")[0]
        if workers_chosen not in (ELECTED, NAMED_BY_UNION):
            raise WrongUse(_("Say whether the workers' members are named by their union or elected."))
    else:
        factory = workers_chosen = ""
    country = country if known.level in (COUNTRY_LEVEL, FACTORY_LEVEL) else ""
    if known.level == COUNTRY_LEVEL and not country:
        raise WrongUse(_("This kind of committee belongs to a country: say which."))
    if country:
        _country_check(country)
    if not name.strip():
        raise WrongUse(_("Give the committee a name."))
    same = Body.objects.select_for_update().filter(Q(end__isnull=True) | Q(end__gte=start), kind=kind)
    if known.one and (there := same.filter(country=country, factory=factory).first()):
        raise WrongUse(_("There is one already: %(name)s. Close it first.") % {"name": there.name})
    return Body.objects.create(
        id=f"{country.lower() or 'all'}-{new_id()}",
        kind=kind,
        country=country,
        factory=factory,
        name=" ".join(name.split())[:200],
        workers_chosen=workers_chosen,
        start=start,
        founded_by=actor,
        founded_at=at,
    )


@audited("body.closed", subject=lambda one: f"committee {one.id}", state=_body_state, of="body")
def body_close(*, actor: str, body: Body, end: date, at: datetime) -> Body:
    """Close a committee after a day. Raises :class:`WrongUse` while matters wait before it, and for a wrong day."""
    found = _locked(body)
    if found.end is not None or end < found.start:
        raise WrongUse(_("It is closed already, or the day is before its first."))
    if found.matters.filter(state=WAITS).exists():
        raise WrongUse(_("Matters wait before this committee: have them decided or withdrawn first."))
    if found.meetings.filter(day__gt=end).exclude(state="cancelled").exists():
        raise WrongUse(_("A meeting is called for a later day."))
    found.end = end
    found.save(update_fields=["end"])
    return found


def _rule_state(rule: BodyRule) -> dict[str, Any]:
    kept = {name: getattr(rule, name) for name in ("kind", "country", "rules", "source")}
    return {**kept, "start": _day(rule.start), "end": _day(rule.end)}


@audited("body.rules.set", subject=lambda one: f"committee-rules {one.id}", state=_rule_state)
def rules_set(
    *, actor: str, kind: str, country: str, rules: Composition, start: date, source: str, at: datetime
) -> BodyRule:
    """Say by which rules a country's committees of a kind sit and decide from a day on, and where that is written.

    The rules before end the day before. Raises :class:`WrongUse` for rules that nobody could follow, without a
    source, from a day on which decisions were taken by the rules before, or before rules that were set already.
    """
    kind_called(kind)
    _country_check(country)
    if why := composition_refusal(rules):
        raise WrongUse(why)
    if not source.strip():
        raise WrongUse(_("Say where these rules are written: the law, the agreement, the rules of procedure."))
    rows = BodyRule.objects.select_for_update().filter(kind=kind, country=country)
    if rows.filter(start__gte=start).exists():
        raise WrongUse(_("Rules from that day or a later one are there already."))
    if Decision.objects.filter(body__kind=kind, body__country=country, day__gte=start).exists():
        raise WrongUse(_("Decisions were taken on that day or later by the rules of then: choose a later day."))
    rows.filter(Q(end__isnull=True) | Q(end__gte=start)).update(end=start - DAY)
    return BodyRule.objects.create(
        kind=kind,
        country=country,
        start=start,
        rules=composition_content(rules),
        source=source.strip(),
        set_by=actor,
        set_at=at,
    )


def _member_state(member: Member) -> dict[str, Any]:
    kept = {name: getattr(member, name) for name in ("person", "organisation", "side", "chosen")}
    return {
        **kept,
        "body": member.body_id,
        "alternate_for": member.alternate_for_id or "",
        "start": _day(member.start),
        "end": _day(member.end),
        "nominator": personal(member.person, member.nominator) if member.nominator else "",
        "sex": personal(member.person, member.sex) if member.sex else "",
        "end_reason": personal(member.person, member.end_reason) if member.end_reason else "",
    }


@audited("body.member.seated", subject=lambda one: f"committee-member {one.id}", state=_member_state)
def member_seat(
    *,
    actor: str,
    body: Body,
    person: str,
    side: str,
    start: date,
    at: datetime,
    end: date | None = None,
    organisation: str = "",
    nominator: str = "",
    chosen: str = NAMED,
    alternate_for: Member | None = None,
    sex: str = "",
) -> Member:
    """Seat a person (by her opaque id) for a side, from a day until a day, perhaps as an alternate.

    Without a last day a term is as long as the rules of its first day say; an alternate's ends with the member's.
    Raises :class:`WrongUse` with the reason in words; see ``terms.seat_refusal``.
    """
    found = _locked(body)
    if not Person.objects.filter(public_id=person, state__in=(Person.INVITED, Person.ACTIVE)).exists():
        raise WrongUse(_("Nobody has this account. Invite the person first."))
    if chosen not in (NAMED, ELECTED, NAMED_BY_UNION) or sex not in ("", "f", "m"):
        raise WrongUse(_("Say whether she was named, named by a union or elected; and of her sex f, m or nothing."))
    _organisation_check(organisation)
    if start < found.start or (found.end is not None and found.end < start):
        raise WrongUse(_("The committee does not sit on that day."))
    rules = rules_on(found, start).value
    last = end or (alternate_for.end if alternate_for else term_end(start, rules.term_months))
    seat = Seat("new", side, person, start, last, alternate_for.id if alternate_for else "")
    if why := seat_refusal(rules, seats_of(found), seat):
        raise WrongUse(why)
    of_side = rules.side(side)
    return Member.objects.create(
        body=found,
        person=person,
        organisation=organisation,
        side=side,
        nominator=(nominator.strip() or (of_side.nominator if of_side else ""))[:200],
        chosen=chosen,
        alternate_for=alternate_for,
        sex=sex,
        start=start,
        end=last,
        seated_by=actor,
        seated_at=at,
    )


@audited("body.member.ended", subject=lambda one: f"committee-member {one.id}", state=_member_state, of="member")
def member_end(*, actor: str, member: Member, end: date, reason: str, at: datetime) -> Member:
    """End a term after a day, and with it her chair and her alternates. Raises :class:`WrongUse` for a wrong day."""
    _locked(member.body)
    found = Member.objects.select_for_update().get(pk=member.pk)
    if end < found.start or (found.end is not None and found.end <= end):
        raise WrongUse(_("A term ends after its first day and before the end it has already."))
    if Attendance.objects.filter(member=found, meeting__day__gt=end).exists():
        raise WrongUse(_("She was present at a meeting on a later day."))
    for row in found.alternates.filter(Q(end__isnull=True) | Q(end__gt=end)):
        member_end(actor=actor, member=row, end=max(end, row.start), reason=reason, at=at)
    for chair in found.chairs.filter(Q(end__isnull=True) | Q(end__gt=end)):
        chair_end(actor=actor, chair=chair, end=max(end, chair.start), at=at)
    found.end, found.end_reason = end, reason.strip()[:500]
    found.save(update_fields=["end", "end_reason"])
    return found


def _chair_state(chair: Chair) -> dict[str, Any]:
    return {"body": chair.body_id, "member": chair.member_id, "start": _day(chair.start), "end": _day(chair.end)}


@audited("body.chair.named", subject=lambda one: f"committee-chair {one.id}", state=_chair_state)
def chair_name(*, actor: str, body: Body, member: Member, start: date, at: datetime, end: date | None = None) -> Chair:
    """Name the chair from a day on, until her term ends unless told otherwise; who chaired before chairs no longer.

    Raises :class:`WrongUse` for one who is not of the side that chairs, is not in office, or is an alternate.
    """
    found = _locked(body)
    if member.body_id != found.id:
        raise WrongUse(_("The chair must be a member of this committee."))
    for before in found.chairs.filter(Q(end__isnull=True) | Q(end__gte=start), start__lt=start):
        chair_end(actor=actor, chair=before, end=start - DAY, at=at)
    last = end or member.end
    others = list(found.chairs.values_list("start", "end"))
    if why := chair_refusal(rules_on(found, start).value, seat_of(member), others, start, last):
        raise WrongUse(why)
    return Chair.objects.create(body=found, member=member, start=start, end=last, seated_by=actor, seated_at=at)


@audited("body.chair.ended", subject=lambda one: f"committee-chair {one.id}", state=_chair_state, of="chair")
def chair_end(*, actor: str, chair: Chair, end: date, at: datetime) -> Chair:
    """End somebody's chair after a day. Raises :class:`WrongUse` for a day before its first or after its last."""
    found = Chair.objects.select_for_update().get(pk=chair.pk)
    if end < found.start or (found.end is not None and found.end < end):
        raise WrongUse(_("The day is before the first, or after the last."))
    found.end = end
    found.save(update_fields=["end"])
    return found


def _locked(body: Body) -> Body:
    """The committee as stored, locked: who sits, meets and decides is written by one at a time."""
    return Body.objects.select_for_update().get(pk=body.pk)


def _country_check(code: str) -> None:
    try:
        country_of_code(code)
    except KeyError as error:
        raise WrongUse(_("There is no country programme called %(code)s.") % {"code": code}) from error


def _organisation_check(key: str) -> None:
    if key:
        scope_check(f"organisation:{key}")
