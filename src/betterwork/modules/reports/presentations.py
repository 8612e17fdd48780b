"""Reports as staff and as those who received them may see them."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from betterwork.foundation.audiences.names import PROGRAMME, PUBLIC
from betterwork.foundation.audiences.presentations import Derived, Presentation
from betterwork.modules.countries.queries import country_title
from betterwork.modules.reports.models import Report, ReportFile

FILE_WORDS = {
    "index.html": _("The report as a page"),
    "report.pdf": _("The report as a PDF"),
    "tables.xlsx": _("All tables in a workbook"),
}


def _country(report: Any) -> str:
    try:
        return country_title(report.country)
    except KeyError:
        return str(report.country)


_FIELDS = ("id", "country", "starts", "ends", "snapshot", "made_at", "document__digest")
_DERIVED = {"country_name": Derived(("country",), _country)}
REPORT_FOR_STAFF = Presentation(
    "reports.report",
    model=Report,
    audience=PROGRAMME,
    fields=(*_FIELDS, "asked_by", "asked_at"),
    derived={**_DERIVED, "made": Derived(("made_at",), lambda one: one.made_at is not None)},
)
REPORT_FOR_RECIPIENTS = Presentation(
    "reports.received", model=Report, audience=PUBLIC, fields=_FIELDS, derived=_DERIVED
)
"""For whoever received a release: declared for the public, since it may go to any audience."""
_FILE: dict[str, Any] = {
    "fields": ("key", "path", "size"),
    "derived": {
        "words": Derived(("path",), lambda one: FILE_WORDS.get(one.path, one.path)),
        "first": Derived(("path",), lambda one: one.path in FILE_WORDS),
    },
}
FILE_FOR_STAFF = Presentation("reports.file", model=ReportFile, audience=PROGRAMME, **_FILE)
FILE_FOR_RECIPIENTS = Presentation("reports.file received", model=ReportFile, audience=PUBLIC, **_FILE)
