"""Writing the register. What is larger stands beside: changing, counting, contacting, merging, batches, importing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.canonical import canonical_bytes_unchecked, digest
from betterwork.core.errors import WrongUse
from betterwork.foundation.events.services import NewEvent, event_publish, events_publish
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.countries.queries import country_of_code
from betterwork.modules.registry.batches import Cycle as Cycle
from betterwork.modules.registry.batches import Filling as Filling
from betterwork.modules.registry.batches import Headcount as Headcount
from betterwork.modules.registry.batches import factories_fill as factories_fill
from betterwork.modules.registry.batches import first_name
from betterwork.modules.registry.changing import factory_close as factory_close
from betterwork.modules.registry.changing import factory_rename as factory_rename
from betterwork.modules.registry.changing import factory_reopen as factory_reopen
from betterwork.modules.registry.changing import factory_set as factory_set
from betterwork.modules.registry.changing import step_withdraw as step_withdraw
from betterwork.modules.registry.contacting import contact_erase as contact_erase
from betterwork.modules.registry.contacting import contact_set as contact_set
from betterwork.modules.registry.counting import enrolment_end as enrolment_end
from betterwork.modules.registry.counting import enrolment_withdraw as enrolment_withdraw
from betterwork.modules.registry.counting import factory_enrol as factory_enrol
from betterwork.modules.registry.counting import outside_id_add as outside_id_add
from betterwork.modules.registry.counting import outside_id_withdraw as outside_id_withdraw
from betterwork.modules.registry.counting import sector_total_set as sector_total_set
from betterwork.modules.registry.counting import sector_total_withdraw as sector_total_withdraw
from betterwork.modules.registry.counting import workforce_set as workforce_set
from betterwork.modules.registry.counting import workforce_withdraw as workforce_withdraw
from betterwork.modules.registry.events import FactoryChanged, FactoryRegistered
from betterwork.modules.registry.importing import list_give as list_give
from betterwork.modules.registry.importing import list_take as list_take
from betterwork.modules.registry.merging import factory_merge as factory_merge
from betterwork.modules.registry.merging import factory_split as factory_split
from betterwork.modules.registry.merging import factory_unmerge as factory_unmerge
from betterwork.modules.registry.models import Factory, FactoryName
from betterwork.modules.registry.rules import day_problem, name_says_obsolete
from betterwork.modules.registry.writing import reason_short, refuse, subject_of, text_checked

FactoryKey = tuple[str, str]
"""(ISO country code, the factory's outside id)."""
ENSURED = "factories.ensured"
REGISTERED = "factory.registered"
LEARNT = "as an import of assessments called it"


@dataclass(frozen=True, slots=True)
class Answers:
    """The registration form (DOMAIN b 1): what is not given is left out and can follow later."""

    site: Mapping[str, Any] = field(default_factory=dict)
    office: Mapping[str, Any] = field(default_factory=dict)
    ownership: Mapping[str, Any] = field(default_factory=dict)
    registration: Mapping[str, Any] = field(default_factory=dict)
    contacts: Sequence[Mapping[str, str]] = ()
    headcount: Headcount | None = None


@transaction.atomic
def factory_register(
    *,
    actor: str,
    country: str,
    outside_id: str,
    name: str,
    since: date | None,
    answers: Answers | None = None,
    reason: str = "",
    at: datetime,
) -> Factory:
    """Register a factory with what its form says, from the day ``since``.

    Raises WrongUse for a country without a programme, a number that is taken, and whatever of the form cannot be
    right: then nothing is written.
    """
    try:
        country_of_code(country)
    except KeyError as error:
        raise WrongUse(_("No country programme has the code %(code)s.") % {"code": country}) from error
    outside_id, name = text_checked(outside_id, 64, what=_("Number")), text_checked(name, 500, what=_("Name"))
    if not outside_id or not name:
        raise WrongUse(_("A factory has a name, and a number in its country's programme."))
    refuse(day_problem(since, at.date()))
    taken = Factory.objects.filter(country=country, outside_id=outside_id).first()
    if taken is not None:
        raise WrongUse(_("This number is %(name)s already.") % {"name": taken.name})
    factory = Factory.objects.create(
        country=country, outside_id=outside_id, name=name, obsolete=name_says_obsolete(name)
    )
    first_name(factory, since, actor=actor, at=at, reason=reason_short(reason)).save(force_insert=True)
    content: dict[str, Any] = {"factory": factory.pk, "name": name, "since": since.isoformat() if since else None}
    if reason.strip():
        content["reason"] = personal(actor, reason.strip())
    entry_append(kind=AUDIT, action=REGISTERED, actor=actor, subject=subject_of(factory), content=content, at=at)
    event_publish(name=FactoryRegistered.NAME, content=FactoryRegistered(factory.pk), at=at)
    _answered(actor, factory, answers or Answers(), since, at)
    return factory


def _answered(actor: str, factory: Factory, answers: Answers, since: date | None, at: datetime) -> None:
    """What the form says beyond name and number, each as its own row."""
    for what in ("site", "office", "ownership", "registration"):
        values = getattr(answers, what)
        if any(values.values()):
            words = _("Registration form")
            factory_set(actor=actor, factory=factory, what=what, values=values, since=since, reason=words, at=at)
    for place, contact in enumerate(answers.contacts, start=1):
        if any(contact.values()):
            contact_set(actor=actor, factory=factory, place=place, at=at, **contact)
    count = answers.headcount
    if count is not None:
        workforce_set(
            actor=actor,
            factory=factory,
            on=count.on,
            women=count.women,
            men=count.men,
            not_said=count.not_said,
            by_contract=count.by_contract,
            source="registration",
            at=at,
        )


@transaction.atomic
def factories_ensure(*, actor: str, wanted: Mapping[FactoryKey, str], at: datetime) -> dict[FactoryKey, Factory]:
    """Return a factory for every key of ``wanted`` (key → name), adding the ones not yet known.

    A known factory takes the name given, its history keeps the old one, and once marked obsolete it stays so. Names
    and ids are stored as they come, in any script. One entry of the ledger says how many were added and changed, with
    a digest of how they stand now; none where nothing was.
    """
    known = _factories_known(wanted)
    fresh = [
        Factory(country=key[0], outside_id=key[1], name=name, obsolete=name_says_obsolete(name))
        for key, name in wanted.items()
        if key not in known
    ]
    Factory.objects.bulk_create(fresh, batch_size=1000)
    changed, old = [], {}
    for key, factory in known.items():
        obsolete = factory.obsolete or name_says_obsolete(wanted[key])
        if (factory.name, factory.obsolete) != (wanted[key], obsolete):
            if factory.name != wanted[key]:
                old[factory.pk] = factory.name
            factory.name, factory.obsolete = wanted[key], obsolete
            changed.append(factory)
    Factory.objects.bulk_update(changed, ["name", "obsolete"], batch_size=500)
    _names_kept(actor, fresh, changed, old, at)
    if fresh or changed:
        entry_append(
            kind=AUDIT,
            action=ENSURED,
            actor=actor,
            subject=f"factories {len(fresh) + len(changed)}",
            content={"added": len(fresh), "changed": len(changed), "digest": _digest([*fresh, *changed])},
            at=at,
            checked=True,
        )
        _announced(fresh, changed, at)
    return known | {(factory.country, factory.outside_id): factory for factory in fresh}


def _names_kept(
    actor: str, fresh: Sequence[Factory], changed: Sequence[Factory], old: Mapping[int, str], at: datetime
) -> None:
    """The names as steps: those of new factories from before the register knew them, new ones from today.

    A factory that was stored without one gets its old name as the first step.
    """
    renamed = [one for one in changed if one.pk in old]
    named = set(FactoryName.objects.filter(factory__in=renamed).values_list("factory", flat=True)) if renamed else set()
    steps = [first_name(one, None, actor=actor, at=at) for one in fresh]
    for one in renamed:
        if one.pk not in named:
            steps.append(FactoryName(factory=one, name=old[one.pk], written_by=actor, written_at=at))
        steps.append(first_name(one, at.date(), actor=actor, at=at, reason=LEARNT))
    FactoryName.objects.bulk_create(steps, batch_size=1000)


def _announced(fresh: Sequence[Factory], changed: Sequence[Factory], at: datetime) -> None:
    new = [NewEvent(FactoryRegistered.NAME, FactoryRegistered(one.pk), at) for one in fresh]
    events_publish(new=[*new, *(NewEvent(FactoryChanged.NAME, FactoryChanged(one.pk, "name"), at) for one in changed)])


def _digest(factories: Iterable[Factory]) -> str:
    rows = sorted([one.country, one.outside_id, one.name, one.obsolete] for one in factories)
    return digest(canonical_bytes_unchecked(rows))


def _factories_known(wanted: Mapping[FactoryKey, str]) -> dict[FactoryKey, Factory]:
    known: dict[FactoryKey, Factory] = {}
    by_country: dict[str, list[str]] = {}
    for country, outside_id in wanted:
        by_country.setdefault(country, []).append(outside_id)
    for country, ids in by_country.items():
        for start in range(0, len(ids), 500):
            found = Factory.objects.filter(country=country, outside_id__in=ids[start : start + 500])
            known |= {(factory.country, factory.outside_id): factory for factory in found}
    return known
