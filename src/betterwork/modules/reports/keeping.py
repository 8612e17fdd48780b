"""Making a report that was asked for and keeping it: files by their content, and a sealed document that names them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop

from betterwork.core.errors import BetterWorkError
from betterwork.foundation.documents.models import SealedDocument
from betterwork.foundation.documents.queries import document_sections
from betterwork.foundation.documents.services import document_prepare, documents_seal
from betterwork.foundation.files.queries import file_bytes
from betterwork.foundation.files.services import made_store
from betterwork.foundation.ledger.rules import AUDIT
from betterwork.foundation.ledger.services import entry_append
from betterwork.modules.countries.queries import country_of_code
from betterwork.modules.reports.asking import KIND, report_state
from betterwork.modules.reports.models import Report, ReportFile

KEPT = "report.kept"
SECTIONS = ("committee", "programme", "public")
"""A report is safe for all of them: what would speak of a small group is withheld from every one."""
SCHEMA = "betterwork.synthesis-report/1"
MEDIA_TYPES = {
    "html": "text/html",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv",
    "txt": "text/plain",
    "svg": "image/svg+xml",
}
Progress = Callable[[int, int, str], None]


def report_keep(*, actor: str, report: str, at: datetime, progress: Progress | None = None) -> Report:
    """Make a report and keep it. Done again it changes nothing; killed at any moment it is kept whole or not at all.

    The same snapshot, period and program give the same bytes, and so the same document. Raises
    :class:`BetterWorkError` when no assessment counts in the period, or there is no evidence yet.
    """
    from betterwork.modules.evidence.queries import store_open
    from betterwork.modules.reports.content.derived import with_derived
    from betterwork.modules.reports.queries import report_data
    from betterwork.modules.reports.rules import report_safe
    from betterwork.modules.reports.services import report_about, report_files

    row = Report.objects.filter(pk=report).first()
    if row is None:
        raise BetterWorkError("this report is not there any more: ask for it again")
    if row.document_id:
        return row
    told = progress or (lambda done, of, words: None)
    told(0, 4, gettext_noop("Evidence opened"))
    snapshot = row.snapshot or _snapshot_seal(row, actor=actor, at=at)
    with store_open(snapshot) as store:
        told(1, 4, gettext_noop("Tables counted"))
        country = country_of_code(row.country)
        data = report_data(store=store, country=country, start=row.starts, end=row.ends)
    told(2, 4, gettext_noop("Page, PDF and workbook set"))
    safe = with_derived(report_safe(data))
    files = report_files(report=safe)
    told(3, 4, gettext_noop("Files kept and sealed"))
    kept = _kept(row, snapshot, files, report_about(report=safe), actor=actor, at=at)
    told(4, 4, "")
    return kept


def report_copy(*, report: Report, target: Path) -> None:
    """Write the files of a kept report into a folder with their manifest, whole or not at all.

    Raises :class:`BetterWorkError` for a report that was not made yet, and for a folder that holds anything else.
    """
    from betterwork.modules.reports.output.folder import folder_write

    if report.document is None:
        raise BetterWorkError("this report has not been made yet")
    content = document_sections(report.document.body)["programme"]
    about = {name: said for name, said in content.items() if name not in ("schema", "files")}
    files = {one.path: b"".join(file_bytes(one.file)) for one in report.files.select_related("file").order_by("path")}
    folder_write(target, files, about)


def _snapshot_seal(report: Report, *, actor: str, at: datetime) -> str:
    """Seal the newest evidence for a report that named no snapshot, under a name that says which; return the name."""
    from betterwork.modules.evidence.services import snapshot_seal, store_current

    build = store_current()
    name = f"{report.country}-{report.starts:%Y%m%d}-{report.ends:%Y%m%d}-{build.set_digest[:12]}"
    snapshot_seal(name=name, build=build, at=at, actor=actor)
    return name


def _kept(
    report: Report, snapshot: str, files: dict[str, bytes], about: dict[str, Any], *, actor: str, at: datetime
) -> Report:
    stored = {}
    for path, data in files.items():
        stored[path] = made_store(content=data, media_type=MEDIA_TYPES[path.rpartition(".")[2]], at=at)
    content = {"schema": SCHEMA, **about, "files": {path: one.digest for path, one in stored.items()}}
    with transaction.atomic():
        row = Report.objects.select_for_update().get(pk=report.pk)
        if row.document_id:
            return row
        row.document, row.snapshot, row.made_at = _sealed(row, snapshot, content, actor=actor, at=at), snapshot, at
        row.save(update_fields=["document", "snapshot", "made_at"])
        ReportFile.objects.bulk_create(
            ReportFile(
                key=f"{row.pk}/{path}", report=row, path=path, file=one, media_type=one.media_type, size=one.size
            )
            for path, one in stored.items()
        )
        entry_append(kind=AUDIT, action=KEPT, actor=actor, subject=str(row), content=report_state(row), at=at)
    return row


def _sealed(report: Report, snapshot: str, content: dict[str, Any], *, actor: str, at: datetime) -> SealedDocument:
    """The document of this report: the same again where nothing differs, else one that supersedes and says why."""
    key = f"{report.country}/{report.starts}/{report.ends}/{snapshot}"
    sections = dict.fromkeys(SECTIONS, content)
    held = SealedDocument.objects.filter(kind=KIND, key=key, superseded_by__isnull=True).first()
    prepared = document_prepare(kind=KIND, key=key, sections=sections)
    if held is not None and held.content_digest == prepared.content_digest:
        return held
    if held is not None:
        reason = f"made again by version {content['code_version']} of the platform or under another rule of the country"
        prepared = document_prepare(kind=KIND, key=key, sections=sections, supersedes=held, reason=reason)
    return documents_seal(prepared=[prepared], at=at, actor=actor)[0]
