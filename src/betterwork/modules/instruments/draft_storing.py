"""How a step of drafting is stored: what differs and nothing else, what undoes it, and its entry in the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.canonical import canonical_bytes, digest
from betterwork.core.errors import WrongUse
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.instruments.changes import codes_touched, part_of
from betterwork.modules.instruments.draft_models import OPEN
from betterwork.modules.instruments.drafts import draft_frame, draft_read, references_called, row_of_question
from betterwork.modules.instruments.lineage import Content, Frame, NotInADraft
from betterwork.modules.instruments.models import (
    DraftChange,
    DraftLegal,
    DraftLineage,
    DraftMark,
    DraftQuestion,
    ToolDraft,
)

CHANGED = "tool.draft.changed"
Step = Callable[[Frame, Content], Content]


class EditedMeanwhile(WrongUse):
    """Somebody else changed the question since it was opened: both texts are shown, and nobody's is lost."""


def draft_subject(draft: ToolDraft) -> str:
    """How the ledger names a draft."""
    return f"tool-draft {draft.key}"


def draft_state(draft: ToolDraft) -> dict[str, Any]:
    """What an entry keeps of a draft; its questions are named by each change."""
    kept = {name: getattr(draft, name) for name in ("version", "country", "state", "revision", "decision", "matter")}
    day = draft.in_force_from.isoformat() if draft.in_force_from else ""
    return {**kept, "tool": draft.tool.code, "in_force_from": day, "answer": digest(draft.answer.encode())}


def draft_locked(draft: ToolDraft) -> ToolDraft:
    """The draft as stored, locked until the transaction ends: it is changed by one at a time."""
    ToolDraft.objects.select_for_update().get(pk=draft.pk)
    return ToolDraft.objects.select_related("tool", "based_on").get(pk=draft.pk)


def step_take(
    actor: str, draft: ToolDraft, action: str, at: datetime, step: Step, *, seen: Mapping[str, int | None] | None = None
) -> ToolDraft:
    """One step in one transaction: made by the rules, stored, kept for undo, entered in the ledger."""
    with transaction.atomic():
        found = draft_open(draft)
        _seen_check(found, seen or {})
        before = draft_read(found)
        after = step(draft_frame(found), before)
        if after == before:
            return found
        codes, revision = codes_touched(before, after), found.revision + 1
        content_store(found, before, after, revision)
        part = part_of(after, before)
        DraftChange.objects.create(
            draft=found,
            revision=revision,
            action=action,
            codes=codes,
            before=part_of(before, after),
            after={"digest": digest(canonical_bytes(part))},
            by=actor,
            at=at,
        )
        found.revision = revision
        found.save(update_fields=["revision"])
        step_enter(found, actor, action, codes, part, at)
        return found


def step_enter(
    draft: ToolDraft, actor: str, action: str, codes: list[str], part: Mapping[str, Any], at: datetime
) -> None:
    """Say in the ledger what a change touched; what it says is known by its digest."""
    content = {"action": action, "revision": draft.revision, "codes": codes, "digest": digest(canonical_bytes(part))}
    entry_append(kind=AUDIT, action=CHANGED, actor=actor, subject=draft_subject(draft), content=content, at=at)


def draft_open(draft: ToolDraft) -> ToolDraft:
    """The draft, locked, if it may be changed now."""
    found = draft_locked(draft)
    if found.state not in OPEN:
        raise NotInADraft(_("This draft is %(state)s: it does not change any more.") % {"state": _(found.state)})
    return found


def _seen_check(draft: ToolDraft, seen: Mapping[str, int | None]) -> None:
    for code, revision in seen.items():
        if revision is None:
            continue
        now = DraftQuestion.objects.filter(draft=draft, code=code).values_list("revision", flat=True).first()
        if now is not None and now != revision:
            raise EditedMeanwhile(
                _("Somebody changed %(code)s while you wrote. Both texts are shown: choose, and save again.")
                % {"code": code}
            )


def content_store(draft: ToolDraft, before: Content, after: Content, revision: int) -> None:
    """Write what differs, and nothing else."""
    old, new = before.by_code, after.by_code
    places = {code: place for place, code in enumerate(old)}
    rows = {row.code: row for row in DraftQuestion.objects.filter(draft=draft)} if old else {}
    made, changed, moved = [], [], []
    for place, question in enumerate(after.questions):
        row = row_of_question(draft, place, question, revision)
        if question.code not in old:
            made.append(row)
        elif old[question.code] != question:
            row.pk = rows[question.code].pk
            changed.append(row)
        elif places[question.code] != place:
            row.pk, row.revision = rows[question.code].pk, rows[question.code].revision
            moved.append(row)
    DraftQuestion.objects.filter(draft=draft, code__in=[code for code in old if code not in new]).delete()
    names = [one.name for one in DraftQuestion._meta.concrete_fields if one.name not in ("id", "draft", "code")]
    DraftQuestion.objects.bulk_update(changed, names, batch_size=100)
    DraftQuestion.objects.bulk_update(moved, ["position"], batch_size=100)
    DraftQuestion.objects.bulk_create(made, batch_size=100)
    _store_beside(draft, before, after)


def _store_beside(draft: ToolDraft, before: Content, after: Content) -> None:
    if before.links != after.links:
        DraftLineage.objects.filter(draft=draft).delete()
        DraftLineage.objects.bulk_create(
            DraftLineage(
                draft=draft,
                predecessor=one.predecessor,
                successor=one.successor,
                relation=one.relation,
                reason=one.reason,
            )
            for one in after.links
        )
    for code, key in before.legal - after.legal:
        DraftLegal.objects.filter(draft=draft, code=code, reference__key=key).delete()
    fresh = sorted(after.legal - before.legal)
    known = references_called({key for _code, key in fresh})
    DraftLegal.objects.bulk_create(DraftLegal(draft=draft, code=code, reference=known[key]) for code, key in fresh)
    if before.marks != after.marks:
        DraftMark.objects.filter(draft=draft).delete()
        DraftMark.objects.bulk_create(
            DraftMark(
                draft=draft,
                code=one.code,
                country=one.country,
                publicly_reported=one.publicly_reported,
                zero_tolerance=one.zero_tolerance,
            )
            for one in after.marks
        )
