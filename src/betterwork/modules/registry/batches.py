"""Writing much at once, with one entry in the ledger: imports, demonstrations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from betterwork.core.canonical import canonical_bytes_unchecked, digest
from betterwork.core.errors import WrongUse
from betterwork.foundation.events.services import NewEvent, events_publish
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.registry.changing import STEPS, values_checked
from betterwork.modules.registry.counting import NEXT_CYCLE
from betterwork.modules.registry.events import FactoryChanged, FactoryRegistered
from betterwork.modules.registry.models import Enrolment, Factory, FactoryName, Merge, Workforce
from betterwork.modules.registry.rules import (
    cycle_problem,
    headcount_problem,
    name_says_obsolete,
)
from betterwork.modules.registry.writing import plain, refuse

FILLED = "factories.filled"
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Headcount:
    """The workforce of one day."""

    on: date
    women: int
    men: int
    not_said: int = 0
    by_contract: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cycle:
    """One cycle, from its first to its last day (None: it runs)."""

    cycle: int
    starts: date
    ends: date | None = None


@dataclass(slots=True)
class Filling:
    """What is written of one factory: ``steps`` as (word of STEPS, first day, values)."""

    factory: Factory
    steps: list[tuple[str, date | None, Mapping[str, Any]]] = field(default_factory=list)
    workforce: list[Headcount] = field(default_factory=list)
    cycles: list[Cycle] = field(default_factory=list)
    new: bool = False
    """Whether the factory itself is to be stored: it has no row yet."""


@transaction.atomic
def factories_fill(*, actor: str, fillings: Iterable[Filling], reason: str, at: datetime) -> int:
    """Write much of many factories at once; return how many factories. One entry says how much, with a digest.

    The same rules as for one: raises WrongUse with the factory's number, and then nothing was written. Headcounts of
    days that have one are taken back for the new ones; cycles follow those that stand.
    """
    wanted = list(fillings)
    try:
        rows = _rows_of(wanted, actor, reason, at)
    except IndexError as error:
        raise WrongUse(_("Nothing to write.")) from error
    Factory.objects.bulk_create([one.factory for one in wanted if one.new], batch_size=_AT_ONCE)
    _taken_back(wanted, actor, at)
    for model, found in rows.items():
        model._default_manager.bulk_create(found, batch_size=_AT_ONCE)
    _names_settled(wanted, at)
    _told(actor, wanted, rows, at)
    return len(wanted)


def _rows_of(wanted: Sequence[Filling], actor: str, reason: str, at: datetime) -> dict[type[models.Model], list[Any]]:
    last = _last_cycles([one.factory.pk for one in wanted if not one.new])
    away = set(
        Merge.objects.filter(gone__in=[one.factory.pk for one in wanted if not one.new], undone_at__isnull=True)
        .values_list("gone", flat=True)
    )  # fmt: skip
    rows: dict[type[models.Model], list[Any]] = {}
    by = {"written_by": actor, "written_at": at}
    for one in wanted:
        try:
            if one.factory.pk in away:
                raise WrongUse(_("this record was merged into another one"))
            for word, since, values in one.steps:
                said = values_checked(word, values, at.date())
                step = STEPS[word](factory=one.factory, since=since, reason=reason, **said, **by)
                rows.setdefault(STEPS[word], []).append(step)
            for count in one.workforce:
                parts = {kind: list(numbers) for kind, numbers in count.by_contract.items()}
                refuse(headcount_problem(count.women, count.men, count.not_said, parts))
                whole = count.women + count.men + count.not_said
                row = Workforce(
                    factory=one.factory, on=count.on, women=count.women, men=count.men, not_said=count.not_said,
                    workers=whole, by_contract=parts, source="import", **by,
                )  # fmt: skip
                rows.setdefault(Workforce, []).append(row)
            before = last.get(one.factory.pk or 0)
            for turn, after in zip(one.cycles, [*one.cycles[1:], None], strict=False):
                refuse(cycle_problem(cycle=turn.cycle, starts=turn.starts, before=before))
                before = (turn.cycle, turn.starts, turn.ends)
                made = Enrolment(factory=one.factory, cycle=turn.cycle, starts=turn.starts, ends=turn.ends, **by)
                if turn.ends is not None and after is not None and after.starts == turn.ends + timedelta(days=1):
                    made.end_reason, made.ended_by, made.ended_at = NEXT_CYCLE, actor, at
                rows.setdefault(Enrolment, []).append(made)
        except WrongUse as error:
            raise WrongUse(f"{one.factory}: {error}") from error
    return rows


def _last_cycles(factories: Sequence[int]) -> dict[int, tuple[int, date, date | None]]:
    found: dict[int, tuple[int, date, date | None]] = {}
    for begin in range(0, len(factories), _AT_ONCE):
        rows = Enrolment.objects.filter(factory__in=factories[begin : begin + _AT_ONCE], withdrawn_at__isnull=True)
        for row in rows.order_by("cycle"):
            found[row.factory_id] = (row.cycle, row.starts, row.ends)
    return found


def _taken_back(wanted: Sequence[Filling], actor: str, at: datetime) -> None:
    """The headcounts of days that are written anew."""
    days = {(one.factory.pk, count.on) for one in wanted if not one.new for count in one.workforce}
    factories = sorted({factory for factory, _on in days})
    for begin in range(0, len(factories), _AT_ONCE):
        some = Workforce.objects.filter(factory__in=factories[begin : begin + _AT_ONCE], withdrawn_at__isnull=True)
        old = [row.pk for row in some if (row.factory_id, row.on) in days]
        Workforce.objects.filter(pk__in=old).update(withdrawn_by=actor, withdrawn_at=at)


def _names_settled(wanted: Sequence[Filling], at: datetime) -> None:
    changed = []
    for one in wanted:
        named = [values["name"] for word, since, values in one.steps if word == "name"]
        if named and not one.new and one.factory.name != named[-1]:
            one.factory.name = named[-1]
            one.factory.obsolete = one.factory.obsolete or name_says_obsolete(named[-1])
            changed.append(one.factory)
    Factory.objects.bulk_update(changed, ["name", "obsolete"], batch_size=_AT_ONCE)


def _told(actor: str, wanted: Sequence[Filling], rows: Mapping[type[models.Model], list[Any]], at: datetime) -> None:
    counts = {str(model._meta.model_name): len(found) for model, found in rows.items()}
    written = [
        [str(row.factory), str(row._meta.model_name), *[str(plain(row.__dict__[key])) for key in _told_fields(row)]]
        for found in rows.values()
        for row in found
    ]
    new = sum(one.new for one in wanted)
    entry_append(
        kind=AUDIT,
        action=FILLED,
        actor=actor,
        subject=f"factories {len(wanted)}",
        content={"new": new, "rows": counts, "digest": digest(canonical_bytes_unchecked(sorted(written)))},
        at=at,
        checked=True,
    )
    events_publish(
        new=[
            NewEvent(FactoryRegistered.NAME, FactoryRegistered(one.factory.pk), at)
            if one.new
            else NewEvent(FactoryChanged.NAME, FactoryChanged(one.factory.pk, _mostly(one)), at)
            for one in wanted
        ]
    )


def _mostly(one: Filling) -> str:
    """The one word for what was written of a factory; ``several`` for more kinds than one."""
    kinds = Counter(word for word, _since, _values in one.steps)
    kinds.update(workforce=len(one.workforce), enrolment=len(one.cycles))
    words = [word for word, count in kinds.items() if count]
    return words[0] if len(words) == 1 else "several"


def _told_fields(row: Any) -> tuple[str, ...]:
    own = getattr(row, "OWN", None)
    if own is not None:
        return ("since", *own)
    return ("on", "women", "men", "not_said") if isinstance(row, Workforce) else ("cycle", "starts", "ends")


def first_name(factory: Factory, since: date | None, *, actor: str, at: datetime, reason: str = "") -> FactoryName:
    """The first step of a new factory's name, not stored yet."""
    return FactoryName(factory=factory, name=factory.name, since=since, reason=reason, written_by=actor, written_at=at)
