"""Giving something to somebody, and withdrawing it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.foundation.access.scopes import scope_check
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.ledger.personal import personal
from betterwork.foundation.ledger.rules import RELEASE, id_check
from betterwork.foundation.ledger.services import entry_append
from betterwork.foundation.releases.kinds import kind_required
from betterwork.foundation.releases.models import Release, Withdrawal
from betterwork.foundation.releases.rules import (
    Recipient,
    content_refusal,
    day_of,
    overlap,
    period_refusal,
    reason_refusal,
    recipient_refusal,
    words_refusal,
)

MADE, WITHDREW = "release.made", "release.withdrawn"


@transaction.atomic
def release_make(
    *,
    actor: str,
    kind: str,
    title: str,
    to: Recipient,
    authority: str,
    rule: str,
    at: datetime,
    starts: date | None = None,
    ends: date | None = None,
    document: SealedDocument | None = None,
    section: str = "",
    file_digest: str = "",
    key: str = "",
    country: str = "",
) -> Release:
    """Give a section of a sealed document, or a file, to a recipient; from today unless told, both days inside.

    The caller has asked whether this actor may. Raises :class:`WrongUse` with the reason in words: for a recipient
    or a section that is none, days in the past, and what the same recipient has already under the same rule on one of
    these days.
    """
    kind_required(kind)
    first = starts or day_of(at)
    sections = None if document is None else document.sections
    refused = (
        words_refusal(title=title, authority=authority, rule=rule)
        or recipient_refusal(to)
        or content_refusal(sections=sections, section=section, file_digest=file_digest, audience=to.audience)
        or period_refusal(starts=first, ends=ends, today=day_of(at))
    )
    if refused:
        raise WrongUse(refused)
    scope_check(to.scope)
    if to.person:
        id_check(to.person)
    made = Release(
        kind=kind,
        key=key,
        title=title.strip(),
        country=country,
        document=document,
        section=section,
        file_digest=file_digest,
        **asdict(to),
        authority=authority.strip(),
        rule=rule.strip(),
        starts=first,
        ends=ends,
        given_by=actor,
        given_at=at,
    )
    if _given_already(made):
        raise WrongUse(_("This was given to them already, for some of these days. Withdraw that release first."))
    made.save(force_insert=True)
    entry_append(kind=RELEASE, action=MADE, actor=actor, subject=str(made), content=_kept(made), at=at)
    return made


@transaction.atomic
def release_withdraw(*, actor: str, release: Release, reason: str, at: datetime) -> Withdrawal:
    """Withdraw a release from this moment: nobody reads it by it any more; who received it is told why.

    Raises :class:`WrongUse` for one that was withdrawn before, and for a reason that says too little.
    """
    refused = reason_refusal(reason)
    if refused:
        raise WrongUse(refused)
    Release.objects.select_for_update().get(pk=release.pk)
    if Withdrawal.objects.filter(release=release).exists():
        raise WrongUse(_("This release was withdrawn already."))
    made = Withdrawal.objects.create(release=release, reason=reason.strip(), withdrawn_by=actor, at=at)
    content = {**_kept(release), "reason": personal(actor, reason.strip())}
    entry_append(kind=RELEASE, action=WITHDREW, actor=actor, subject=str(release), content=content, at=at)
    return made


def _given_already(new: Release) -> bool:
    """Whether the same recipient has the same under the same rule on one of these days."""
    if new.document is not None:  # two who give the same at once: one waits for the other
        SealedDocument.objects.select_for_update().get(pk=new.document.pk)
    names = ("kind", "document", "section", "file_digest", "audience", "scope", "role", "person", "rule")
    same = Release.objects.filter(withdrawal__isnull=True, **{name: getattr(new, name) for name in names})
    return any(overlap((new.starts, new.ends), (one.starts, one.ends)) for one in same)


def _kept(release: Release) -> dict[str, Any]:
    """What the ledger keeps of a release: all that says what went to whom, under what."""
    document = release.document
    return {
        "kind": release.kind,
        "key": release.key,
        "document": document.digest if document else "",
        "section": release.section,
        "section_digest": document.sections.get(release.section, "") if document else "",
        "file": release.file_digest,
        "audience": release.audience,
        "scope": release.scope,
        "role": release.role,
        "person": release.person,
        "authority": release.authority,
        "rule": release.rule,
        "starts": release.starts.isoformat(),
        "ends": release.ends.isoformat() if release.ends else None,
    }
