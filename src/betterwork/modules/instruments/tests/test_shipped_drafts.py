"""Instruments that ship as drafts: whole, usable, ours in words, and approved by nobody."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib.resources import files

import pytest
from django.urls import reverse

from betterwork.core.instrument import Kind
from betterwork.modules.instruments.draft_models import DRAFT
from betterwork.modules.instruments.draft_services import draft_drop
from betterwork.modules.instruments.drafts import draft_content
from betterwork.modules.instruments.exchange_yaml import yaml_write
from betterwork.modules.instruments.models import Tool, ToolDraft, ToolInForce, ToolVersion
from betterwork.modules.instruments.rules import version_check
from betterwork.modules.instruments.shipped_drafts import SHIPPED, UNAPPROVED, shipped_draft_file, shipped_drafts_keep
from betterwork.modules.instruments.tests.worlds import AT

CODES = [one.code for one in SHIPPED]


@pytest.mark.capability("B6")
@pytest.mark.parametrize("code", CODES)
def test_a_shipped_draft_could_be_sealed_and_names_what_evidence_needs(code: str) -> None:
    version = shipped_draft_file(code).version
    version_check(version)
    asked = [one for one in version.questions if one.kind is Kind.COMPLIANCE]
    assert 30 <= len(asked) <= 60
    assert len({one.text.lower() for one in version.questions}) == len(version.questions)
    for one in asked:
        assert one.text.endswith("?") and one.noncompliant_answer and one.legal_basis, one.code
        assert "not approved by any body" in one.source
        assert not re.search(r"\d", one.text.replace("six months", "")), f"{one.code}: a figure needs a source"


@pytest.mark.django_db
@pytest.mark.capability("B6")
def test_they_are_there_as_drafts_after_the_migration_and_in_force_nowhere() -> None:
    for one in SHIPPED:
        draft = ToolDraft.objects.get(tool__code=one.code)
        assert (draft.state, draft.tool.instrument) == (DRAFT, one.instrument)
        assert draft.tool.about.startswith(UNAPPROVED)
        content, _links = draft_content(draft)
        assert content.questions == shipped_draft_file(one.code).version.questions
    assert not ToolVersion.objects.filter(tool__in=CODES).exists()
    assert not ToolInForce.objects.filter(tool__in=CODES).exists()


@pytest.mark.django_db
def test_keeping_them_again_changes_nothing_also_when_one_was_given_up() -> None:
    assert shipped_drafts_keep(at=AT) == []
    draft_drop(actor="p-global", draft=ToolDraft.objects.get(tool__code=CODES[0]), at=AT)
    assert shipped_drafts_keep(at=AT) == []
    assert ToolDraft.objects.filter(tool__code__in=CODES).count() == 2


@pytest.mark.django_db
def test_one_that_is_missing_is_made() -> None:
    tool = Tool.objects.get(code=CODES[0])
    ToolDraft.objects.filter(tool=tool).delete()
    tool.delete()
    assert shipped_drafts_keep(at=AT) == [CODES[0]]


@pytest.mark.django_db
@pytest.mark.capability("B6")
def test_they_stand_in_the_list_of_tools_and_say_what_they_are(cast) -> None:
    client = cast.client("global")
    shown = client.get(reverse("instruments:tools")).content.decode()
    for one in SHIPPED:
        assert one.title in shown
        page = client.get(reverse("instruments:tool", kwargs={"tool": one.code})).content.decode()
        assert "not approved by any body" in page
    assert replace(shipped_draft_file(CODES[0])).version.approval == "draft, not approved by any body"


@pytest.mark.capability("B6", "P1")
@pytest.mark.parametrize("code", CODES)
def test_the_shipped_file_is_written_again_to_the_byte(code: str) -> None:
    data = files("betterwork.modules.instruments").joinpath("data", f"{code}.yaml").read_bytes()
    head, _newline, rest = data.partition(b"\n")
    assert head.startswith(b"# ") and b"not approved by any body" in head
    assert yaml_write(shipped_draft_file(code)) == rest
