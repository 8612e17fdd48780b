"""Writing a report: from data to a folder of files, the same bytes from the same snapshot."""

from __future__ import annotations

from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from django.db import transaction

from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.reports.content.derived import with_derived
from betterwork.modules.reports.content.sections import content_of
from betterwork.modules.reports.output.document import document
from betterwork.modules.reports.output.folder import folder_check, folder_write
from betterwork.modules.reports.output.page import page
from betterwork.modules.reports.output.sheets import csv_bytes, definition_text, files_of, workbook
from betterwork.modules.reports.rules import report_safe
from betterwork.modules.reports.values import ReportData, SafeReport

MADE = "report.made"
SHAPING = ("altair", "vl-convert-python", "typst", "xlsxwriter", "django", "duckdb", "ibis-framework")
"""The libraries that shape bytes of a report: another version of one may give other bytes."""


def report_write(*, data: ReportData, target: Path) -> SafeReport:
    """Write the synthesis report into the folder ``target``, whole or not at all, and return what it says.

    Raises :class:`BetterWorkError` when ``target`` holds anything but an earlier report of ours.
    """
    folder_check(target)
    report = with_derived(report_safe(data))
    folder_write(target, report_files(report=report), report_about(report=report))
    return report


def report_make(*, actor: str, data: ReportData, target: Path, at: datetime) -> SafeReport:
    """Write the synthesis report as :func:`report_write` does, and say in the ledger who made it from what.

    The entry stands or falls with the folder. Raises :class:`BetterWorkError` as :func:`report_write` does.
    """
    folder_check(target)
    report = with_derived(report_safe(data))
    files, about = report_files(report=report), report_about(report=report)
    content = {
        **about["parameters"],
        "snapshot": about["snapshot"]["name"],
        "digest": about["snapshot"]["digest"],
        "documents": about["snapshot"]["documents"],
        "files": len(files),
    }
    subject = f"report synthesis {content['country']} {content['from']} {content['to']}"
    with transaction.atomic():
        entry_append(kind=AUDIT, action=MADE, actor=actor, subject=subject, content=content, at=at)
        folder_write(target, files, about)
    return report


def report_files(*, report: SafeReport) -> dict[str, bytes]:
    """Every file of the report but its manifest: path inside the folder → bytes."""
    content = content_of(report)
    frame = report.frame
    files = {"index.html": page(content, frame.country)}
    files["report.pdf"] = document(
        content,
        taken_at=frame.snapshot.taken_at,
        keywords=(frame.country, "labour standards", "compliance", *(("simulated data",) if frame.simulated else ())),
    )
    files["tables.xlsx"] = workbook(report)
    for table in files_of(report):
        files[f"tables/{table.name}.csv"] = csv_bytes(table)
        files[f"tables/{table.name}.definition.txt"] = definition_text(table, frame)
    for chart in content.charts():
        files[f"charts/{chart.name}.svg"] = chart.wide.encode("utf-8")
    return files


def report_about(*, report: SafeReport) -> dict[str, Any]:
    """What made a report, as its manifest says it."""
    frame = report.frame
    return {
        "report": "synthesis",
        "simulated": frame.simulated,
        "parameters": {
            "country": frame.country,
            "from": frame.start.isoformat(),
            "to": frame.end.isoformat(),
            "minimum_group": frame.minimum_group,
            "minimum_group_source": frame.minimum_source,
        },
        "snapshot": {
            "name": frame.snapshot.name,
            "digest": frame.snapshot.digest,
            "documents": frame.snapshot.documents,
            "taken_at": frame.snapshot.taken_at,
        },
        "rules": dict(frame.rules),
        "code_version": frame.snapshot.code_version,
        "libraries": {name: _version(name) for name in SHAPING},
    }


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"
