"""A draft's way to a version in force: put before the body, returned or approved, sealed, in force, retired."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import Lineage
from betterwork.core.instrument import ToolVersion as Version
from betterwork.foundation.events.services import event_publish
from betterwork.foundation.ledger.auditing import audited
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.bodies.queries import decision_on, matter_waiting
from betterwork.modules.bodies.services import decision_require, matter_bring, matter_withdraw
from betterwork.modules.instruments.checklist import Missing, still_missing
from betterwork.modules.instruments.draft_models import APPROVED, DRAFT, OPEN, RETURNED, SEALED, SUBMITTED
from betterwork.modules.instruments.draft_storing import draft_locked, draft_state, draft_subject
from betterwork.modules.instruments.drafts import (
    Opened,
    draft_digest,
    draft_frame,
    draft_opened,
    draft_read,
    references_called,
    version_of_content,
)
from betterwork.modules.instruments.events import DRAFT_SUBMITTED, VERSION_IN_FORCE, DraftSubmitted, VersionInForce
from betterwork.modules.instruments.lineage import Frame
from betterwork.modules.instruments.models import ToolDraft, ToolInForce, ToolVersion, VersionLegal
from betterwork.modules.instruments.rules import with_law
from betterwork.modules.instruments.translating import sealed_translations

KIND, KIND_FOR_ALL = "tool.approve", "tool.approve.for-all"
"""What a country's body decides, and what is decided for all countries at once."""
IN_FORCE = "tool.in-force"
DAY = timedelta(days=1)
EARLIEST_ZONE = timedelta(hours=14)
"""How far ahead of UTC a day can have begun somewhere."""


def decision_kind_of(draft: ToolDraft) -> str:
    """Which decision a draft needs: its country's body's, or that of the whole programme."""
    return KIND if draft.country else KIND_FOR_ALL


def decision_subject(draft: ToolDraft, content_digest: str) -> str:
    """What is decided on: this draft with these very words. Changed and submitted again, it is another matter."""
    return f"tool-draft/{draft.key}/{content_digest[:24]}"


def draft_missing(draft: ToolDraft, opened: Opened | None = None, frame: Frame | None = None) -> list[Missing]:
    """What is to be done before a draft can be submitted, what blocks first. Give what was read already."""
    opened, frame = opened or draft_opened(draft), frame or draft_frame(draft, codes=False)
    content = opened.content
    version = Version(draft.tool.code, draft.version, "", "", content.questions)
    same = False
    if frame.base and (content.questions, content.marks, content.links) == (frame.base.questions, frame.base.marks, ()):
        same = content.legal == opened.legal_of_base
    return still_missing(frame, content, version, draft.in_force_from, opened.laws, same=same)


@audited("tool.draft.submitted", subject=draft_subject, state=draft_state, of="draft")
def draft_submit(*, actor: str, draft: ToolDraft, url: str, at: datetime) -> ToolDraft:
    """Put a draft before the body that has the say; until it has spoken the draft does not change.

    ``url`` is the page on which the body reads it. Raises :class:`WrongUse` while something is missing, for a draft
    that is not open, and where there is no such body.
    """
    found = draft_locked(draft)
    if found.state not in OPEN:
        raise WrongUse(_("This draft is not open: it was submitted, sealed or dropped."))
    blocking = [one for one in draft_missing(found) if one.blocks]
    if blocking:
        raise WrongUse(_("This is missing: %(what)s") % {"what": " ".join(one.words for one in blocking)})
    subject = decision_subject(found, draft_digest(found, draft_read(found)))
    facts = {"tool": found.tool.title, "version": found.version}
    matter = matter_bring(
        actor=actor,
        kind=decision_kind_of(found),
        subject=subject,
        title=_("%(tool)s, version %(version)s") % facts,
        url=url,
        country=found.country,
        at=at,
    )
    found.state, found.matter, found.body, found.answer = SUBMITTED, matter.pk, matter.body_id, ""
    found.answered_at = None
    found.submitted_by, found.submitted_at, found.decision = actor, at, ""
    found.save()
    told = DraftSubmitted(found.key, found.tool.code, found.country, matter.pk)
    event_publish(name=DRAFT_SUBMITTED, content=told, at=at)
    return found


@audited("tool.draft.taken-back", subject=draft_subject, state=draft_state, of="draft")
def draft_take_back(*, actor: str, draft: ToolDraft, reason: str, at: datetime) -> ToolDraft:
    """Take a submitted draft back before the body has decided, and say why. Raises :class:`WrongUse` after that."""
    found = draft_locked(draft)
    if found.state != SUBMITTED:
        raise WrongUse(_("Only a draft that waits before the body can be taken back."))
    subject = decision_subject(found, draft_digest(found, draft_read(found)))
    matter = matter_waiting(decision_kind_of(found), subject, country=found.country)
    if matter is None:
        raise WrongUse(_("The body has decided already."))
    matter_withdraw(actor=actor, matter=matter, reason=reason, at=at)
    found.state = DRAFT
    found.save(update_fields=["state"])
    return found


@audited("tool.draft.answered", subject=draft_subject, state=draft_state, of="draft")
def draft_answered(*, actor: str, draft: ToolDraft, at: datetime) -> ToolDraft:
    """Take what the body decided to the draft: approved, or returned with its reasons. Again it changes nothing."""
    found = draft_locked(draft)
    if found.state not in (SUBMITTED, APPROVED):
        return found
    subject = decision_subject(found, draft_digest(found, draft_read(found)))
    # A committee's day may begin half a day before that of UTC: its word is taken now, and counts from its own day on.
    on = (at + EARLIEST_ZONE).date()
    made = decision_on(decision_kind_of(found), subject, country=found.country, on=on)
    if made is None:
        return found
    approved = made.outcome == "approved"
    found.state = APPROVED if approved else RETURNED
    found.answer = " ".join(part for part in (made.reasons, made.conditions) if part)
    found.answered_at = made.taken_at
    found.decision = decision_words(made)
    found.save()
    return found


def decision_words(decision: Any) -> str:
    """How a version names the decision that approved it."""
    facts = {"body": decision.body.name[:120], "number": decision.number, "day": date_format(decision.day, "j M Y")}
    return _("%(body)s, decision %(number)s of %(day)s") % facts


@audited("tool.draft.sealed", subject=draft_subject, state=draft_state, of="draft")
def draft_seal(*, actor: str, draft: ToolDraft, in_force_from: date, at: datetime) -> ToolDraft:
    """Seal what the body approved, and put it in force from a day; what was in force there retires the day before.

    Raises :class:`betterwork.modules.bodies.services.NotDecided` without a decision that counts on these very words,
    and :class:`WrongUse` for a day before that decision or before the version in force begins.
    """
    found = draft_locked(draft)
    if found.state not in (SUBMITTED, APPROVED):
        raise WrongUse(_("Only what the body has approved is sealed: submit the draft first."))
    content = draft_read(found)
    subject = decision_subject(found, draft_digest(found, content))
    decision = decision_require(decision_kind_of(found), subject, country=found.country, on=at.date())
    if in_force_from < decision.day:
        raise WrongUse(_("A version is not in force before the day it was approved."))
    approval = decision_words(decision)
    version = version_of_content(found, content, in_force_from=in_force_from.isoformat(), approval=approval)
    row = _sealed(actor, found, with_law(version), content.links, at)
    version_in_force(
        actor=actor,
        tool=found.tool.code,
        version=found.version,
        country=found.country,
        starts=in_force_from,
        decision=approval,
        at=at,
    )
    found.state, found.sealed, found.decision, found.in_force_from = SEALED, row, approval, in_force_from
    found.save()
    return found


def _sealed(actor: str, draft: ToolDraft, version: Version, links: tuple[Lineage, ...], at: datetime) -> ToolVersion:
    from betterwork.modules.instruments.services import tool_version_seal

    version = replace(version, translations=sealed_translations(draft.tool.code, version.questions))
    row, new = tool_version_seal(version=version, lineage=links, at=at, actor=actor)
    if not new:
        raise WrongUse(_("A version of this name is sealed already: take the draft back and name it otherwise."))
    known = references_called({link.reference for link in version.legal})
    VersionLegal.objects.bulk_create(
        VersionLegal(tool=version.tool, version=version.version, code=link.code, reference=known[link.reference])
        for link in version.legal
    )
    return row


@transaction.atomic
def version_in_force(
    *, actor: str, tool: str, version: str, country: str, starts: date, decision: str, at: datetime
) -> ToolInForce:
    """Ask a version from a day on; what is asked there now is asked until the day before.

    Raises :class:`WrongUse` when another version begins on that day or later.
    """
    rows = ToolInForce.objects.select_for_update().filter(tool=tool, country=country)
    later = rows.filter(starts__gte=starts).first()
    if later is not None:
        facts = {"version": later.version, "day": date_format(later.starts, "j F Y")}
        raise WrongUse(_("Version %(version)s is in force from %(day)s: choose a later day.") % facts)
    for row in rows.filter(Q(until__isnull=True) | Q(until__gte=starts)):
        row.until = starts - DAY
        row.save(update_fields=["until"])
    made = ToolInForce.objects.create(
        tool=tool, version=version, country=country, starts=starts, decision=decision, decided_at=at
    )
    said = {"version": version, "country": country, "starts": starts.isoformat(), "decision": decision}
    entry_append(kind=AUDIT, action=IN_FORCE, actor=actor, subject=f"tool {tool}", content=said, at=at)
    fact = VersionInForce(tool, version, country, starts.isoformat())
    event_publish(name=VERSION_IN_FORCE, content=fact, at=at)
    return made
