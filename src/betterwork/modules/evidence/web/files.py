"""Downloads: the table as CSV and workbook, the chart as SVG."""

from __future__ import annotations

import io
from datetime import datetime

from django.http import HttpResponse

from betterwork.core.evidence.tables import Table
from betterwork.modules.evidence.csv_form import csv_text

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMS = ("csv", "xlsx", "svg")


def csv_answer(table: Table, name: str) -> HttpResponse:
    """The bytes that the command gives for the same table."""
    return _answer(csv_text(table).encode("utf-8"), "text/csv; charset=utf-8", f"{name}.csv")


def svg_answer(drawing: bytes, name: str) -> HttpResponse:
    """A chart to be saved."""
    return _answer(drawing, "image/svg+xml", f"{name}.svg")


def xlsx_answer(table: Table, name: str, *, said: tuple[str, ...] = ()) -> HttpResponse:
    """The table in a workbook, its definition and snapshot in a second sheet. No text is ever a formula."""
    import xlsxwriter

    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(out, options)
    book.set_properties({"title": table.name, "created": _taken(table)})
    bold, per_cent = book.add_format({"bold": True}), book.add_format({"num_format": "0%"})
    sheet = book.add_worksheet("Table")
    sheet.write_row(0, 0, table.columns, bold)
    for number, row in enumerate(table.rows, 1):
        for place, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_string(number, place, "true" if value else "false")
            elif isinstance(value, int | float):
                share = table.columns[place] in _SHARES
                sheet.write_number(number, place, value, per_cent if share else None)
            else:
                sheet.write_string(number, place, "" if value is None else str(value))
    sheet.freeze_panes(1, 0)
    sheet.autofit()
    about = book.add_worksheet("About")
    stamp = table.snapshot
    lines = [
        *said,
        table.definition,
        *table.notes,
        f"Snapshot: {stamp.name}, {stamp.documents} documents, latest sealed {stamp.taken_at}",
        f"Digest: {stamp.digest}",
        f"Code version: {stamp.code_version}",
    ]
    for number, line in enumerate(lines):
        about.write_string(number, 0, line)
    about.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
    book.close()
    return _answer(out.getvalue(), XLSX, f"{name}.xlsx")


_SHARES = {"rate", "rate_low", "rate_high", "mean_point_rate", "before_rate", "now_rate", "improvement"}


def _taken(table: Table) -> datetime:
    try:
        return datetime.fromisoformat(table.snapshot.taken_at).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return datetime(1980, 1, 1)


def _answer(data: bytes, media_type: str, name: str) -> HttpResponse:
    answer = HttpResponse(data, content_type=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer
