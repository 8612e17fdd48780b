"""Writing drafts: each service is one step of drafting, stored with what undoes it and entered in the ledger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import uuid_utils
from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import CountryMark, Lineage, Question
from betterwork.core.instrument import ToolVersion as Version
from betterwork.foundation.ledger.auditing import audited
from betterwork.modules.countries.queries import country_of_code
from betterwork.modules.instruments import drafting, merging
from betterwork.modules.instruments.changes import codes_touched, part_put
from betterwork.modules.instruments.draft_models import DROPPED
from betterwork.modules.instruments.draft_storing import (
    EditedMeanwhile as EditedMeanwhile,
)
from betterwork.modules.instruments.draft_storing import (
    content_store,
    draft_open,
    draft_state,
    draft_subject,
    step_enter,
    step_take,
)
from betterwork.modules.instruments.drafting_parts import new_code_check, upper_refusal
from betterwork.modules.instruments.drafts import (
    draft_read,
    references_called,
)
from betterwork.modules.instruments.lineage import Content, Frame, NotInADraft, begun_from, links_read_off
from betterwork.modules.instruments.models import (
    DraftChange,
    Tool,
    ToolDraft,
    ToolVersion,
    VersionLegal,
)
from betterwork.modules.instruments.queries import version_of_row

MOST_QUESTIONS = 2_000
ADDRESSES = frozenset({"drafts", "law", "new", "submitted"})


@audited("tool.made", subject=lambda one: f"tool {one.code}", state=lambda one: {"title": one.title, "of": one.country})
def tool_make(
    *, actor: str, code: str, title: str, instrument: str, country: str = "", about: str = "", at: datetime
) -> Tool:
    """Have a tool to write versions of. Raises :class:`WrongUse` for a code that is taken or none, and for no title."""
    _name_check(code)
    if code in ADDRESSES:
        raise WrongUse(_("%(code)s is a word of the platform's addresses: choose another one.") % {"code": code})
    if country:
        _country_check(country)
    if instrument not in Tool.KINDS or not title.strip():
        raise WrongUse(_("Say what the tool is called and of which kind it is."))
    if Tool.objects.filter(code=code).exists():
        raise WrongUse(_("There is a tool called %(code)s already.") % {"code": code})
    return Tool.objects.create(
        code=code, title=title.strip()[:120], instrument=instrument, country=country, about=about.strip()
    )


@audited("tool.draft.made", subject=draft_subject, state=draft_state)
def draft_create(
    *, actor: str, tool: Tool, version: str, country: str = "", based_on: ToolVersion | None = None, at: datetime
) -> ToolDraft:
    """Begin a draft: from a sealed version of the tool, or empty. ``country`` empty: for all countries.

    Raises :class:`WrongUse` for a name that a version or an open draft has, another country than the tool's, and a
    base of another tool.
    """
    _name_check(version)
    if country:
        _country_check(country)
    if tool.country and country != tool.country:
        raise WrongUse(_("This tool is one country's: write its versions for that country."))
    if based_on is not None and based_on.tool != tool.code:
        raise WrongUse(_("A draft begins from a version of the same tool."))
    _version_free_check(tool, version)
    draft = ToolDraft.objects.create(
        key=uuid_utils.uuid7().hex,
        tool=tool,
        version=version,
        country=country,
        based_on=based_on,
        made_by=actor,
        made_at=at,
    )
    if based_on is not None:
        base = version_of_row(based_on)[0]
        law = VersionLegal.objects.filter(tool=tool.code, version=based_on.version)
        content_store(draft, Content(), begun_from(base, law.values_list("code", "reference__key")), 0)
    return draft


def _version_free_check(tool: Tool, version: str) -> None:
    if ToolVersion.objects.filter(tool=tool.code, version=version).exists():
        raise WrongUse(_("Version %(name)s is sealed already: choose another name.") % {"name": version})
    if ToolDraft.objects.filter(tool=tool, version=version).exclude(state=DROPPED).exists():
        raise WrongUse(_("There is a draft of version %(name)s already: choose another name.") % {"name": version})


def _country_check(code: str) -> None:
    try:
        country_of_code(code)
    except KeyError as error:
        raise WrongUse(_("There is no country programme called %(code)s.") % {"code": code}) from error


def _name_check(name: str) -> None:
    signs = name.isascii() and name.replace("-", "").replace(".", "").replace("_", "").isalnum()
    if not signs or len(name) > 40 or name.strip(".") != name:
        raise WrongUse(_("A name is 1 to 40 letters, digits, hyphens, points and underscores: 2026-VN."))


@audited("tool.draft.set", subject=draft_subject, state=draft_state, of="draft")
def draft_settings_set(
    *, actor: str, draft: ToolDraft, version: str, in_force_from: date | None, at: datetime
) -> ToolDraft:
    """Say how the version is called and from which day it is to be in force."""
    found = draft_open(draft)
    _name_check(version)
    if version != found.version:
        _version_free_check(found.tool, version)
    found.version, found.in_force_from = version, in_force_from
    found.save(update_fields=["version", "in_force_from"])
    return found


@audited("tool.draft.dropped", subject=draft_subject, state=draft_state, of="draft")
def draft_drop(*, actor: str, draft: ToolDraft, at: datetime) -> ToolDraft:
    """Give a draft up: it is kept and can be read, its name is free again. Raises WrongUse for one before the body."""
    found = draft_open(draft)
    found.state = DROPPED
    found.save(update_fields=["state"])
    return found


# --- steps --------------------------------------------------------------------------------------


def draft_question_edit(
    *,
    actor: str,
    draft: ToolDraft,
    code: str,
    changes: Mapping[str, Any],
    reason: str = "",
    seen: int | None = None,
    at: datetime,
) -> ToolDraft:
    """Change a question in place. ``seen``: its revision when it was opened.

    Raises :class:`EditedMeanwhile` when somebody changed it since, and :class:`NotInADraft`.
    """
    return step_take(actor, draft, "edited", at, lambda frame, content: drafting.question_edited(
        frame, content, code, changes, reason), seen={code: seen})  # fmt: skip


def draft_question_add(
    *, actor: str, draft: ToolDraft, question: Question, after: str = "", reason: str = "", at: datetime
) -> ToolDraft:
    """Ask something new. Raises :class:`NotInADraft`."""
    return step_take(actor, draft, "added", at, lambda frame, content: drafting.question_added(
        frame, content, question, after=after, reason=reason))  # fmt: skip


def draft_question_withdraw(
    *, actor: str, draft: ToolDraft, code: str, reason: str, seen: int | None = None, at: datetime
) -> ToolDraft:
    """Ask it no longer. Raises :class:`NotInADraft` without a reason."""
    return step_take(actor, draft, "withdrawn", at, lambda frame, content: drafting.question_withdrawn(
        frame, content, code, reason), seen={code: seen})  # fmt: skip


def draft_question_restore(*, actor: str, draft: ToolDraft, code: str, at: datetime) -> ToolDraft:
    """Ask a withdrawn question again. Raises :class:`NotInADraft`."""
    return step_take(
        actor, draft, "restored", at, lambda frame, content: drafting.question_restored(frame, content, code)
    )


def draft_question_move(
    *, actor: str, draft: ToolDraft, code: str, point_code: str, after: str = "", reason: str = "", at: datetime
) -> ToolDraft:
    """Ask it under another point, or elsewhere in its own: behind ``after``, first of the point without."""
    return step_take(actor, draft, "moved", at, lambda frame, content: drafting.question_moved(
        frame, content, code, point_code, after=after, reason=reason))  # fmt: skip


def draft_question_split(
    *, actor: str, draft: ToolDraft, code: str, parts: Sequence[tuple[str, str]], reason: str,
    seen: int | None = None, at: datetime,
) -> ToolDraft:  # fmt: skip
    """Ask one question as several, each (code, text). Raises :class:`NotInADraft`."""
    return step_take(actor, draft, "split", at, lambda frame, content: merging.question_split(
        frame, content, code, parts, reason), seen={code: seen})  # fmt: skip


def draft_questions_merge(
    *, actor: str, draft: ToolDraft, codes: Sequence[str], successor: str, text: str, reason: str, at: datetime
) -> ToolDraft:
    """Ask several questions as one. Raises :class:`NotInADraft`."""
    return step_take(actor, draft, "merged", at, lambda frame, content: merging.questions_merged(
        frame, content, codes, successor, text, reason))  # fmt: skip


def draft_parts_join(*, actor: str, draft: ToolDraft, code: str, at: datetime) -> ToolDraft:
    """Take a split or a merge back. Raises :class:`NotInADraft`."""
    return step_take(actor, draft, "joined", at, lambda frame, content: merging.parts_joined(frame, content, code))


def draft_labels_set(*, actor: str, draft: ToolDraft, level: str, code: str, label: str, at: datetime) -> ToolDraft:
    """Call a cluster or a point otherwise. Raises :class:`NotInADraft` in a country's draft of a tool for all."""
    return step_take(actor, draft, "labelled", at, lambda frame, content: drafting.labels_set(
        frame, content, level=level, code=code, label=label))  # fmt: skip


def draft_laws_set(*, actor: str, draft: ToolDraft, code: str, references: Iterable[str], at: datetime) -> ToolDraft:
    """Say on which references of the register a question rests. Raises WrongUse for a key that is none."""
    keys = sorted(set(references))
    if unknown := set(keys) - set(references_called(keys)):
        raise WrongUse(_("The register of law has no %(keys)s.") % {"keys": ", ".join(sorted(unknown))})
    return step_take(actor, draft, "law", at, lambda frame, content: drafting.laws_set(content, code, keys))


def draft_mark_set(*, actor: str, draft: ToolDraft, mark: CountryMark, at: datetime) -> ToolDraft:
    """Say how a country marks a question: publicly reported, serious. Raises WrongUse for another country's draft."""
    _country_check(mark.country)
    if draft.country and mark.country != draft.country:
        raise WrongUse(_("A country's draft marks questions for that country alone."))
    return step_take(actor, draft, "marked", at, lambda frame, content: drafting.mark_set(content, mark))


def draft_reason_set(*, actor: str, draft: ToolDraft, code: str, reason: str, at: datetime) -> ToolDraft:
    """Say why what became of a question became of it. Raises :class:`NotInADraft` for one that is the same."""
    return step_take(actor, draft, "reasoned", at, lambda frame, content: drafting.reasons_set(content, code, reason))


def draft_replace(
    *, actor: str, draft: ToolDraft, version: Version, lineage: Sequence[Lineage], at: datetime
) -> ToolDraft:
    """Put the whole content of a file in the place of the draft's; what the lineage does not say is read off.

    One change, which undo takes back. Raises :class:`NotInADraft` for what no step could have made: a code that was
    another question, other clusters and points in a country's draft.
    """
    if len(version.questions) > MOST_QUESTIONS:
        raise WrongUse(_("A tool has at most %(most)d questions.") % {"most": MOST_QUESTIONS})

    def replaced(frame: Frame, content: Content) -> Content:
        codes = [one.code for one in version.questions]
        if len(set(codes)) < len(codes):
            raise NotInADraft(_("A code stands twice in the file."))
        for question in version.questions:
            if question.code not in frame.asked and question.code not in content.by_code:
                new_code_check(frame, Content(), question.code)
        levels = {(one.cluster_code, one.cluster, one.point_code, one.point) for one in version.questions}
        if frame.national and frame.base:
            base = frame.base.questions
            theirs = {(one.cluster_code, one.cluster, one.point_code, one.point) for one in base}
            if other := sorted(levels ^ theirs):
                raise NotInADraft(upper_refusal(other[0][3]))
        links = links_read_off(frame, version.questions, lineage)
        legal = {(link.code, link.reference) for link in version.legal if link.code in set(codes)}
        known = references_called({key for _code, key in legal})
        kept = {one for one in content.legal if one[0] in set(codes)} if not version.legal else set()
        marks = tuple(mark for mark in version.marks if mark.code in set(codes))
        return Content(version.questions, links, frozenset({one for one in legal if one[1] in known} | kept), marks)

    return step_take(actor, draft, "replaced", at, replaced)


def draft_undo(*, actor: str, draft: ToolDraft, at: datetime) -> ToolDraft:
    """Take back the last change that was not taken back yet. It must be one's own.

    Raises :class:`NotInADraft` when there is none, or when somebody else made it.
    """
    with transaction.atomic():
        found = draft_open(draft)
        last = DraftChange.objects.filter(draft=found, undone=False).order_by("-revision").first()
        if last is None:
            raise NotInADraft(_("There is nothing to take back."))
        if last.by != actor:
            raise NotInADraft(_("Somebody else made the last change: talk to her, or change it anew."))
        before = draft_read(found)
        after = part_put(before, last.before)
        content_store(found, before, after, found.revision + 1)
        last.undone = True
        last.save(update_fields=["undone"])
        found.revision += 1
        found.save(update_fields=["revision"])
        step_enter(found, actor, f"undone {last.action}", codes_touched(before, after), last.before, at)
        return found
