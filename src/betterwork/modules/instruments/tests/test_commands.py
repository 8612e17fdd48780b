"""The commands of drafts, and what importing may and may not claim."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.modules.bodies.tests import worlds as bodies
from betterwork.modules.instruments.commands import tool
from betterwork.modules.instruments.models import ToolDraft, ToolVersion
from betterwork.modules.instruments.queries import version_on
from betterwork.modules.instruments.tests.worlds import again, begun, decided, ready

pytestmark = pytest.mark.django_db


def run(*words: str) -> Result:
    return CliRunner().invoke(tool, words)


@pytest.mark.capability("B2", "P1")
def test_a_draft_goes_its_way_by_command(cast) -> None:
    body, seats = bodies.committee(cast)
    key = run("draft", "2027-VN", "--country", "Viet Nam", "--from", "2014").output.strip()
    draft = ToolDraft.objects.get(key=key)
    assert f"{key}  garment 2027-VN  VN  draft" in run("drafts").output
    shown = run("missing", key)
    assert shown.exit_code == 1
    assert "missing  Nothing differs" in shown.output
    ready(draft)
    assert run("missing", key).exit_code == 0
    assert "submitted" in run("submit", key).output
    result = run("seal", key, "--in-force-from", "2027-01-01")
    assert isinstance(result.exception, BetterWorkError)
    found = again(draft)
    meeting = bodies.meeting_of(body, *seats.values(), day=found.submitted_at.date())
    decided(found, meeting, at=found.submitted_at)
    shown = run("seal", key, "--in-force-from", "2100-01-01")
    assert "sealed, in force from 2100-01-01, Trial committee, decision 1" in shown.output, shown
    assert "VN  2027-VN  from 2100-01-01  no end  Trial committee" in run("in-force").output


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("draft", "x", "--tool", "none"), "no tool"),
        (("draft", "x", "--from", "1999"), "no version"),
        (("draft", "x", "--country", "Atlantis"), "no country"),
        (("submit", "none"), "no draft none"),
        (("missing", "none"), "no draft none"),
        (("seal", "none", "--in-force-from", "2027-01-01"), "no draft none"),
    ],
)
def test_a_wrong_word_is_said_in_one_line(words, message: str) -> None:
    result = run(*words)
    assert isinstance(result.exception, WrongUse)
    assert message in str(result.exception)


@pytest.mark.capability("L2")
def test_a_file_claims_no_approval_and_is_in_force_nowhere(tmp_path: Path) -> None:
    file = tmp_path / "tool.csv"
    run("export", "2014", "--format", "csv", "-o", str(file))
    words = ["import", str(file), "--tool", "garment", "--version", "2019", "--in-force-from", "2019-01-01"]
    for state in ("sealed", "unchanged"):
        result = run(*words, "--approval", "approved by everybody")
        assert f": {state}" in result.output, result
    row = ToolVersion.objects.get(version="2019")
    assert row.approval == "entered without a decision of this platform; the file says: approved by everybody"
    assert version_on("garment", "VN", date(2020, 1, 1)).version == "2014"
    exported = tmp_path / "tool.json"
    run("export", "2019", "-o", str(exported))
    assert "unchanged" in run("import", str(exported)).output


def test_a_draft_of_another_country_is_none_of_hers() -> None:
    from betterwork.foundation.doors.actor import Actor, Held
    from betterwork.modules.instruments.policy import DRAFTS_SUBMIT, may_write_for

    abroad = Actor("p-x", frozenset({Held("country-manager", "country:JO")}))
    assert not DRAFTS_SUBMIT.may(abroad, begun())
    assert may_write_for(abroad, "JO")
    assert not may_write_for(abroad, "VN")
    assert not may_write_for(abroad, "")
