"""Merging records, undoing it, and splitting a factory. A merge is a pointer: it changes nothing of either record."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.events.services import event_publish
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.personal import personal
from betterwork.modules.registry.events import FactoriesMerged, FactoriesUnmerged
from betterwork.modules.registry.models import Factory, Merge, Split
from betterwork.modules.registry.rules import day_problem, merge_problem
from betterwork.modules.registry.writing import factory_locked, plain, reason_wanted, refuse


def _subject(merge: Merge) -> str:
    return f"factory-merge {merge.pk}"


def _state(merge: Merge) -> dict[str, Any]:
    said = {"kept": merge.kept_id, "gone": merge.gone_id, "kind": merge.kind, "since": merge.since}
    kept: dict[str, Any] = {**plain(said), "undone": merge.undone_at is not None}
    kept["reason"] = personal(merge.merged_by, merge.reason)
    return kept | ({"undo_reason": personal(merge.undone_by, merge.undo_reason)} if merge.undone_by else {})


@audited("factory.merged", subject=_subject, state=_state)
def factory_merge(
    *, actor: str, kept: Factory, gone: Factory, reason: str, at: datetime, joined_on: date | None = None
) -> Merge:
    """Let the record ``gone`` stand for the factory ``kept`` from now on. Neither record is changed.

    Without ``joined_on`` they are two records of one factory, at all times; with it two factories became one on that
    day. Raises WrongUse for records of two countries, for one merged away already, and without a reason.
    """
    reason = reason_wanted(reason)
    refuse(day_problem(joined_on, at.date()))
    # Locked in one order, so that two who merge the same pair the other way round wait and do not block each other.
    rows = {one.pk: one for one in Factory.objects.select_for_update().filter(pk__in=[kept.pk, gone.pk]).order_by("pk")}
    into = {
        one.gone_id: one.kept.name
        for one in Merge.objects.filter(gone__in=list(rows), undone_at__isnull=True).select_related("kept")
    }
    first, second = rows[gone.pk], rows[kept.pk]
    refuse(
        merge_problem(
            same_record=first.pk == second.pk,
            same_country=first.country == second.country,
            kept_into=into.get(second.pk, ""),
            gone_into=into.get(first.pk, ""),
        )
    )
    merge = Merge.objects.create(
        kept=second,
        gone=first,
        kind=Merge.JOINED if joined_on else Merge.SAME,
        since=joined_on,
        reason=reason,
        merged_by=actor,
        merged_at=at,
    )
    event_publish(name=FactoriesMerged.NAME, content=FactoriesMerged(merge.pk, second.pk, first.pk), at=at)
    return merge


@audited("factory.unmerged", subject=_subject, state=_state, of="merge")
def factory_unmerge(*, actor: str, merge: Merge, reason: str, at: datetime) -> Merge:
    """Undo a merge: both records stand apart again, to the byte; what was changed on the kept one since stays there.

    Raises WrongUse for one that was undone already, and without a reason.
    """
    reason = reason_wanted(reason)
    found = Merge.objects.select_for_update().get(pk=merge.pk)
    if found.undone_at is not None:
        raise WrongUse(_("This merge was undone already."))
    found.undone_by, found.undone_at, found.undo_reason = actor, at, reason
    found.save(update_fields=["undone_by", "undone_at", "undo_reason"])
    event_publish(name=FactoriesUnmerged.NAME, content=FactoriesUnmerged(found.pk, found.kept_id, found.gone_id), at=at)
    return found


def _split_subject(split: Split) -> str:
    return f"factory-split {split.pk}"


def _split_state(split: Split) -> dict[str, Any]:
    said = {"factory": split.factory_id, "source": split.source_id, "on": split.on}
    return {**plain(said), "reason": personal(split.written_by, split.reason), "withdrawn": bool(split.withdrawn_at)}


@audited("factory.split", subject=_split_subject, state=_split_state)
def factory_split(
    *, actor: str, source: Factory, outside_id: str, name: str, on: date, reason: str, at: datetime
) -> Split:
    """Register a new factory that came of a part of another one on a day; the other stays as it is.

    Raises WrongUse for a record merged away, a number that is taken, a day to come, and without a reason.
    """
    from betterwork.modules.registry.services import factory_register

    reason = reason_wanted(reason)
    refuse(day_problem(on, at.date()))
    found = factory_locked(source)
    made = factory_register(
        actor=actor, country=found.country, outside_id=outside_id, name=name, since=on, reason=reason, at=at
    )
    return Split.objects.create(factory=made, source=found, on=on, reason=reason, written_by=actor, written_at=at)
