"""Giving notices, reading them, choosing how they come. Mailing them stands in ``mailing``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.notices.kinds import kind_of
from betterwork.foundation.notices.models import Mailing, Notice, Preference
from betterwork.foundation.notices.rules import APP, NOW, URGENCIES, Fact, facts_check, urgency_of

_AT_ONCE = 500


def notice_give(
    *,
    persons: Iterable[str],
    kind: str,
    facts: Mapping[str, Fact],
    url: str,
    at: datetime,
    key: str = "",
) -> list[Notice]:
    """Tell persons (by their opaque ids) of something, in the caller's transaction; return what is new.

    ``facts`` fill the places in the kind's words: texts, whole numbers, or ``{"person": id}``, ``{"role": name}``,
    ``{"scope": scope}``, ``{"day": "2026-11-23"}``, put into words for each reader. ``url`` is the page of the
    platform that it leads to. Told again with the same ``key``, nothing is written; without one the facts, the page and
    the moment are the key.
    Raises :class:`WrongUse` for facts that are not plain, an address outside and a kind that nobody registered, and
    BetterWorkError outside a transaction: a notice of what was rolled back would be a lie.
    """
    if not connection.in_atomic_block:
        raise BetterWorkError("a notice is written in the transaction of what happened; open one")
    known = kind_of(kind)
    plain = dict(facts)
    facts_check(plain, url)
    name = digest(key.encode() if key else canonical_bytes([plain, url, at.isoformat()]))
    wanted = sorted({one for one in persons if one})
    told = set(Notice.objects.filter(person__in=wanted, kind=kind, key=name).values_list("person", flat=True))
    chosen = dict(Preference.objects.filter(person__in=wanted, kind=kind).values_list("person", "how"))
    fresh = [
        Notice(
            person=one,
            kind=kind,
            facts=plain,
            url=url,
            key=name,
            how=urgency_of(known.urgency, must=known.must, chosen=chosen.get(one, "")),
            made_at=at,
        )
        for one in wanted
        if one not in told
    ]
    # Two that tell the same at the same time: the database keeps one.
    Notice.objects.bulk_create(fresh, batch_size=_AT_ONCE, ignore_conflicts=True)
    if any(one.how == NOW for one in fresh):
        _mails_wake()
    return fresh


@transaction.atomic
def notice_read(*, actor: str, notice: Notice, at: datetime) -> Notice:
    """Mark a notice of hers as read; it is not mailed any more. Done again, it changes nothing.

    Raises :class:`WrongUse` for a notice of somebody else.
    """
    if notice.person != actor:
        raise WrongUse("only she who was told reads a notice")
    Notice.objects.filter(pk=notice.pk, read_at__isnull=True).update(read_at=at)
    notice.refresh_from_db()
    return notice


@transaction.atomic
def notices_all_read(*, actor: str, at: datetime) -> int:
    """Mark all notices of hers as read; return how many were not."""
    return Notice.objects.filter(person=actor, read_at__isnull=True, made_at__lte=at).update(read_at=at)


@transaction.atomic
def preference_set(*, actor: str, kind: str, how: str, at: datetime) -> Preference:
    """Keep how soon she wants a kind to be mailed, also for what waits to be.

    Raises :class:`WrongUse` for a kind that concerns safety and for a word that is no urgency.
    """
    known = kind_of(kind)
    if known.must:
        raise WrongUse(f"{known.title}: it concerns safety and is always mailed at once")
    if how not in URGENCIES:
        raise WrongUse(f"{how!r} is not one of {', '.join(URGENCIES)}")
    chosen, _new = Preference.objects.update_or_create(person=actor, kind=kind, defaults={"how": how, "set_at": at})
    waiting = Notice.objects.filter(person=actor, kind=kind, mailed_at__isnull=True, read_at__isnull=True)
    waiting.update(how=how)
    return chosen


def notices_of_person_delete(*, person_id: str) -> None:
    """Delete all that is kept here of a person. Where others were told of her, her opaque id stays."""
    for model in (Notice, Preference, Mailing):
        rows: Any = model._default_manager
        rows.filter(person=person_id).delete()


def unreachable_keep_in_app(*, person_id: str) -> None:
    """Mail nothing any more to somebody who has no account: what she was told stays where it is."""
    Notice.objects.filter(person=person_id, mailed_at__isnull=True).exclude(how=APP).update(how=APP)


def _mails_wake() -> None:
    from betterwork.foundation.notices.jobs import mails_wake

    # Once a transaction, however many it gives.
    if not any(after[1] is mails_wake for after in connection.run_on_commit):
        transaction.on_commit(mails_wake, robust=True)
