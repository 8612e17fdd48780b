"""Writing country programmes: their life and their dated settings. Everything is added; nothing is overwritten."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connections, router
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.events.services import event_publish
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.modules.countries.book import book_forget as book_forget
from betterwork.modules.countries.declaring import declared
from betterwork.modules.countries.events import (
    EVERY_COUNTRY,
    SETTING_CHANGED,
    STATE_CHANGED,
    SettingChanged,
    StateChanged,
)
from betterwork.modules.countries.models import CountrySetting, Programme, ProgrammeState
from betterwork.modules.countries.queries import country_codes, life_of, setting_newest
from betterwork.modules.countries.rules import RUNNING, Lived, spelling_key, state_refusal
from betterwork.modules.countries.shipped import shipped_rows

LONGEST_SOURCE = 1000
ONLY_THE_YEAR = "only the year is known: its first day stands for it"


def programmes_ensure(*, using: str = "default") -> int:
    """Put in the shipped programmes that are not there yet, with the state they come with; return how many.

    Called after every migration, again and again. Writes no entry: what it puts in comes with the program, and names
    its source.
    """
    if not router.allow_migrate_model(using, Programme):
        return 0
    tables = set(connections[using].introspection.table_names())
    if not {Programme._meta.db_table, ProgrammeState._meta.db_table} <= tables:
        return 0  # migrated back to before there were any
    known = set(Programme.objects.using(using).values_list("code", flat=True))
    rows = [row for row in shipped_rows("countries.csv") if row["code"] not in known]
    Programme.objects.using(using).bulk_create(Programme(code=row["code"], name=row["name"]) for row in rows)
    ProgrammeState.objects.using(using).bulk_create(
        ProgrammeState(
            programme_id=row["code"],
            state=RUNNING,
            first=date(int(row["starts"]), 1, 1),
            source=f"{row['source']}; {ONLY_THE_YEAR}",
        )
        for row in rows
    )
    return len(rows)


def _source_cleaned(source: str) -> str:
    found = source.strip()
    if not found:
        raise WrongUse(_("Say where the rule is written: a decision, a law, a letter, with its date."))
    if len(found) > LONGEST_SOURCE:
        raise WrongUse(_("The source has at most %(most)s characters.") % {"most": LONGEST_SOURCE})
    return found


def _programme_state(one: Programme) -> dict[str, Any]:
    return {"code": one.code, "name": one.name}


@audited("country.programme.added", subject=lambda one: f"country-programme {one.code}", state=_programme_state)
def programme_add(*, actor: str, code: str, name: str, state: str, first: date, source: str, at: datetime) -> Programme:
    """Add the programme of a country with the state in which it begins.

    Raises :class:`WrongUse` for a code that is no country's, a country or a name that is there already, a state in
    which none begins, and without a source.
    """
    code, name = code.strip().upper(), name.strip()
    if code not in country_codes():
        raise WrongUse(_("%(code)s is no country: write its two letters of ISO 3166, such as VN.") % {"code": code})
    if not name or len(name) > 80:
        raise WrongUse(_("Write the country's name as the programme writes it, in at most 80 characters."))
    names = {spelling_key(one) for one in Programme.objects.values_list("name", flat=True)}
    if Programme.objects.filter(code=code).exists() or spelling_key(name) in names:
        raise WrongUse(_("There is a programme of %(country)s already.") % {"country": name})
    made = Programme(code=code, name=name, added_by=actor, added_at=at)
    made.save(force_insert=True)
    _state_put(actor=actor, programme=made, state=state, first=first, source=source, at=at)
    book_forget()
    return made


def _life_state(one: ProgrammeState) -> dict[str, Any]:
    return {
        "programme": one.programme_id,
        "state": one.state,
        "first": one.first.isoformat(),
        "source": personal(one.entered_by, one.source) if one.entered_by else one.source,
        "withdrawn": personal(one.withdrawn_by, one.withdrawn_reason) if one.withdrawn_by else "",
    }


def _life_subject(one: ProgrammeState) -> str:
    return f"country-programme {one.programme_id}"


@audited("country.state.entered", subject=_life_subject, state=_life_state)
def state_enter(
    *, actor: str, programme: Programme, state: str, first: date, source: str, at: datetime
) -> ProgrammeState:
    """Enter the next state of a programme's life, from a day on, with where that was decided.

    Raises :class:`WrongUse` where the state may not follow (``rules.MAY_FOLLOW``) or begins no later than the last.
    """
    return _state_put(actor=actor, programme=programme, state=state, first=first, source=source, at=at)


def _state_put(
    *, actor: str, programme: Programme, state: str, first: date, source: str, at: datetime
) -> ProgrammeState:
    source = _source_cleaned(source)
    locked = Programme.objects.select_for_update().get(pk=programme.pk)  # two who enter at once see each other
    why_not = state_refusal(life_of(locked), Lived(state, first))
    if why_not:
        raise WrongUse(why_not)
    made = ProgrammeState(programme=locked, state=state, first=first, source=source, entered_by=actor, entered_at=at)
    made.save(force_insert=True)
    event_publish(name=STATE_CHANGED, content=StateChanged(locked.code, state, first), at=at)
    return made


@audited("country.state.withdrawn", subject=_life_subject, state=_life_state, of="state")
def state_withdraw(*, actor: str, state: ProgrammeState, reason: str, at: datetime) -> ProgrammeState:
    """Withdraw the last state of a programme's life, entered by mistake, with the reason. It stays to be seen.

    Raises :class:`WrongUse` for one that is not the last, the only one there is, or without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise WrongUse(_("Say why it is withdrawn."))
    Programme.objects.select_for_update().get(pk=state.programme_id)
    standing = list(
        ProgrammeState.objects.filter(programme=state.programme_id, withdrawn_at__isnull=True).order_by("first")
    )
    if not standing or standing[-1].pk != state.pk:
        raise WrongUse(_("Only the last state can be withdrawn: withdraw those after it first."))
    if len(standing) == 1:
        raise WrongUse(_("It is the only state of this programme: enter the right one after it instead."))
    found = standing[-1]
    found.withdrawn_by, found.withdrawn_at, found.withdrawn_reason = actor, at, reason
    found.save(update_fields=["withdrawn_by", "withdrawn_at", "withdrawn_reason"])
    event_publish(name=STATE_CHANGED, content=StateChanged(found.programme_id, found.state, found.first), at=at)
    return found


def _setting_state(one: CountrySetting) -> dict[str, Any]:
    return {
        "country": one.programme_id or EVERY_COUNTRY,
        "name": one.name,
        "value": None if one.cleared else one.value,
        "first": one.first.isoformat(),
        "last": one.last.isoformat() if one.last else None,
        "source": personal(one.entered_by, one.source),
    }


def _setting_subject(one: CountrySetting) -> str:
    return f"country-setting {one.programme_id or EVERY_COUNTRY}/{one.name}"


@audited("country.setting.entered", subject=_setting_subject, state=_setting_state)
def setting_enter(
    *,
    actor: str,
    country: str,
    name: str,
    value: str | None,
    first: date,
    source: str,
    at: datetime,
    last: date | None = None,
    seen: str | None = None,
) -> CountrySetting:
    """Enter a value of a setting from a day on, or for some days, with where the rule is written.

    ``country`` is a code, or "" for every country that has none of its own. ``value`` None takes the country's own
    away: the programme's rule holds again. What was entered before stays below, and holds again after ``last``.
    ``seen`` is the id of the newest entry that the writer saw ("" for none): another one meanwhile is refused. Raises
    :class:`WrongUse` for a setting nobody declared, a value that does not fit it, days in the wrong order, no source.
    """
    kept = "" if value is None else declared(name).cleaned(value)
    if value is None and not country:
        raise WrongUse(_("The programme's own rule cannot be taken away: enter the value that holds instead."))
    if last is not None and last < first:
        raise WrongUse(_("It ends before it begins: mend one of the two days."))
    source = _source_cleaned(source)
    declared(name)  # also where a value is taken away
    rows = Programme.objects.select_for_update().order_by("pk")
    found = {one.pk: one for one in (rows.filter(pk=country) if country else rows)}
    if country and country not in found:
        raise WrongUse(_("There is no programme of %(country)s.") % {"country": country})
    if seen is not None and seen != setting_newest(country, name):
        raise WrongUse(_("Somebody entered another value meanwhile: look at it, then decide again."))
    made = CountrySetting(
        programme=found.get(country),
        name=name,
        value=kept,
        cleared=value is None,
        first=first,
        last=last,
        source=source,
        entered_by=actor,
        entered_at=at,
    )
    made.save(force_insert=True)
    book_forget()
    event_publish(name=SETTING_CHANGED, content=SettingChanged(country or EVERY_COUNTRY, name, first), at=at)
    return made
