"""A report asked for on a page, made by a job, kept with digests, endorsed, released, withdrawn."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from betterwork.core.errors import BetterWorkError, WrongUse
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.queries import document_faults, document_sections
from betterwork.foundation.files.queries import file_bytes
from betterwork.foundation.jobs.models import Job
from betterwork.foundation.jobs.testing import jobs_run_all
from betterwork.foundation.ledger.models import Entry
from betterwork.foundation.releases.models import Release
from betterwork.foundation.releases.services import release_withdraw
from betterwork.modules.bodies.tests.worlds import CONSENSUS, committee, meeting_of
from betterwork.modules.evidence.services import store_build
from betterwork.modules.evidence.tests.pages_world import few
from betterwork.modules.evidence.tests.sample import seal
from betterwork.modules.reports.asking import report_ask
from betterwork.modules.reports.giving import report_bring, report_release
from betterwork.modules.reports.keeping import report_keep
from betterwork.modules.reports.models import Report, ReportFile
from betterwork.modules.reports.policy import (
    FILES_READ,
    FILES_RECEIVED,
    REPORTS_READ,
    REPORTS_RECEIVED,
    REPORTS_RELEASE,
)

pytestmark = [pytest.mark.django_db, pytest.mark.capability("I3")]
STARTS, ENDS = date(2014, 1, 1), date(2015, 12, 31)


@pytest.fixture
def evidence(settings: Any, tmp_path: Path) -> None:
    """Viet Nam's assessments, built."""
    settings.BETTERWORK_HOME = tmp_path
    location = {"location": str(tmp_path / "files")}
    stored = {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": location}
    settings.STORAGES = {**settings.STORAGES, "files": stored}
    seal(few())
    store_build(at=timezone.now())


@pytest.fixture
def light(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files without drawing and typesetting: seconds saved where the test is not about them."""
    from betterwork.modules.reports import services

    def files(*, report: Any) -> dict[str, bytes]:
        page = b"<!doctype html><title>Report</title><a href='tables/one.csv'>table</a>"
        return {"index.html": page, "report.pdf": b"%PDF-1.7 made", "tables/one.csv": b"country\n"}

    monkeypatch.setattr(services, "report_files", files)


@pytest.fixture
def kept(evidence: None, light: None) -> Report:
    """A report that is made."""
    return make()


def make(**more: Any) -> Report:
    at = timezone.now()
    words = {"actor": "p-global", "country": "VN", "starts": STARTS, "ends": ENDS, "snapshot": "", "at": at, **more}
    return report_keep(actor="p-global", report=report_ask(**words, by_job=False).pk, at=at)


def text(answer: Any) -> str:
    return answer.content.decode()


def endorsed(cast: Any, report: Report) -> Any:
    """The committee decides, with all three sides and its chair."""
    from betterwork.modules.bodies.rules import APPROVED
    from betterwork.modules.bodies.services import decision_take

    at = timezone.now()
    body, seats = committee(cast)
    matter = report_bring(actor="p-manager", report=report, at=at)
    meeting = meeting_of(body, *seats.values(), day=at.date())
    words = {"text": "The report is endorsed.", "outcome": APPROVED, "ballot": CONSENSUS, "matter": matter}
    return decision_take(actor="operator", meeting=meeting, at=at, **words)


def test_from_asking_on_the_page_to_the_files(cast, evidence):
    client = cast.client("manager")
    answer = client.post("/reports/ask/", {"country": "VN", "starts": "2014-01-01", "ends": "2015-12-31"})
    url = answer.headers["Location"]
    waiting = text(client.get(url))
    assert "hx-get" in waiting and "Waiting" in waiting and "Read the report" not in waiting
    jobs_run_all(timezone.now)
    page = text(client.get(url))
    assert "Read the report" in page and "hx-get" not in page
    report = Report.objects.get()
    assert report.snapshot.startswith("VN-20140101-20151231-")
    sections = document_sections(report.document.body)
    assert sections["committee"] == sections["public"]
    named = sections["committee"]["files"]
    assert {"index.html", "report.pdf", "tables.xlsx"} <= set(named)
    assert document_faults(report.document) == []
    for row in report.files.select_related("file"):
        data = b"".join(file_bytes(row.file))
        assert hashlib.sha256(data).hexdigest() == named[row.path]
        if row.path in {"index.html", "report.pdf", "tables.xlsx", "tables/rates_by_point.csv"}:
            shown = client.get(f"/reports/files/{row.pk}")
            assert b"".join(shown.streaming_content) == data
            assert shown.headers["Content-Security-Policy"].startswith("sandbox allow-downloads;")
            assert ("attachment" in shown.headers["Content-Disposition"]) == (row.path != "index.html")


def test_made_again_from_its_snapshot_it_is_the_same_document(kept):
    again = make(snapshot=kept.snapshot)
    assert again.pk != kept.pk and again.document == kept.document
    assert SealedDocument.objects.filter(kind="synthesis report").count() == 1
    assert report_keep(actor="p-global", report=kept.pk, at=timezone.now()).made_at == kept.made_at
    assert Entry.objects.filter(action="report.kept").count() == 2


def test_another_rule_supersedes_and_says_why(kept, monkeypatch):
    from betterwork.modules.reports import queries

    monkeypatch.setattr(queries, "_minimum", lambda country, on, override: (8, "a later decision"))
    again = make(snapshot=kept.snapshot)
    assert again.document.supersedes == kept.document and again.document.reason


@pytest.mark.parametrize(
    "wrong",
    [{"starts": ENDS, "ends": STARTS}, {"country": "XX"}, {"snapshot": "nobody-sealed-this"}],
    ids=["turned round", "no programme", "no snapshot"],
)
def test_what_cannot_be_asked_for_is_refused(evidence, wrong):
    with pytest.raises(WrongUse):
        make(**wrong)
    assert not Report.objects.exists()


def test_a_period_without_assessments_fails_in_words_and_keeps_nothing(cast, evidence):
    client = cast.client("manager")
    answer = client.post("/reports/ask/", {"country": "VN", "starts": "2001-01-01", "ends": "2001-12-31"})
    for _attempt in range(3):
        Job.objects.update(due_at=timezone.now())
        jobs_run_all(timezone.now)
    page = text(client.get(answer.headers["Location"]))
    assert "no assessment of Viet Nam" in page
    assert not ReportFile.objects.exists() and Report.objects.get().document is None


def test_a_manager_asks_for_her_own_country_only(cast, evidence):
    words = {"country": "JO", "starts": "2014-01-01", "ends": "2015-12-31"}
    assert cast.client("manager").post("/reports/ask/", words).status_code == 422
    for word in ("advisor", "workers", "buyer", "nobody"):
        assert cast.client(word).get("/reports/ask/").status_code == 404


def test_without_the_decision_the_committee_is_not_given_it(cast, kept):
    from betterwork.modules.bodies.deciding import NotDecided

    with pytest.raises(NotDecided):
        report_release(actor="p-manager", report=kept, to="committee", at=timezone.now())
    answer = cast.client("manager").post(f"/reports/{kept.pk}/release/", {"to": "committee"})
    assert answer.status_code == 422
    assert not Release.objects.exists()


def test_asked_to_endorse_it_the_committee_may_read_it(cast, kept):
    committee(cast)
    url = f"/reports/received/{kept.pk}/"
    assert cast.client("workers").get(url).status_code == 404
    answer = cast.client("manager").post(f"/reports/{kept.pk}/bring/")
    assert answer.status_code == 302
    assert "index.html" in text(cast.client("workers").get(url))
    assert cast.client("manager").post(f"/reports/{kept.pk}/bring/").status_code == 302  # twice: nothing more
    assert Release.objects.count() == 1
    assert Release.objects.get().ends is not None


def test_without_a_committee_nobody_can_be_asked(cast, kept):
    answer = cast.client("manager").post(f"/reports/{kept.pk}/bring/")
    assert answer.status_code == 422
    assert not Release.objects.exists()


def test_endorsed_it_is_released_by_that_authority_read_and_withdrawn(cast, kept):
    decision = endorsed(cast, kept)
    answer = cast.client("manager").post(f"/reports/{kept.pk}/release/", {"to": "committee"})
    assert answer.status_code == 302
    release = Release.objects.get(rule="report.endorse")
    assert release.authority.startswith(f"Decision {decision.number} of ")
    assert (release.audience, release.scope, release.section) == ("committee", "country:VN", "committee")
    client = cast.client("employers")
    assert "Synthesis report: Viet Nam" in text(client.get("/releases/received/"))
    page = client.get(f"/reports/received/files/{kept.pk}/index.html")
    assert b"<title>Report</title>" in b"".join(page.streaming_content)
    assert client.get(f"/reports/files/{kept.pk}/index.html").status_code == 404
    for one in Release.objects.all():
        release_withdraw(actor="p-manager", release=one, reason="one table was wrong", at=timezone.now())
    assert client.get(f"/reports/received/files/{kept.pk}/index.html").status_code == 404


def test_donors_get_it_once_it_is_endorsed_and_nobody_else_does(cast, kept):
    with pytest.raises(WrongUse):
        report_release(actor="p-manager", report=kept, to="donors", at=timezone.now())
    endorsed(cast, kept)
    report_release(actor="p-manager", report=kept, to="donors", at=timezone.now())
    assert cast.client("donor").get(f"/reports/received/{kept.pk}/").status_code == 200
    for word in ("buyer", "factory", "researcher", "inspector", "nobody", "committee"):
        assert cast.client(word).get(f"/reports/received/{kept.pk}/").status_code == 404, word


def test_staff_of_the_country_read_it_without_a_release(cast, kept):
    for word in ("global", "advisor", "analyst"):
        assert cast.client(word).get(f"/reports/{kept.pk}/").status_code == 200
    for word in ("abroad", "workers", "donor", "auditor"):
        assert cast.client(word).get(f"/reports/{kept.pk}/").status_code == 404
    assert cast.client("advisor").get(f"/reports/{kept.pk}/release/").status_code == 404


def test_both_answers_of_each_policy_agree(cast, kept):
    endorsed(cast, kept)
    report_release(actor="p-manager", report=kept, to="donors", at=timezone.now())
    Report.objects.create(country="JO", starts=STARTS, ends=ENDS, asked_by="p-global", asked_at=timezone.now())
    for policy in (REPORTS_READ, REPORTS_RELEASE, REPORTS_RECEIVED, FILES_READ, FILES_RECEIVED):
        rows = list(policy.model._default_manager.all())
        for word in cast.everybody():
            actor = cast.actor(word)
            seen = set(policy.visible_to(actor))
            assert all(policy.may(actor, row) == (row in seen) for row in rows), (policy.name, word)


def test_the_list_of_many_reports_takes_few_queries(cast, django_assert_max_num_queries: Callable[..., Any]):
    at = timezone.now()
    Report.objects.bulk_create(
        Report(country="VN", starts=STARTS, ends=ENDS, asked_by="p-global", asked_at=at) for _ in range(3000)
    )
    client = cast.client("advisor")
    assert "Not made yet" in text(client.get("/reports/"))
    with django_assert_max_num_queries(8):
        assert client.get("/reports/?order=-starts&page=3").status_code == 200
    assert "A report stands here" in text(cast.client("abroad").get("/reports/"))


def test_the_command_keeps_a_report(evidence, light):
    from click.testing import CliRunner

    from betterwork.modules.reports.commands import report

    words = ["keep", "--country", "Viet Nam", "--from", "2014-01", "--to", "2015-12"]
    result = CliRunner().invoke(report, words, standalone_mode=False)
    assert result.exception is None, result.exception
    assert Report.objects.get().document.digest in result.output


def test_the_command_writes_a_kept_report_into_a_folder_as_report_synthesis_does(cast, evidence, light, tmp_path):
    from click.testing import CliRunner

    from betterwork.modules.reports.commands import report

    words = ["--country", "Viet Nam", "--from", "2014-01", "--to", "2015-12", "--snapshot"]
    for command in ("keep", "synthesis"):
        snapshot = Report.objects.get().snapshot if command == "synthesis" else ""
        result = CliRunner().invoke(report, [command, *words, snapshot, "-o", str(tmp_path / command)])
        assert result.exit_code == 0, result.output
    kept, made = (
        {path.relative_to(tmp_path / name).as_posix(): path.read_bytes() for path in (tmp_path / name).rglob("*.*")}
        for name in ("keep", "synthesis")
    )
    told, also = (files.pop("manifest.json") for files in (kept, made))
    assert kept == made and len(kept) == 3
    assert json.loads(told) == json.loads(also)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "mine.txt").write_text("mine")
    refused = CliRunner().invoke(report, ["keep", *words, "", "-o", str(tmp_path / "other")])
    assert isinstance(refused.exception, BetterWorkError) and Report.objects.count() == 1


def test_the_pages_do_not_import_what_sets_a_report():
    words = """
import django, sys
django.setup()
import betterwork.modules.reports.web.urls, betterwork.modules.reports.contributions, betterwork.modules.reports.jobs
sys.exit(", ".join({"altair", "vl_convert", "typst", "ibis", "duckdb", "pyarrow"} & set(sys.modules)) or 0)
"""
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
