"""Taking a file into a draft: tried first, so that what will change is seen, then taken in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from betterwork.core.errors import WrongUse
from betterwork.core.instrument import Question, ToolVersion, TranslatedText
from betterwork.foundation.translations.models import Translation
from betterwork.foundation.translations.rules import OPEN, STALE
from betterwork.modules.instruments.difference import Compared, as_version, compared, difference
from betterwork.modules.instruments.draft_services import draft_replace
from betterwork.modules.instruments.drafts import draft_content, references_called
from betterwork.modules.instruments.exchange_fields import ToolFile
from betterwork.modules.instruments.models import ToolDraft
from betterwork.modules.instruments.rules import version_check
from betterwork.modules.instruments.translating import FIELDS, question_translate, source_of

_AT_ONCE = 400
_NOW, _FILE = "as it stands", "the file"


@dataclass(frozen=True, slots=True)
class FilePreview:
    """What taking a file would change in a draft."""

    rows: tuple[Compared, ...]
    translations: tuple[TranslatedText, ...]
    """Those whose words are not in the register of translations yet: they will be proposed."""
    beside: tuple[str, ...]
    """What else would change, in words."""

    @property
    def empty(self) -> bool:
        """Whether nothing at all would change."""
        return not (self.rows or self.translations or self.beside)


def draft_file(draft: ToolDraft) -> ToolFile:
    """A draft as a file holds it, with the translations that wait for somebody or are approved."""
    version, lineage = draft_content(draft)
    texts = translations_now(draft.tool.code, version.questions)
    return ToolFile(replace(version, translations=texts), lineage)


def translations_now(tool: str, questions: Sequence[Question]) -> tuple[TranslatedText, ...]:
    """The translations of these very words: the one that waits, else the approved one."""
    wanted = {
        (source.subject, source.field): (question.code, field)
        for question in questions
        for field in FIELDS
        if getattr(question, field).strip()
        for source in (source_of(tool, question, field),)
    }
    subjects = sorted({subject for subject, _field in wanted})
    found: dict[tuple[str, str, str], tuple[bool, str]] = {}
    for start in range(0, len(subjects), _AT_ONCE):
        rows = Translation.objects.filter(subject__in=subjects[start : start + _AT_ONCE]).exclude(state=STALE)
        for subject, field, language, state, text in rows.values_list("subject", "field", "language", "state", "text"):
            if (subject, field) in wanted:
                key = (*wanted[subject, field], language)
                found[key] = max(found.get(key, (False, "")), (state in OPEN, text))
    return tuple(TranslatedText(*key, text) for key, (_open, text) in sorted(found.items()))


def draft_file_preview(*, actor: str, draft: ToolDraft, file: ToolFile, at: datetime) -> FilePreview:
    """What taking the file would change. It is tried and taken back, so that what would be refused is refused now.

    Raises what :func:`draft_file_take` raises.
    """
    before = draft_file(draft)
    with transaction.atomic():
        _take(actor=actor, draft=draft, file=file, at=at)
        transaction.set_rollback(True)
    return _preview(before, file)


@transaction.atomic
def draft_file_take(*, actor: str, draft: ToolDraft, file: ToolFile, seen: int, at: datetime) -> ToolDraft:
    """Put what the file holds in the place of what the draft holds; undo takes the questions back.

    Translations that are new are proposed, for a second person to review. ``seen``: the draft's revision when the file
    was looked at. Raises WrongUse when somebody changed it since, when the file is of another tool or country, or names
    law that the register has not; and what the services of drafts and translations raise.
    """
    found = ToolDraft.objects.select_for_update().get(pk=draft.pk)
    if found.revision != seen:
        raise WrongUse(_("Somebody changed the draft since you looked. Choose the file again and look anew."))
    return _take(actor=actor, draft=draft, file=file, at=at)


def _take(*, actor: str, draft: ToolDraft, file: ToolFile, at: datetime) -> ToolDraft:
    version = file.version
    if version.tool != draft.tool.code:
        words = _("This file is of the tool “%(file)s”, and the draft of “%(tool)s”.")
        raise WrongUse(words % {"file": version.tool, "tool": draft.tool.code})
    if version.country != draft.country:
        words = _("This file is for the country “%(file)s”, and the draft for “%(draft)s”.")
        raise WrongUse(words % {"file": version.country, "draft": draft.country})
    version_check(version)
    before = draft_file(draft)
    _codes_check(before, file)
    known = references_called({link.reference for link in version.legal})
    if missing := sorted({link.reference for link in version.legal} - set(known)):
        words = _("The register of law has no %(key)s: add it there first, or take it out of the file.")
        raise WrongUse(words % {"key": ", ".join(missing[:3])})
    taken = draft
    if _is_other(before, file):
        taken = draft_replace(actor=actor, draft=draft, version=version, lineage=file.lineage, at=at)
    asked = version.by_code
    for one in _fresh(draft.tool.code, version):
        words_of = asked[one.code]
        question_translate(
            actor=actor,
            tool=draft.tool.code,
            question=words_of,
            field=one.field,
            language=one.language,
            text=one.text,
            at=at,
        )
    return taken


def _codes_check(before: ToolFile, file: ToolFile) -> None:
    """What stands beside a question goes with it when it is taken out; of a question that never was it is a mistake."""
    asked = {*file.version.by_code, *before.version.by_code}
    version = file.version
    beside = {
        "translations": [one.code for one in version.translations],
        "legal": [one.code for one in version.legal],
        "marks": [one.code for one in version.marks],
    }
    for name, codes in beside.items():
        unknown = next((code for code in codes if code not in asked), None)
        if unknown is not None:
            words = _("Under %(part)s the file names the question %(code)s, which it does not ask.")
            raise WrongUse(words % {"part": name, "code": unknown})


def _is_other(before: ToolFile, file: ToolFile) -> bool:
    mine, its = before.version, file.version
    legal = {(one.code, one.reference) for one in mine.legal} != {(one.code, one.reference) for one in its.legal}
    marks = set(mine.marks) != set(its.marks)
    return mine.questions != its.questions or legal or marks or _links(before) != _links(file)


def _links(file: ToolFile) -> set[tuple[str, str, str, str]]:
    return {(one.predecessor, one.successor, str(one.relation), one.reason) for one in file.lineage}


def _fresh(tool: str, version: ToolVersion) -> list[TranslatedText]:
    now = set(translations_now(tool, version.questions))
    asked = version.by_code
    return [one for one in version.translations if one not in now and one.text.strip() and one.code in asked]


def _preview(before: ToolFile, file: ToolFile) -> FilePreview:
    old, new = as_version(before.version, _NOW), as_version(file.version, _FILE)
    changes = difference(old, new, [old, new], (), with_same=True)
    rows = tuple(row for row in compared(old, new, changes) if row.says_something)
    beside = []
    if [one.code for one in old.questions] != [one.code for one in new.questions] and not rows:
        beside.append(_("The questions stand in another order."))
    if _links(before) != _links(file):
        beside.append(_("The lineage is another one."))
    asked = new.by_code
    if {(x.code, x.reference) for x in old.legal if x.code in asked} != {
        (x.code, x.reference) for x in new.legal if x.code in asked
    }:
        beside.append(_("Questions rest on other law of the register."))
    if set(old.marks) != set(new.marks):
        beside.append(_("Countries mark questions otherwise."))
    return FilePreview(rows, tuple(_fresh(file.version.tool, file.version)), tuple(beside))
