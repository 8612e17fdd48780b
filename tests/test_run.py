"""What the root conftest promises to every test."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.services import document_seal
from betterwork.foundation.ledger.seals import missing_seals

ROOT = Path(__file__).parents[1]
WHEN = datetime(2014, 2, 1, tzinfo=UTC)


def test_the_home_of_the_tests_is_not_the_persons_own() -> None:
    assert settings.BETTERWORK_HOME.resolve() != (ROOT / "var").resolve()
    assert os.environ["BETTERWORK_HOME"] == str(settings.BETTERWORK_HOME)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("again", [False, True])
def test_a_test_that_commits_is_cleaned_up_and_leaves_the_seals_on(again: bool) -> None:
    """Run twice: the second finds what the first left, which is nothing but the seals."""
    assert not SealedDocument.objects.filter(kind="try").exists()
    assert missing_seals() == []
    document_seal(kind="try", key="1", sections={"programme": {"a": 1}}, at=WHEN)
    with pytest.raises(Exception, match="is sealed"):
        SealedDocument.objects.filter(kind="try").update(reason="changed")
    assert connection.vendor in {"sqlite", "postgresql"}


SKIPPING = """
import pytest

@pytest.mark.skip(reason="by a mark")
def test_skipped_by_a_mark():
    pass

def test_skipped_inside():
    pytest.skip("inside")

@pytest.mark.skip(reason="../shared is not here")
def test_of_what_lies_outside_the_project():
    pass

@pytest.mark.xfail(reason="known", strict=True)
def test_known_to_fail():
    assert False

def test_that_passes():
    pass
"""


@pytest.mark.parametrize(
    ("no_skips", "outcomes"),
    [
        ("0", {"passed": 1, "skipped": 3, "xfailed": 1}),
        ("1", {"passed": 1, "skipped": 1, "failed": 1, "errors": 1, "xfailed": 1}),
    ],
)
def test_a_skipped_test_is_a_failure_where_nothing_may_be_skipped(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, no_skips: str, outcomes: dict[str, int]
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("BETTERWORK_NO_SKIPS", no_skips)
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(test_small=SKIPPING)
    pytester.makeconftest((ROOT / "conftest.py").read_text(encoding="utf-8"))
    pytester.makeini(
        "[pytest]\nmarkers = capability(letter): shown\nDJANGO_SETTINGS_MODULE = betterwork.entry.settings\n"
    )
    pytester.runpytest_subprocess("-n", "0").assert_outcomes(**outcomes)


def test_a_file_that_skips_itself_is_a_failure_there_too(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("BETTERWORK_NO_SKIPS", "1")
    for name in ("PYTEST_ADDOPTS", "PYTEST_XDIST_WORKER"):
        monkeypatch.delenv(name, raising=False)
    pytester.makepyfile(test_small="import pytest\n\npytest.importorskip('no_such_package')\n")
    pytester.makeconftest((ROOT / "conftest.py").read_text(encoding="utf-8"))
    pytester.makeini(
        "[pytest]\nmarkers = capability(letter): shown\nDJANGO_SETTINGS_MODULE = betterwork.entry.settings\n"
    )
    assert pytester.runpytest_subprocess("-n", "0").ret != 0
