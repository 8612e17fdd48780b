"""A factory's history as a line of events, and what can be taken back of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from betterwork.foundation.audiences.names import PROGRAMME
from betterwork.foundation.contributions.registry import person_names
from betterwork.foundation.languages.templatetags.formats import day, number
from betterwork.foundation.ledger.words import actor_words
from betterwork.modules.registry.changing import STEPS
from betterwork.modules.registry.counting import NEXT_CYCLE
from betterwork.modules.registry.models import Enrolment, Factory, Merge, OutsideId, Split, Workforce
from betterwork.modules.registry.organisations_of import organisation_titles
from betterwork.modules.registry.presentations import (
    ENROLMENT,
    MERGE,
    SPLIT,
    STEP_FOR_ITSELF,
    STEP_FOR_STAFF,
)
from betterwork.modules.registry.queries import address_line, factories_within
from betterwork.modules.registry.rules import in_order


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a factory: on which day, written by whom (for staff), why, and where it leads."""

    what: str
    on: date | None
    note: str = ""
    who: str = ""
    url_of: int | None = None
    """The row of another factory that it speaks of."""
    order: tuple[date, int] = (date.min, 0)


@dataclass(frozen=True, slots=True)
class Told:
    """What was written of a factory and of the records merged into it: read once for all that a page shows of it."""

    inside: list[int]
    """The rows of the records, the factory's own first."""
    steps: Mapping[str, list[Any]]
    """The steps that stand, by their words."""
    titles: Mapping[str, str]
    """How the organisations are called that steps name."""
    cycles: list[Enrolment]
    """The cycles that stand, the first first."""


def told_of(factory: Factory, audience: str) -> Told:
    """What the steps and cycles of a factory say; to staff also those of the records merged into it.

    Ten queries at most, whatever happened to it, and one for each length of a chain of merges.
    """
    inside = factories_within(factory) if audience == PROGRAMME else [factory.pk]
    steps = {
        word: list(model._base_manager.filter(factory__in=inside, withdrawn_at__isnull=True))
        for word, model in STEPS.items()
    }
    cycles = Enrolment.objects.filter(factory__in=inside, withdrawn_at__isnull=True).order_by("cycle")
    return Told(inside, steps, _titles([one for rows in steps.values() for one in rows]), list(cycles))


def _titles(steps: Iterable[Any]) -> Mapping[str, str]:
    """How the organisations are called that steps name: owners, groups, buyers."""
    keys = {getattr(one, "organisation", "") for one in steps}
    keys |= {str(buyer.get("organisation", "")) for one in steps for buyer in getattr(one, "buyers", None) or ()}
    return organisation_titles(keys)


def history_of(factory: Factory, audience: str, read: Told | None = None) -> list[Event]:
    """What happened to a factory, newest first; to staff also what happened to the records merged into it.

    ``read``: what ``told_of`` gave, where it was asked already. Three queries besides.
    """
    staff = audience == PROGRAMME
    read = read or told_of(factory, audience)
    inside = read.inside
    shown = STEP_FOR_STAFF if staff else STEP_FOR_ITSELF
    found: list[tuple[Any, Event]] = []
    for word, stored in read.steps.items():
        by_factory: dict[int, list[Any]] = {}
        for one in stored:
            by_factory.setdefault(one.factory_id, []).append(one)
        for key, steps in by_factory.items():
            rows = [shown[word].row(one) for one in in_order(steps)]
            also = "" if key == factory.pk else _("(of a record merged in)")
            for row, before in zip(rows, [None, *rows], strict=False):
                words = _joined(_STEP_WORDS[word](row, before, read.titles), also)
                found.append((row, Event(words, row.since, order=(row.since or date.min, 0))))
    found += [(row, event) for row, event in _cycles(read.cycles, audience)]
    if staff:
        found += _merges(inside, factory.pk) + _splits(factory)
    names = person_names({getattr(row, "written_by", "") for row, _event in found}) if staff else {}
    events = [_told(row, event, names, staff) for row, event in found]
    return sorted(events, key=lambda one: one.order, reverse=True)


def _told(row: Any, event: Event, names: dict[str, str], staff: bool) -> Event:
    by = row.as_dict().get("written_by") or row.as_dict().get("merged_by") if staff else ""
    reason = row.as_dict().get("reason", "") if staff else ""
    who = actor_words(by, names) if by else ""
    return Event(event.what, event.on, event.note or reason, who, event.url_of, event.order)


def _joined(text: str, also: str) -> str:
    return f"{text} {also}" if also else text


def _name(row: Any, before: Any, titles: Mapping[str, str]) -> str:
    if before is None:
        return _("Registered as %(name)s") % {"name": row.name}
    return _("Renamed: %(before)s is now %(name)s") % {"before": before.name, "name": row.name}


def _site(row: Any, before: Any, titles: Mapping[str, str]) -> str:
    words = _("Works at %(place)s") if before is None else _("Moved to %(place)s")
    return words % {"place": address_line(row)}


def _office(row: Any, before: Any, titles: Mapping[str, str]) -> str:
    return _("Letters go to %(place)s") % {"place": address_line(row)}


def _owner(row: Any, before: Any, titles: Mapping[str, str]) -> str:
    name = titles.get(row.organisation) if row.organisation else row.legal_name
    place = f", {row.headquarters}" if row.headquarters else ""
    words = _("Owned by %(owner)s") if before is None else _("Changed hands: owned by %(owner)s")
    return words % {"owner": f"{name or row.organisation}{place}"}


def _group(row: Any, before: Any, titles: Mapping[str, str]) -> str:
    name = (titles.get(row.organisation) if row.organisation else row.name) or row.organisation
    return _("Belongs to the group %(group)s") % {"group": name} if name else _("Belongs to no group")


def _standing(row: Any, before: Any, titles: Mapping[str, str]) -> str:
    return _("Closed") if row.state == "closed" else _("Works again")


def _exporting(row: Any, before: Any, titles: Mapping[str, str]) -> str:
    words = {"exports": _("Exports"), "does-not": _("Does not export"), "exempt": _("Need not take part: exempt")}
    return _joined(words[row.state], f"({row.source})")


def _form(row: Any, before: Any, titles: Mapping[str, str]) -> str:
    return _("Registration form answered") if before is None else _("Registration form changed")


_STEP_WORDS = {
    "name": _name,
    "site": _site,
    "office": _office,
    "ownership": _owner,
    "group": _group,
    "standing": _standing,
    "exporting": _exporting,
    "registration": _form,
}


def _cycles(standing: Iterable[Enrolment], audience: str) -> Iterable[tuple[Any, Event]]:
    for one in standing:
        row = ENROLMENT[audience].row(one)
        words = {"cycle": row.cycle}
        yield row, Event(_("Cycle %(cycle)s began") % words, row.starts, order=(row.starts, 1))
        if row.ends is not None and one.end_reason != NEXT_CYCLE:  # the next one's beginning says it already
            note = row.as_dict().get("end_reason", "")
            yield row, Event(_("Cycle %(cycle)s ended") % words, row.ends, note=note, order=(row.ends, 2))


def _merges(inside: list[int], factory: int) -> list[tuple[Any, Event]]:
    rows = Merge.objects.filter(Q(kept__in=inside) | Q(gone__in=inside)).select_related("kept", "gone")
    found = []
    for one in rows.order_by("merged_at"):
        row = MERGE.row(one)
        merged = row.merged_at.date()
        here = row.kept__id == factory
        other = (row.gone__name, row.gone__outside_id) if here else (row.kept__name, row.kept__outside_id)
        words = {"gone": row.gone__name, "gone_number": row.gone__outside_id, "kept": row.kept__name}
        if row.kind == Merge.JOINED:
            what = _("%(gone)s (%(gone_number)s) became part of %(kept)s") % words
        else:
            what = _("Record of %(gone)s (%(gone_number)s) merged into %(kept)s") % words
        url = row.gone__id if here else row.kept__id
        found.append((row, Event(what, row.since or merged, url_of=url, order=(merged, 3))))
        if row.undone_at is not None:
            undone = row.undone_at.date()
            what = _("Merge with %(other)s undone") % {"other": f"{other[0]} ({other[1]})"}
            found.append((row, Event(what, undone, note=row.undo_reason, url_of=url, order=(undone, 4))))
    return found


def _splits(factory: Factory) -> list[tuple[Any, Event]]:
    rows = Split.objects.filter(Q(factory=factory) | Q(source=factory), withdrawn_at__isnull=True)
    found = []
    for one in rows.select_related("factory", "source").order_by("on", "id"):
        row = SPLIT.row(one)
        if row.factory__id == factory.pk:
            what, url = _("Came of a part of %(name)s") % {"name": row.source__name}, row.source__id
        else:
            what, url = _("A part became %(name)s, a factory of its own") % {"name": row.factory__name}, row.factory__id
        found.append((row, Event(what, row.on, url_of=url, order=(row.on, 3))))
    return found


@dataclass(frozen=True, slots=True)
class Undoable:
    """A change that can be taken back: its word and row ("name:12"), what it says."""

    key: str
    words: str
    at: datetime


def undoable(factory: Factory) -> list[Undoable]:
    """What can be taken back of a factory, the newest first."""
    found = []
    for word, model in STEPS.items():
        steps = in_order(model._base_manager.filter(factory=factory, withdrawn_at__isnull=True))
        rows = [STEP_FOR_STAFF[word].row(one) for one in steps]
        if word == "name" and len(rows) < 2:
            continue
        titles = _titles(steps)
        for row, before in zip(rows, [None, *rows], strict=False):
            found.append(Undoable(f"{word}:{row.id}", _STEP_WORDS[word](row, before, titles), row.written_at))
    for one in Workforce.objects.filter(factory=factory, withdrawn_at__isnull=True):
        words = _("Headcount of %(day)s: %(workers)s") % {"day": day(one.on), "workers": number(one.workers)}
        found.append(Undoable(f"workforce:{one.pk}", words, one.written_at))
    last = Enrolment.objects.filter(factory=factory, withdrawn_at__isnull=True).order_by("-cycle").first()
    if last is not None:
        words = _("Cycle %(cycle)s, begun on %(day)s") % {"cycle": last.cycle, "day": day(last.starts)}
        found.append(Undoable(f"enrolment:{last.pk}", words, last.written_at))
    for outside in OutsideId.objects.filter(factory=factory, withdrawn_at__isnull=True):
        words = f"{outside.system}: {outside.number}"
        found.append(Undoable(f"outside-id:{outside.pk}", words, outside.written_at))
    return sorted(found, key=lambda one: (one.at, one.key), reverse=True)
