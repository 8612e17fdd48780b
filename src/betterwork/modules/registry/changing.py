"""Writing what holds of a factory from a day on, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.modules.registry.models import Factory, FactoryName
from betterwork.modules.registry.organisations_of import organisation_checked
from betterwork.modules.registry.rules import (
    day_problem,
    held_on,
    isic_problem,
    name_says_obsolete,
    year_problem,
)
from betterwork.modules.registry.steps import (
    Exporting,
    Grouping,
    Office,
    Ownership,
    Registration,
    Site,
    Standing,
    Step,
)
from betterwork.modules.registry.writing import (
    factory_locked,
    reason_short,
    reason_wanted,
    refuse,
    text_checked,
    told,
)

STEPS: dict[str, type[Step]] = {
    "name": FactoryName,
    "site": Site,
    "office": Office,
    "ownership": Ownership,
    "group": Grouping,
    "standing": Standing,
    "exporting": Exporting,
    "registration": Registration,
}
"""What holds from a day on, by the word under which forms, imports and entries speak of it."""
NEEDS_REASON = ("name", "standing", "ownership", "group")
_CHOICES = {"standing": (Standing.OPEN, Standing.CLOSED), "exporting": ("exports", "does-not", "exempt")}
MOST_BUYERS = 3


@transaction.atomic
def factory_set(
    *,
    actor: str,
    factory: Factory,
    what: str,
    values: Mapping[str, Any],
    since: date | None,
    reason: str = "",
    at: datetime,
) -> Step:
    """Write that from the day ``since`` something else holds of a factory: ``what`` is a word of ``STEPS``.

    Raises WrongUse with the reason in words: for a record merged away, a day to come, values that cannot be right,
    for nothing new, and without a reason where a change of identity needs one.
    """
    found = factory_locked(factory)
    refuse(day_problem(since, at.date()))
    if since is None and what == "standing":
        raise WrongUse(_("Say from which day."))
    said = values_checked(what, values, at.date())
    reason = reason_wanted(reason) if what in NEEDS_REASON else reason_short(reason)
    steps = list(steps_standing(found, what))
    if what == "name" and not steps:  # stored before names had steps
        steps = [FactoryName.objects.create(factory=found, name=found.name, written_by=actor, written_at=at)]
    held = held_on(steps, since or date.min)
    if held is not None and held.said() == said:
        raise WrongUse(_("That is how it stands already on this day: nothing to change."))
    step = STEPS[what](factory=found, since=since, reason=reason, written_by=actor, written_at=at, **said)
    step.save(force_insert=True)
    if what == "name":
        name_settle(found, [*steps, step], at)
    told(
        actor=actor,
        factory=found,
        what=what,
        action=f"factory.{what}.set",
        content={"row": step.pk, "since": since, **_shown(what, said)},
        reason=reason,
        at=at,
    )
    return step


def factory_rename(*, actor: str, factory: Factory, name: str, since: date, reason: str, at: datetime) -> Step:
    """Call a factory otherwise from a day on; its history keeps the old name. See :func:`factory_set`."""
    return factory_set(
        actor=actor, factory=factory, what="name", values={"name": name}, since=since, reason=reason, at=at
    )


def factory_close(*, actor: str, factory: Factory, since: date, reason: str, at: datetime) -> Step:
    """Write that a factory is closed from a day on; it stays in the register. See :func:`factory_set`."""
    return _stands(actor, factory, Standing.CLOSED, since, reason, at)


def factory_reopen(*, actor: str, factory: Factory, since: date, reason: str, at: datetime) -> Step:
    """Write that a closed factory works again from a day on. See :func:`factory_set`."""
    return _stands(actor, factory, Standing.OPEN, since, reason, at)


def _stands(actor: str, factory: Factory, state: str, since: date, reason: str, at: datetime) -> Step:
    held = held_on(steps_standing(factory, "standing"), since)
    if state == Standing.OPEN and held is None:
        raise WrongUse(_("It was never closed."))
    return factory_set(
        actor=actor, factory=factory, what="standing", values={"state": state}, since=since, reason=reason, at=at
    )


@transaction.atomic
def step_withdraw(*, actor: str, step: Step, reason: str, at: datetime) -> Step:
    """Take a step back, because it was wrong: what held before it holds again, and the row stays, marked.

    Raises WrongUse for one that was taken back already, and for the only name of a factory.
    """
    what = word_of(step)
    found = factory_locked(step.factory)
    reason = reason_wanted(reason)
    stored = type(step)._base_manager.select_for_update().get(pk=step.pk)
    if stored.withdrawn_at is not None:
        raise WrongUse(_("This was taken back already."))
    others = [one for one in steps_standing(found, what) if one.pk != stored.pk]
    if what == "name" and not others:
        raise WrongUse(_("This is the only name the factory has. Write the right one instead."))
    stored.withdrawn_by, stored.withdrawn_at = actor, at
    stored.save(update_fields=["withdrawn_by", "withdrawn_at"])
    if what == "name":
        name_settle(found, others, at)
    content = {"row": stored.pk, "since": stored.since, **_shown(what, stored.said())}
    told(
        actor=actor, factory=found, what=what, action=f"factory.{what}.withdrawn", content=content, reason=reason, at=at
    )
    return stored


def steps_standing(factory: Factory, what: str) -> Any:
    """The steps of one kind that were not taken back."""
    return STEPS[what]._base_manager.filter(factory=factory, withdrawn_at__isnull=True)


def word_of(step: Step) -> str:
    """The word of ``STEPS`` for a step."""
    return next(word for word, model in STEPS.items() if type(step) is model)


def name_settle(factory: Factory, steps: list[Any], at: datetime) -> None:
    """Let the factory be called as the steps say for today; once marked obsolete it stays so."""
    held = held_on(steps, at.date())
    if held is None:
        return
    factory.name, factory.obsolete = held.name, factory.obsolete or name_says_obsolete(held.name)
    factory.save(update_fields=["name", "obsolete"])


def values_checked(what: str, values: Mapping[str, Any], today: date) -> dict[str, Any]:
    """What a step says, cleaned, so that ``said()`` compares equal. Raises WrongUse for what cannot be right."""
    if what not in STEPS:
        raise WrongUse(_("Nothing of a factory is called %(what)s.") % {"what": what})
    unknown = set(values) - set(STEPS[what].OWN)
    if unknown:
        raise WrongUse(_("%(what)s has nothing called %(name)s.") % {"what": what, "name": sorted(unknown)[0]})
    if what == "registration":
        return _registration_checked(values, today)
    found = {name: _field_checked(STEPS[what], name, values.get(name)) for name in STEPS[what].OWN}
    if what in ("ownership", "group"):
        found["organisation"] = organisation_checked(found["organisation"])
    _whole_checked(what, found)
    return found


def _whole_checked(what: str, found: Mapping[str, Any]) -> None:
    if what == "name" and not found["name"]:
        raise WrongUse(_("A factory has a name."))
    if what == "ownership" and not (found["organisation"] or found["legal_name"]):
        raise WrongUse(_("Say who owns it: an organisation of the register, or a legal name."))
    if what == "exporting" and not found["source"]:
        raise WrongUse(_("Say where this is written: the list of the ministry, the customs, the factory itself."))
    if what in _CHOICES and found["state"] not in _CHOICES[what]:
        raise WrongUse(_("Choose one of: %(words)s.") % {"words": ", ".join(_CHOICES[what])})
    if what in ("site", "office") and not any(found.values()):
        raise WrongUse(_("An address has at least a town."))


def _field_checked(model: type[Step], name: str, value: Any) -> Any:
    if name in ("latitude", "longitude"):
        return _degrees(value, 90 if name == "latitude" else 180)
    field: Any = model._meta.get_field(name)
    return text_checked(value, field.max_length or 0, what=str(field.verbose_name).capitalize())


def _degrees(value: Any, most: int) -> Decimal | None:
    if value in (None, ""):
        return None
    try:
        found = Decimal(str(value)).quantize(Decimal("0.00001"))
    except InvalidOperation as error:
        raise WrongUse(_("Degrees are a number like 10.82302.")) from error
    if not -most <= found <= most:
        raise WrongUse(_("Degrees lie between -%(most)s and %(most)s.") % {"most": most})
    return found


def _registration_checked(values: Mapping[str, Any], today: date) -> dict[str, Any]:
    section = text_checked(values.get("isic_section"), 40, what=_("Section")).upper()
    division = text_checked(values.get("isic_division"), 40, what=_("Division"))
    refuse(isic_problem(section, division))
    began, signed = values.get("began_year") or None, values.get("terms_signed_on") or None
    refuse(year_problem(began, today) or day_problem(signed, today))
    return {
        "terms_signed_on": signed,
        "isic_section": section,
        "isic_division": division,
        "began_year": began,
        "product_1": text_checked(values.get("product_1"), 200),
        "product_2": text_checked(values.get("product_2"), 200),
        "buyers": _buyers_checked(values.get("buyers") or [], today),
    }


def _buyers_checked(buyers: list[Mapping[str, Any]], today: date) -> list[dict[str, Any]]:
    if len(buyers) > MOST_BUYERS:
        raise WrongUse(_("Three main buyers at most, the largest first."))
    found = []
    for one in buyers:
        name = text_checked(one.get("name"), 200)
        organisation, year = organisation_checked(str(one.get("organisation") or "")), one.get("since_year") or None
        refuse(year_problem(year, today))
        if name or organisation:
            found.append({"name": name, "organisation": organisation, "since_year": year})
        elif year:
            raise WrongUse(_("A buyer has a name, not only a year."))
    return found


def _shown(what: str, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the entry says in the open: an owner may be a person, so of her only that there is one."""
    if what == "ownership":
        return {"organisation": said["organisation"], "legal_name": bool(said["legal_name"])}
    return dict(said)
