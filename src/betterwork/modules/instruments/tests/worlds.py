"""SIMULATED drafts for the tests: begun, changed, put before a committee, approved, sealed."""

from __future__ import annotations

from datetime import date
from typing import Any

from betterwork.modules.bodies.models import Matter
from betterwork.modules.bodies.tests import worlds as bodies
from betterwork.modules.instruments.drafts import draft_called
from betterwork.modules.instruments.models import Tool, ToolDraft, ToolVersion
from betterwork.modules.instruments.services import (
    draft_create,
    draft_question_edit,
    draft_settings_set,
    draft_submit,
)

AT = bodies.AT
FROM = date(2027, 1, 1)
WHY = "the labour code changed"
CODE = "OSH-8-07"


def begun(version: str = "2027-VN", country: str = "VN", by: str = "p-manager") -> ToolDraft:
    """A draft from the version in force."""
    tool = Tool.objects.get(code="garment")
    base = ToolVersion.objects.get(tool="garment", version="2014")
    return draft_create(actor=by, tool=tool, version=version, country=country, based_on=base, at=AT)


def changed(
    draft: ToolDraft, code: str = CODE, text: str = "Is any exit blocked?", by: str = "p-manager", **more: Any
) -> ToolDraft:
    """One question reworded, with its reason."""
    given = {"changes": {"text": text}, "reason": WHY, "at": AT, **more}
    return draft_question_edit(actor=by, draft=draft, code=code, **given)


def ready(draft: ToolDraft) -> ToolDraft:
    """A draft from which nothing is missing."""
    changed(draft)
    return draft_settings_set(actor="p-manager", draft=draft, version=draft.version, in_force_from=FROM, at=AT)


def submitted(draft: ToolDraft | None = None) -> ToolDraft:
    """A draft before the committee."""
    return draft_submit(actor="p-manager", draft=ready(draft or begun()), url="/tools/", at=AT)


def decided(draft: ToolDraft, meeting: Any, outcome: str = "approved", **more: Any) -> Any:
    """What the committee decided on it."""
    matter = Matter.objects.get(pk=draft.matter)
    return bodies.approved(meeting, matter=matter, outcome=outcome, text="The tool.", **more)


def again(draft: ToolDraft) -> ToolDraft:
    """As it is stored now."""
    found = draft_called(draft.key)
    assert found is not None
    return found
